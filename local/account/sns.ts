/**
 * SNS: the topic that the settings name for alarms. It belongs to the account, so here it is as SNS creates one, with
 * one confirmed subscription.
 * https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
 */
import { AwsError } from '../aws/aws-error.ts';
import { NamedMap } from './account-answer.ts';
import { type Operations, ofType } from './account-state.ts';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html: the policy of a new topic. */
function defaultPolicy(topicArn: string): object {
  const account = topicArn.split(':')[4];
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  };
}

export const sns: Operations = {
  GetTopicAttributes: {
    right: ({ TopicArn }) => ({ action: 'sns:GetTopicAttributes', resource: String(TopicArn) }),
    answer: ({ TopicArn }, state) => {
      const topicArn = String(TopicArn);
      const isNamed = ofType(state, 'AWS::CloudWatch::Alarm').some(({ properties }) =>
        [properties['AlarmActions']].flat().includes(topicArn),
      );
      if (!isNamed) throw new AwsError('NotFound', 'Topic does not exist', 404);
      return {
        Attributes: new NamedMap({
          TopicArn: topicArn,
          Owner: topicArn.split(':')[4],
          Policy: JSON.stringify(defaultPolicy(topicArn)),
          SubscriptionsConfirmed: '1',
          SubscriptionsPending: '0',
          SubscriptionsDeleted: '0',
        }),
      };
    },
  },
};
