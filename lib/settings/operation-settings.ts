/** How the stack is watched, what it keeps, and how much of the account's capacity it reserves. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { wholeNumber } from '../../functions/limits/whole-number.ts';

/** What CloudWatch Logs accepts; its "never expire" is not among them. */
const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** Executions of a function at the same moment. */
const executions = wholeNumber(1, 10_000);

export const operationEntries = {
  /**
   * The ARN of a standard SNS topic, in the stack's region, that is told when an alarm goes off. Unset, the alarms turn red
   * in CloudWatch and tell nobody.
   */
  alarmTopicArn: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
        'expected the ARN of an SNS topic, such as "arn:aws:sns:ap-south-1:123456789012:on-call"; CloudWatch does not tell a FIFO topic',
      ),
    ),
  ),
  /**
   * The log group that a CloudTrail trail of this account and region writes to. Then an alarm says when anybody but the
   * functions reads or changes a secret, its policy, or the controls, or tries to.
   */
  cloudTrailLogGroupName: v.optional(
    v.pipe(v.string(), v.regex(/^[\w./#-]{1,512}$/, 'expected the name of a log group, not its ARN')),
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
   * `platform.report` of each invocation, which alone tell how long cold starts take and how much memory is used. Set it
   * while somebody measures: three lines more an invocation cost more than they tell.
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
   * `verifyOtp` and `wellKnown`, or a single number that each of them gets. A provider that hangs holds each request for
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
          }),
          v.readonly(),
        ),
      ],
      'expected a whole number from 1 to 10000, or one for each of requestOtp, verifyOtp and wellKnown',
    ),
  ),
  /**
   * What happens to the table and the logs with the stack, a `RemovalPolicy`. Limits and evidence outlive a mistaken
   * deletion. The secrets are always kept, but for those that a first deployment made and rolled back.
   */
  removalPolicy: v.optional(
    v.picklist(
      [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY],
      'expected RemovalPolicy.RETAIN or RemovalPolicy.DESTROY',
    ),
    RemovalPolicy.RETAIN,
  ),
};
