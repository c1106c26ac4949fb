/** What cfn-lint and checkov object to and what stays: each with the resources that have it, and the reason. */

export interface TemplateDecision {
  readonly rule: string;
  /** Logical ids, without the hash that CDK appends to some. A resource that is not among them is a finding. */
  readonly resources: readonly string[];
  readonly reason: string;
}

const secrets = ['Identity', 'Code', 'Sms', 'Signing', 'Controls', 'Session'].map((name) => `${name}Secret`);
const named = (names: readonly string[], kind: string): readonly string[] =>
  names.map((name) => `${name}${kind}`);
const routes = ['RequestOtp', 'VerifyOtp', 'WellKnown', 'Session'];
const rotations = ['RotateSigningKey', 'RotateProviderKey', 'RotateCodeSecret', 'RotateSessionSecret'];
const all = [...routes, ...rotations, 'Support'];
const functions = named(all, 'Function');
const schedules = ['SigningKey', 'ProviderKey', 'CodeSecret', 'SessionSecret'].map(
  (name) => `${name}RotationSchedule`,
);

const noOwnKey = 'AWS’s own key encrypts it (decision 007, no customer-managed key)';

export const decisions: readonly TemplateDecision[] = [
  {
    rule: 'W3005',
    resources: functions,
    reason: 'CDK’s construct writes out that a function comes after its role. The line changes nothing',
  },
  {
    rule: 'W3005',
    resources: schedules,
    reason:
      'The schedule waits for the whole construct of its function. So it will also wait for a policy that somebody moves out of the role, which no reference names',
  },
  { rule: 'CKV_AWS_119', resources: ['Table'], reason: noOwnKey },
  {
    rule: 'CKV_AWS_28',
    resources: ['Table'],
    reason:
      'A restore would bring back used codes, ended sessions and expired limits (lib/doorcode-table.ts has the whole reason)',
  },
  { rule: 'CKV_AWS_149', resources: secrets, reason: noOwnKey },
  { rule: 'CKV_AWS_158', resources: [...named(all, 'Log'), 'PublicAccessLog'], reason: noOwnKey },
  {
    rule: 'CKV_AWS_173',
    resources: functions,
    reason: 'No environment variable holds a secret, and AWS’s own key encrypts them all',
  },
  {
    rule: 'CKV_AWS_116',
    resources: functions,
    reason:
      'Nobody invokes it asynchronously. API Gateway and the operator wait for the answer, and Secrets Manager repeats a failed rotation',
  },
  {
    rule: 'CKV_AWS_117',
    resources: functions,
    reason: 'It talks to public endpoints of AWS and of the provider, and to nothing inside a VPC',
  },
  {
    rule: 'CKV_AWS_115',
    resources: named(routes, 'Function'),
    reason: 'A new account’s quota refuses any reservation. The setting reservedConcurrency makes one',
  },
  {
    rule: 'CKV_AWS_115',
    resources: named([...rotations, 'Support'], 'Function'),
    reason: 'Secrets Manager or an operator invokes it, one at a time, so there is nothing to bound',
  },
];
