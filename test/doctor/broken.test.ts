/**
 * Deployments broken one thing at a time, most of them in what AWS answers about them. The doctor finds each, in the check
 * where a person looks for it, says what to do, and says nothing else is wrong.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Told } from '../../doctor/finding.ts';
import { AwsError } from '../../local/aws/aws-error.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { runDoctor } from '../support/run-doctor.ts';

const topicArn = 'arn:aws:sns:ap-south-1:000000000000:on-call';
let stack: LocalStack;
const rows: { readonly broken: string; readonly found: string; readonly mend: string }[] = [];

beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: { alarmTopicArn: topicArn, cloudTrailLogGroupName: 'trail/all' },
  });
});
afterEach(async () => {
  stack.alterAnswers();
  stack.faults.clear();
});
afterAll(async () => {
  printTable('Deployments broken one thing at a time, as the doctor tells them', rows);
  await stack.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of AWS, changed as a test needs it.
type Anything = any;

interface Broken {
  readonly what: string;
  /** The operation whose answer changes. */
  readonly in: string;
  /** Which calls of it: part of the input, as JSON. */
  readonly of?: string;
  /** The answer in its place. */
  readonly answer: (answer: Anything) => unknown;
  readonly check: string;
  readonly found: RegExp;
  readonly mend: RegExp;
}

const daysAgo = (days: number): number => Date.now() / 1000 - days * 86_400;
const first = (text: string, change: (statement: Anything) => Anything): string => {
  const document = JSON.parse(text);
  document.Statement[0] = change(document.Statement[0]);
  return JSON.stringify(document);
};

const broken: readonly Broken[] = [
  {
    what: 'the last deployment was rolled back',
    in: 'DescribeStacks',
    answer: ({ Stacks: [stack] }) => ({ Stacks: [{ ...stack, StackStatus: 'UPDATE_ROLLBACK_COMPLETE' }] }),
    check: 'stack',
    found: /UPDATE_ROLLBACK_COMPLETE/,
    mend: /describe-stack-events/,
  },
  {
    what: 'a resource was not made',
    in: 'ListStackResources',
    answer: (answer) => ({
      ...answer,
      StackResourceSummaries: answer.StackResourceSummaries.filter(
        ({ LogicalResourceId }: Anything) => !LogicalResourceId.startsWith('DashboardPage'),
      ),
    }),
    check: 'stack',
    found: /DashboardPage\w+ is missing/,
    mend: /Deploy again/,
  },
  {
    what: 'somebody cancelled the rotation of the signing keys',
    in: 'DescribeSecret',
    of: 'SigningSecret',
    answer: ({ RotationRules: _, RotationLambdaARN: __, ...answer }) => ({
      ...answer,
      RotationEnabled: false,
    }),
    check: 'secrets',
    found: /SigningSecret is not rotated/,
    mend: /rotate-secret --secret-id \S+SigningSecret\S+ --rotation-lambda-arn \S+RotateSigningKey\S+ --rotation-rules AutomaticallyAfterDays=90/,
  },
  {
    what: 'the code secret rotates once a year',
    in: 'DescribeSecret',
    of: 'CodeSecret',
    answer: (answer) => ({ ...answer, RotationRules: { AutomaticallyAfterDays: 365 } }),
    check: 'secrets',
    found: /CodeSecret rotates every 365 days, not every 30/,
    mend: /AutomaticallyAfterDays=30/,
  },
  {
    what: 'the code secret has not rotated for 60 days',
    in: 'DescribeSecret',
    of: 'CodeSecret',
    answer: (answer) => ({
      ...answer,
      LastRotatedDate: daysAgo(60.5),
      NextRotationDate: daysAgo(30.5),
      CreatedDate: daysAgo(90),
    }),
    check: 'secrets',
    found: /CodeSecret was last rotated 60 days ago; it should rotate every 30/,
    mend: /log of its rotation function/,
  },
  {
    what: 'the identity secret rotates',
    in: 'DescribeSecret',
    of: 'IdentitySecret',
    answer: (answer) => ({ ...answer, RotationEnabled: true }),
    check: 'secrets',
    found: /IdentitySecret rotates, and it must not/,
    mend: /cancel-rotate-secret/,
  },
  {
    what: 'somebody gave the identity secret another value',
    in: 'ListSecretVersionIds',
    of: 'IdentitySecret',
    answer: ({ Versions: [version], ...answer }) => ({
      ...answer,
      Versions: [
        { ...version, VersionStages: ['AWSPREVIOUS'] },
        { ...version, VersionId: 'another', CreatedDate: Date.now() / 1000 },
      ],
    }),
    check: 'secrets',
    found: /IdentitySecret has changed after the last deployment/,
    mend: /Move AWSCURRENT back to the version before, at once/,
  },
  {
    what: 'the identity secret is scheduled for deletion',
    in: 'DescribeSecret',
    of: 'IdentitySecret',
    answer: (answer) => ({ ...answer, DeletedDate: daysAgo(1) }),
    check: 'secrets',
    found: /IdentitySecret is scheduled for deletion/,
    mend: /restore-secret/,
  },
  {
    what: 'a rotation of the provider key got stuck',
    in: 'DescribeSecret',
    of: 'SmsSecret',
    answer: (answer) => ({
      ...answer,
      LastChangedDate: daysAgo(1),
      VersionIdsToStages: { ...answer.VersionIdsToStages, stuck: ['AWSPENDING'] },
    }),
    check: 'secrets',
    found: /rotation of SmsSecret did not finish/,
    mend: /When promote fails/,
  },
  {
    what: 'AWSCURRENT is on no version of the controls',
    in: 'DescribeSecret',
    of: 'ControlsSecret',
    answer: (answer) => ({ ...answer, VersionIdsToStages: { one: ['AWSPREVIOUS'] } }),
    check: 'secrets',
    found: /ControlsSecret has no version with the label AWSCURRENT/,
    mend: /Move AWSCURRENT back/,
  },
  {
    what: 'the guard of the identity secret lets one more role read',
    in: 'GetResourcePolicy',
    of: 'IdentitySecret',
    answer: (answer) => ({
      ...answer,
      ResourcePolicy: first(answer.ResourcePolicy, (statement) => {
        const { 'aws:PrincipalArn': roles } = statement.Condition.ArnNotEquals;
        const more = [...roles, 'arn:aws:iam::000000000000:role/somebody'];
        return { ...statement, Condition: { ArnNotEquals: { 'aws:PrincipalArn': more } } };
      }),
    }),
    check: 'secret policies',
    found: /policy of IdentitySecret is not the template’s/,
    mend: /PutResourcePolicy/,
  },
  {
    what: 'the guard of the code secret was taken off',
    in: 'GetResourcePolicy',
    of: 'CodeSecret',
    answer: ({ ResourcePolicy: _, ...answer }) => answer,
    check: 'secret policies',
    found: /policy of CodeSecret is missing/,
    mend: /runbook for a leak/,
  },
  {
    what: 'whoever runs this may read the signing secret',
    in: 'GetSecretValue',
    of: 'SigningSecret',
    answer: (answer) =>
      answer instanceof AwsError
        ? new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret value")
        : answer,
    check: 'secret reads',
    found: /may read SigningSecret: its resource policy does not stop you/,
    mend: /treat the secret as leaked/,
  },
  {
    what: 'somebody halved the memory of a function',
    in: 'GetFunctionConfiguration',
    of: 'VerifyOtp',
    answer: (answer) => ({ ...answer, MemorySize: 256 }),
    check: 'functions',
    found: /VerifyOtpFunction\w+ differs from the template in MemorySize/,
    mend: /CloudTrail/,
  },
  {
    what: 'somebody changed the settings of a function',
    in: 'GetFunctionConfiguration',
    of: 'RequestOtp',
    answer: ({ Environment: { Variables }, ...answer }) => ({
      ...answer,
      Environment: { Variables: { ...Variables, SETTINGS: '{}', DEBUG: '1' } },
    }),
    check: 'functions',
    found: /variables of RequestOtpFunction\w+ differ from the template: SETTINGS, DEBUG/,
    mend: /CloudTrail/,
  },
  {
    what: 'Lambda could not start a function',
    in: 'GetFunctionConfiguration',
    of: 'WellKnown',
    answer: (answer) => ({ ...answer, State: 'Failed', StateReason: 'The image is gone.' }),
    check: 'functions',
    found: /WellKnownFunction\w+ is Failed\. The image is gone\./,
    mend: /deploy again/,
  },
  {
    what: 'a function is not there',
    in: 'GetFunctionConfiguration',
    of: 'RotateCodeSecret',
    answer: () => new AwsError('ResourceNotFoundException', 'Function not found', 404),
    check: 'functions',
    found: /RotateCodeSecretFunction\w+ does not exist/,
    mend: /Deploy again/,
  },
  {
    what: 'a role was made an administrator',
    in: 'ListAttachedRolePolicies',
    of: 'WellKnownRole',
    answer: () => ({
      AttachedPolicies: [
        { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      ],
      IsTruncated: false,
    }),
    check: 'function roles',
    found: /WellKnownRole\w+ has policies that the template does not have: AdministratorAccess/,
    mend: /detach-role-policy/,
  },
  {
    what: 'a role may touch every item',
    in: 'GetRolePolicy',
    of: 'VerifyOtpRole',
    answer: (answer) => {
      const document = JSON.parse(decodeURIComponent(answer.PolicyDocument));
      for (const statement of document.Statement) delete statement.Condition;
      return { ...answer, PolicyDocument: encodeURIComponent(JSON.stringify(document)) };
    },
    check: 'function roles',
    found: /policy Needs of the role VerifyOtpRole\w+ is not the template’s/,
    mend: /CloudTrail/,
  },
  {
    what: 'the API may not invoke a function any more',
    in: 'GetPolicy',
    of: 'VerifyOtp',
    answer: () =>
      new AwsError('ResourceNotFoundException', 'The resource you requested could not be found.', 404),
    check: 'invokers',
    found: /apigateway\.amazonaws\.com may not invoke VerifyOtpFunction/,
    mend: /aws lambda add-permission/,
  },
  {
    what: 'everybody may invoke a rotation function',
    in: 'GetPolicy',
    of: 'RotateSigningKey',
    answer: ({ Policy }) => {
      const document = JSON.parse(Policy);
      document.Statement.push({ ...document.Statement[0], Principal: '*', Condition: undefined });
      return { Policy: JSON.stringify(document) };
    },
    check: 'invokers',
    found: /\* may invoke RotateSigningKeyFunction\w+, unlike in the template/,
    mend: /remove-permission/,
  },
  {
    what: 'a new account, with 10 executions',
    in: 'GetAccountSettings',
    answer: () => ({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } }),
    check: 'concurrency',
    found:
      /can need \d+ executions at once, and 10 are unreserved: RequestOtpFunction\w+ alone needs 300 × 4\.1 s = 1230/,
    mend: /requestRatePerSecond: 2, and ask AWS/,
  },
  {
    what: 'an account with 1,000 executions and none reserved',
    in: 'GetAccountSettings',
    answer: () => ({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 } }),
    check: 'concurrency',
    found: /1000 are unreserved/,
    mend: /reservedConcurrency: \{ requestOtp: \d{3} \}/,
  },
  {
    what: 'somebody reserved 1 execution for a function',
    in: 'GetFunctionConcurrency',
    of: 'VerifyOtp',
    answer: () => ({ ReservedConcurrentExecutions: 1 }),
    check: 'concurrency',
    found: /VerifyOtpFunction\w+ has 1 reserved executions, and in the template none/,
    mend: /delete-function-concurrency/,
  },
  {
    what: 'the table is no longer protected',
    in: 'DescribeTable',
    answer: ({ Table }) => ({ Table: { ...Table, DeletionProtectionEnabled: false } }),
    check: 'table',
    found: /Deletion protection is off/,
    mend: /update-table --table-name Table --deletion-protection-enabled/,
  },
  {
    what: 'the table has a fixed throughput',
    in: 'DescribeTable',
    answer: ({ Table: { BillingModeSummary: _, ...Table } }) => ({ Table }),
    check: 'table',
    found: /billing mode is PROVISIONED/,
    mend: /--billing-mode PAY_PER_REQUEST/,
  },
  {
    what: 'TTL cleanup is off',
    in: 'DescribeTimeToLive',
    answer: () => ({ TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } }),
    check: 'table',
    found: /TTL is DISABLED/,
    mend: /update-time-to-live --table-name Table .*AttributeName=ttl/,
  },
  {
    what: 'somebody switched backups on',
    in: 'DescribeContinuousBackups',
    answer: () => ({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
      },
    }),
    check: 'table',
    found: /Point-in-time recovery is ENABLED/,
    mend: /Change it back/,
  },
  {
    what: 'the throttle of a route was lifted',
    in: 'GetStage',
    answer: ({ RouteSettings, ...answer }) => {
      RouteSettings.members['POST /auth/request-otp'] = {
        ThrottlingRateLimit: 10_000,
        ThrottlingBurstLimit: 10_000,
      };
      return { ...answer, RouteSettings };
    },
    check: 'API stage',
    found: /throttles differ from the template: RouteSettings\.POST \/auth\/request-otp/,
    mend: /CloudTrail/,
  },
  {
    what: 'the access log is off',
    in: 'GetStage',
    answer: ({ AccessLogSettings: _, ...answer }) => answer,
    check: 'API stage',
    found: /access log is off/,
    mend: /CloudTrail/,
  },
  {
    what: 'somebody added a route',
    in: 'GetRoutes',
    answer: ({ Items }) => ({ Items: [...Items, { ...Items[0], RouteKey: 'ANY /debug' }] }),
    check: 'API stage',
    found: /route ANY \/debug that the template does not have/,
    mend: /delete it/,
  },
  {
    what: 'every web page may call the API',
    in: 'GetApi',
    answer: (answer) => ({ ...answer, CorsConfiguration: { AllowOrigins: ['*'] } }),
    check: 'API stage',
    found: /CORS differs from the template/,
    mend: /CloudTrail/,
  },
  {
    what: 'an alarm was deleted',
    in: 'DescribeAlarms',
    answer: ({ MetricAlarms }) => ({
      MetricAlarms: MetricAlarms.filter(({ AlarmName }: Anything) => !AlarmName.startsWith('AlarmsFault')),
    }),
    check: 'alarms',
    found: /alarm AlarmsFault\w+ does not exist/,
    mend: /Deploy again/,
  },
  {
    what: 'the threshold of an alarm was raised',
    in: 'DescribeAlarms',
    answer: changedAlarm('AlarmsUnavailable', { Threshold: 5000 }),
    check: 'alarms',
    found: /alarm AlarmsUnavailable\w+ differs from the template in Threshold/,
    mend: /CloudTrail/,
  },
  {
    what: 'the actions of an alarm are switched off',
    in: 'DescribeAlarms',
    answer: changedAlarm('AlarmsCostOfTheDay', { ActionsEnabled: false }),
    check: 'alarms',
    found: /actions of the alarm AlarmsCostOfTheDay\w+ are switched off/,
    mend: /enable-alarm-actions/,
  },
  {
    what: 'an alarm is red',
    in: 'DescribeAlarms',
    answer: changedAlarm('AlarmsProviderBalance', { StateValue: 'ALARM' }),
    check: 'alarms',
    found: /alarm AlarmsProviderBalance\w+ is red/,
    mend: /wallet/,
  },
  {
    what: 'nobody confirmed the mail of the topic',
    in: 'GetTopicAttributes',
    answer: changedTopic({ SubscriptionsConfirmed: '0', SubscriptionsPending: '1' }),
    check: 'topic',
    found: /no confirmed subscription, and 1 pending/,
    mend: /Confirm it/,
  },
  {
    what: 'the topic lets CloudWatch not publish',
    in: 'GetTopicAttributes',
    answer: changedTopic({
      Policy: JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topicArn,
          },
        ],
      }),
    }),
    check: 'topic',
    found: /policy does not let CloudWatch publish/,
    mend: /cloudwatch\.amazonaws\.com/,
  },
  {
    what: 'the topic is encrypted with AWS’s own key',
    in: 'GetTopicAttributes',
    answer: changedTopic({ KmsMasterKeyId: 'alias/aws/sns' }),
    check: 'topic',
    found: /encrypted with AWS’s own key/,
    mend: /a key of your own/,
  },
  {
    what: 'the topic does not exist',
    in: 'GetTopicAttributes',
    answer: () => new AwsError('NotFound', 'Topic does not exist', 404),
    check: 'topic',
    found: /topic \S+on-call does not exist/,
    mend: /alarmTopicArn/,
  },
  {
    what: 'no trail writes to the log group',
    in: 'DescribeLogStreams',
    answer: () => ({ logStreams: [] }),
    check: 'trail',
    found: /No trail has written to the log group trail\/all yet/,
    mend: /management events/,
  },
  {
    what: 'a filter of the trail finds nothing',
    in: 'DescribeMetricFilters',
    answer: ({ metricFilters }) => ({
      metricFilters: metricFilters.map((filter: Anything) => ({
        ...filter,
        filterPattern: filter.filterPattern.replace('"GetSecretValue"', '"GetSecretValues"'),
      })),
    }),
    check: 'trail',
    found: /No filter finds a read by a role of IdentitySecret/,
    mend: /Deploy again/,
  },
  {
    what: 'a log group keeps its lines for ever',
    in: 'DescribeLogGroups',
    of: 'RequestOtpLog',
    answer: ({ logGroups: [{ retentionInDays: _, ...group }] }) => ({ logGroups: [group] }),
    check: 'logs',
    found: /RequestOtpLog\w+ keeps its lines for ever, not for \d+/,
    mend: /put-retention-policy/,
  },
  {
    what: 'a function may not write its log',
    in: 'FilterLogEvents',
    of: 'VerifyOtpLog',
    answer: () => ({ events: [] }),
    check: 'logs',
    found: /function's log has no line of POST \/auth\/verify-otp/,
    mend: /logs:PutLogEvents/,
  },
];

function changedAlarm(name: string, change: object): Broken['answer'] {
  return ({ MetricAlarms }) => ({
    MetricAlarms: MetricAlarms.map((alarm: Anything) =>
      alarm.AlarmName.startsWith(name) ? { ...alarm, ...change } : alarm,
    ),
  });
}

function changedTopic(change: object): Broken['answer'] {
  return ({ Attributes }) => {
    Object.assign(Attributes.members, change);
    return { Attributes };
  };
}

function expectFound(
  findings: readonly Told[],
  { what, check, found, mend }: Pick<Broken, 'what' | 'check' | 'found' | 'mend'>,
): void {
  const bad = findings.filter(({ tag }) => tag !== 'ok');
  expect([...new Set(bad.map((finding) => finding.check))]).toEqual([check]);
  const told = bad.flatMap((finding) => (finding.tag === 'wrong' ? [finding] : []));
  const [worst] = told.filter((finding) => found.test(finding.text));
  expect(worst?.text ?? told.map(({ text }) => text).join('\n')).toMatch(found);
  expect(worst?.mend).toMatch(mend);
  rows.push({ broken: what, found: `${check}: ${worst?.text}`, mend: worst?.mend ?? '' });
}

describe('a broken deployment', () => {
  it('is played in more than twenty ways', () => {
    expect(new Set(broken.map(({ what }) => what)).size).toBe(broken.length);
    expect(broken.length).toBeGreaterThan(20);
  });

  it.each(broken)('$what', async (one) => {
    let changed = 0;
    stack.alterAnswers(({ action, input }, answer) => {
      if (action !== one.in || !JSON.stringify(input).includes(one.of ?? '')) return answer;
      changed += 1;
      return one.answer(answer);
    });
    const { findings } = await runDoctor(stack);
    expect(changed).toBeGreaterThan(0);
    expectFound(findings, one);
  });

  it('with too few executions is right after the mend', async () => {
    const withQuota = (unreserved: number) =>
      stack.alterAnswers(({ action }, answer) =>
        action === 'GetAccountSettings'
          ? { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: unreserved } }
          : answer,
      );
    withQuota(1000);
    const { findings } = await runDoctor(stack, { agrees: false });
    const told = findings.find(({ check }) => check === 'concurrency');
    const requestOtp = Number(/requestOtp: (\d+)/.exec(told?.tag === 'wrong' ? told.mend : '')?.[1]);
    expect(requestOtp).toBeGreaterThan(100);
    await stack.update({ settings: { reservedConcurrency: { requestOtp } } });
    withQuota(1000 - requestOtp);
    const after = await runDoctor(stack, { agrees: false });
    expect(after.findings.filter(({ tag }) => tag === 'wrong')).toEqual([]);
    stack.alterAnswers();
    await stack.update();
  });

  it('cannot read a secret with which verify-otp signs', async () => {
    const secretArn =
      stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SigningSecret')?.arn ?? '';
    stack.faults.add({ service: 'secretsmanager', function: 'verify-otp', secretArn, mode: 'refuse' });
    await stack.pool('verify-otp').restart();
    const { findings } = await runDoctor(stack);
    stack.faults.clear();
    await stack.pool('verify-otp').restart();
    expectFound(findings, {
      what: 'verify-otp cannot read the signing secret',
      check: 'answers',
      found: /verify-otp with a forged requestId got 503/,
      mend: /log: dependency and reason/,
    });
  });

  it('publishes no keys', async () => {
    stack.faults.add({ service: 'dynamodb', function: 'well-known', mode: 'refuse' });
    await stack.pool('well-known').restart();
    const { findings } = await runDoctor(stack);
    stack.faults.clear();
    expectFound(findings, {
      what: 'well-known cannot read the public keys',
      check: 'issuer',
      found: /answers its well-known routes with 503/,
      mend: /rotate-signing/,
    });
  });

  it('has a provider key that was revoked', async () => {
    stack.provider.control({ revokeKey: 'first' });
    const { findings } = await runDoctor(stack);
    expectFound(findings, {
      what: 'the provider key was revoked',
      check: 'provider',
      found: /could not try the key: the provider refuses the key/,
      mend: /StoreSmsKey/,
    });
  });
});
