/** The topic that the alarms tell: CloudWatch may publish to it, and somebody has confirmed a subscription. */
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { topicsOf } from '../alarms.ts';
import type { Check } from '../check.ts';
import type { DeployedStack } from '../deployed-stack.ts';
import { policyStatements } from '../differences.ts';
import { each } from '../each.ts';
import { ok, type Problem, unless, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const right = (resource: string): Right => ({ action: 'sns:GetTopicAttributes', resource });

export const topicCheck: Check = {
  name: 'topic',
  rights: (stack) => topicsOf(stack).map(right),
  look: async ({ stack, clients: { sns }, read }) => {
    const topics = topicsOf(stack);
    if (topics.length === 0) return [ok('none: alarms only turn red. The setting alarmTopicArn names one')];
    const problems = await each(topics, async (TopicArn) => {
      const found = await read(right(TopicArn), (options) =>
        sns.send(new GetTopicAttributesCommand({ TopicArn }), options),
      );
      if (found?.Attributes === undefined)
        return [
          wrong(
            `The topic ${TopicArn} does not exist, so no alarm tells anybody.`,
            'Set alarmTopicArn to a topic of the stack’s region, and deploy.',
          ),
        ];
      return problemsOf(TopicArn, found.Attributes, stack);
    });
    return unless(problems, 'CloudWatch may publish to it, and a subscription is confirmed');
  },
};

function problemsOf(
  topicArn: string,
  {
    Policy = '{}',
    KmsMasterKeyId = '',
    SubscriptionsConfirmed = '0',
    SubscriptionsPending = '0',
  }: Record<string, string>,
  stack: DeployedStack,
): readonly Problem[] {
  return [
    ...(policyStatements(JSON.parse(Policy)).some((statement) => admitsCloudWatch(statement, stack))
      ? []
      : [
          wrong(
            'The topic’s policy does not let CloudWatch publish, so no alarm tells anybody.',
            `Add to it: {"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"${topicArn}","Condition":{"StringEquals":{"aws:SourceAccount":"${stack.account}"}}}`,
          ),
        ]),
    // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: the policy of AWS's own key admits no service.
    ...(KmsMasterKeyId.endsWith('alias/aws/sns')
      ? [
          wrong(
            'The topic is encrypted with AWS’s own key, with which CloudWatch cannot publish.',
            'Encrypt it with a key of your own whose policy admits cloudwatch.amazonaws.com, or not at all.',
          ),
        ]
      : []),
    ...(Number(SubscriptionsConfirmed) > 0
      ? []
      : [
          wrong(
            `Nobody is told: the topic has no confirmed subscription${Number(SubscriptionsPending) > 0 ? `, and ${SubscriptionsPending} pending` : ''}.`,
            Number(SubscriptionsPending) > 0
              ? 'Confirm it: open the link in the mail of "AWS Notification - Subscription Confirmation".'
              : `aws sns subscribe --topic-arn ${topicArn} --protocol email --notification-endpoint … and confirm the mail.`,
          ),
        ]),
  ];
}

/** The condition keys that CloudWatch's calls have; with another key a statement may not apply to them. */
const conditionKeys = ['aws:sourceowner', 'aws:sourceaccount', 'aws:sourcearn'];

function admitsCloudWatch(statement: unknown, { account, partition }: DeployedStack): boolean {
  const { Effect, Principal, Action, Condition } = Object(statement);
  const { AWS = [], Service = [] } = Object(Principal);
  const isMeant = AWS.includes('*') || Service.includes('cloudwatch.amazonaws.com');
  const publishes = Action.some((action: unknown) =>
    ['sns:publish', 'sns:*', '*'].includes(String(action).toLowerCase()),
  );
  const keys = Object.values(Object(Condition)).flatMap((members) => Object.entries(Object(members)));
  const holds = keys.every(
    ([key, values]) =>
      conditionKeys.includes(key.toLowerCase()) &&
      Array.isArray(values) &&
      values.some((value) => value === account || String(value).startsWith(`arn:${partition}:cloudwatch:`)),
  );
  return Effect === 'Allow' && isMeant && publishes && holds;
}
