/** Who may read and change the secrets, which secrets exist already, and how often they rotate. */
import * as v from 'valibot';
import { wholeNumber } from '../../functions/limits/whole-number.ts';
import { matchingOrGivenLater } from './given-later.ts';

/** The complete ARN of a secret, with the six characters that Secrets Manager appends to its name. */
const secretArn = v.optional(
  v.pipe(
    v.string(),
    v.regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
      'expected the whole ARN of a secret, such as "arn:aws:secretsmanager:ap-south-1:123456789012:secret:IdentitySecret-a1b2c3d4-AbCdEf"',
    ),
  ),
);

/** A role's ARN: a path of up to 512 characters and a name of up to 64, without wildcards, which a policy would apply. */
const roleArn = (example: string) =>
  v.pipe(
    matchingOrGivenLater(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
      `expected the ARN of an IAM role, such as "arn:aws:iam::123456789012:role/${example}"`,
    ),
    v.maxLength(620, 'expected at most 620 characters'),
  );

export const accessEntries = {
  /**
   * The ARN of a role for emergencies that the secrets' resource policies admit. Otherwise only the functions that need a
   * secret can read it, and not even an administrator can. Unset, somebody must first change the secret's policy.
   */
  breakGlassRoleArn: v.optional(roleArn('break-glass')),
  /**
   * The ARN of the role that runs `npm run controls`. Then nobody else reads or changes the controls, which can turn any
   * number into a test number: not even an administrator. It must be a role of the stack's own account. Unset, everybody
   * with the IAM permissions can run the command, and the CloudTrail alarm reports each use.
   */
  controlsRoleArn: v.optional(roleArn('doorcode-controls')),
  /**
   * The ARN of the role that CloudFormation uses (`cdk-…-cfn-exec-role-…` where `cdk bootstrap` made it). The policies then
   * admit the calls of its handler for secrets: UpdateSecret, GetSecretValue and DeleteSecret. Only adopters who must tag
   * the stack itself, or detect drift, need it. Whoever may deploy can then read and change every secret. Unset, no release
   * changes a secret resource, and the synth refuses tags of the stack.
   */
  deploymentRoleArn: v.optional(roleArn('cdk-hnb659fds-cfn-exec-role-123456789012-ap-south-1')),
  /**
   * The ARNs of secrets that an earlier stack left behind: `identity`, `code`, `sms`, `signing`, `controls`, `session`. With the
   * earlier identity secret, users keep their `sub`. Keep the ARNs here as long as the stack lives. The stack creates the
   * secrets that are not named.
   */
  existingSecrets: v.optional(
    v.pipe(
      v.strictObject({
        identity: secretArn,
        code: secretArn,
        sms: secretArn,
        signing: secretArn,
        controls: secretArn,
        session: secretArn,
      }),
      v.readonly(),
    ),
    {},
  ),
  /** Days between signing keys. It bounds how long a leaked key works. Whoever reads the JWKS gets new keys automatically. */
  signingKeyRotationDays: v.optional(wholeNumber(1, 365), 90),
  /** Days between code secrets. Codes live for minutes, and nothing waits for a rotation. */
  codeSecretRotationDays: v.optional(wholeNumber(1, 365), 30),
  /**
   * Days between session secrets, at least `sessions.idleDays` + 1, or a rotation would sign idle phones out. Without it,
   * the session secret and one old token of a session would give away its current one for as long as the session lives.
   */
  sessionSecretRotationDays: v.optional(wholeNumber(2, 365), 90),
};
