/**
 * The settings of a deployment that the functions never see: throttles, logs, domain, and what survives a deletion.
 * Like the flow's settings they are parsed before anything is built, refuse unknown members, and are never repaired.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { smsTextsSchema } from './sms-texts.ts';

/** What CloudWatch Logs accepts; its "never expire" is not among them. */
const retentionDays = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** The whole ARN of a secret, with the six characters that Secrets Manager puts behind its name. */
const secretArn = v.optional(
  v.pipe(
    v.string(),
    v.regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
      'expected the whole ARN of a secret, such as "arn:aws:secretsmanager:ap-south-1:123456789012:secret:IdentitySecret-a1b2c3d4-AbCdEf"',
    ),
  ),
);

const whole = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
};

/** An account's own quota is 10,000 requests per second and region. */
const ratePerSecond = whole(1, 10_000);

/** A role's ARN: a path of up to 512 characters and a name of up to 64, without the wildcards that a policy would obey. */
const roleArn = (example: string) =>
  v.pipe(
    v.string(),
    v.regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
      `expected the ARN of an IAM role, such as "arn:aws:iam::123456789012:role/${example}"`,
    ),
    v.maxLength(620, 'expected at most 620 characters'),
  );

/** Executions of a function at the same moment. */
const executions = whole(1, 10_000);

export const deploymentSettingsSchema = v.pipe(
  v.strictObject({
    customDomainName: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(253),
        v.regex(
          /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
          'expected a domain name in lower case, such as "auth.example.com": it becomes the issuer, byte for byte',
        ),
      ),
    ),
    certificateArn: v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
          'expected the ARN of an ACM certificate in the region of the stack',
        ),
      ),
    ),
    allowedOrigins: v.optional(
      v.pipe(
        v.array(
          v.pipe(
            v.string(),
            v.regex(
              /^(https:\/\/([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}|http:\/\/localhost)(:[1-9]\d{0,4})?$/,
              'expected an origin as browsers send it, such as "https://app.example.com" or "http://localhost:8081": no path, no "*"',
            ),
          ),
        ),
        v.maxLength(20, 'expected at most 20 origins'),
        v.readonly(),
      ),
      [],
    ),
    breakGlassRoleArn: v.optional(roleArn('break-glass')),
    controlsRoleArn: v.optional(roleArn('doorcode-controls')),
    deploymentRoleArn: v.optional(roleArn('cdk-hnb659fds-cfn-exec-role-123456789012-ap-south-1')),
    existingSecrets: v.optional(
      v.pipe(
        v.strictObject({
          identity: secretArn,
          code: secretArn,
          sms: secretArn,
          signing: secretArn,
          controls: secretArn,
        }),
        v.readonly(),
      ),
      {},
    ),
    cloudTrailLogGroupName: v.optional(
      v.pipe(v.string(), v.regex(/^[\w./#-]{1,512}$/, 'expected the name of a log group, not its ARN')),
    ),
    alarmTopicArn: v.optional(
      v.pipe(
        v.string(),
        v.regex(
          /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
          'expected the ARN of an SNS topic, such as "arn:aws:sns:ap-south-1:123456789012:on-call"; CloudWatch does not tell a FIFO topic',
        ),
      ),
    ),
    requestRatePerSecond: v.optional(ratePerSecond, 300),
    verifyRatePerSecond: v.optional(ratePerSecond, 1000),
    wellKnownRatePerSecond: v.optional(ratePerSecond, 300),
    logRetentionDays: v.optional(
      v.picklist(retentionDays, `expected one of CloudWatch's periods: ${retentionDays.join(', ')}`),
      RetentionDays.THIRTEEN_MONTHS,
    ),
    systemLogLevel: v.optional(
      v.picklist(
        [SystemLogLevel.WARN, SystemLogLevel.INFO],
        'expected SystemLogLevel.WARN or SystemLogLevel.INFO',
      ),
      SystemLogLevel.WARN,
    ),
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
    removalPolicy: v.optional(
      v.picklist(
        [RemovalPolicy.RETAIN, RemovalPolicy.DESTROY],
        'expected RemovalPolicy.RETAIN or RemovalPolicy.DESTROY',
      ),
      RemovalPolicy.RETAIN,
    ),
    smsTexts: v.optional(smsTextsSchema),
    signingKeyRotationDays: v.optional(whole(1, 365), 90),
    codeSecretRotationDays: v.optional(whole(1, 365), 30),
  }),
  v.forward(
    v.partialCheck(
      [['customDomainName'], ['certificateArn']],
      (s) => (s.customDomainName === undefined) === (s.certificateArn === undefined),
      'expected customDomainName and certificateArn together, or neither',
    ),
    ['certificateArn'],
  ),
  v.readonly(),
);

/** What an adopter writes. */
export type DeploymentSettingsInput = v.InferInput<typeof deploymentSettingsSchema>;

/** Secrets of a stack before this one, by what they are for; the others are made. */
export type ExistingSecrets = DeploymentSettings['existingSecrets'];

/** With every default filled in. */
export type DeploymentSettings = v.InferOutput<typeof deploymentSettingsSchema>;
