/** How the stack is monitored, what it keeps, and how much of the account's capacity it reserves. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { wholeNumber } from '../../functions/limits/whole-number.ts';
import { matchingOrGivenLater } from './given-later.ts';

/** What CloudWatch Logs accepts; its "never expire" is not among them. */
const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** Executions of a function at the same moment. */
const executions = wholeNumber(1, 10_000);

export const operationEntries = {
  /**
   * The ARN of a standard SNS topic, in the stack's region, that gets a message when an alarm goes off; `topic.topicArn` of
   * a topic in the same CDK app, too. Unset, the alarms only show in CloudWatch.
   */
  alarmTopicArn: v.optional(
    matchingOrGivenLater(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
      'expected the ARN of an SNS topic, such as "arn:aws:sns:ap-south-1:123456789012:on-call"; CloudWatch does not tell a FIFO topic',
    ),
  ),
  /**
   * The log group that a CloudTrail trail of this account and region writes to. Then an alarm says when anybody but the
   * functions reads or changes a secret, its policy, or the controls, or tries to.
   */
  cloudTrailLogGroupName: v.optional(
    matchingOrGivenLater(/^[\w./#-]{1,512}$/, 'expected the name of a log group, not its ARN'),
  ),
  /**
   * How long logs are kept: one of the periods that CloudWatch knows. The default is a year and a month, so that an
   * incident can be compared with the same season.
   */
  logRetentionDays: v.optional(
    v.picklist(retentionDays, `expected one of CloudWatch's periods: ${retentionDays.join(', ')}`),
    RetentionDays.THIRTEEN_MONTHS,
  ),
  /**
   * What Lambda itself writes to the functions' logs, a `SystemLogLevel`. `INFO` adds the lines `platform.initReport` and
   * `platform.report` for each invocation. Only they say how long cold starts take and how much memory is used. Set it only
   * while somebody measures, because three more lines for each invocation cost more than they are worth.
   */
  systemLogLevel: v.optional(
    v.picklist(
      [SystemLogLevel.WARN, SystemLogLevel.INFO],
      'expected SystemLogLevel.WARN or SystemLogLevel.INFO',
    ),
    SystemLogLevel.WARN,
  ),
  /**
   * Executions kept for a function of the API, which are also its ceiling: one number for each of `requestOtp`,
   * `verifyOtp`, `wellKnown` and `session`, or a single number that each of them gets. A provider that hangs holds each request for
   * its 4 s, which at the default rate is 1,230 executions of `requestOtp`, more than an account has: see
   * [deploy.md](deploy.md#concurrency) for what to set. Unset, because a new account's quota refuses any reservation.
   */
  reservedConcurrency: v.optional(
    v.union(
      [
        executions,
        v.pipe(
          v.strictObject({
            requestOtp: v.optional(executions),
            verifyOtp: v.optional(executions),
            wellKnown: v.optional(executions),
            session: v.optional(executions),
          }),
          v.readonly(),
        ),
      ],
      'expected a whole number from 1 to 10000, or one for each of requestOtp, verifyOtp, wellKnown and session',
    ),
  ),
  /**
   * What happens to the table and the logs when the stack is deleted, a `RemovalPolicy`. By default limits and evidence
   * survive a deletion by mistake. The secrets are always kept, except those of a first deployment that rolled back.
   */
  removalPolicy: v.optional(
    v.picklist(
      [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY],
      'expected RemovalPolicy.RETAIN or RemovalPolicy.DESTROY',
    ),
    RemovalPolicy.RETAIN,
  ),
};
