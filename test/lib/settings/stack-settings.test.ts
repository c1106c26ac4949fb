import { describe, expect, it } from 'vitest';
import type { DoorcodeStackProps } from '../../../lib/doorcode-stack-props.ts';
import { parseStackSettings } from '../../../lib/settings/stack-settings.ts';

const required = { appName: 'Doorcode', audience: 'doorcode-app' };
const certificateArn = 'arn:aws:acm:ap-south-1:123456789012:certificate/00000000-0000-4000-8000-000000000000';

/** Settings as somebody without a type checker would write them. */
function refusal(settings: Readonly<Record<string, unknown>>): string {
  const props: DoorcodeStackProps = { ...required, ...settings };
  try {
    parseStackSettings(props);
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('settings of a stack', () => {
  it('need only a name and an audience', () => {
    expect(parseStackSettings(required).deployment).toEqual({
      allowedOrigins: [],
      requestRatePerSecond: 300,
      verifyRatePerSecond: 1000,
      wellKnownRatePerSecond: 300,
      sessionRatePerSecond: 1000,
      logRetentionDays: 400,
      systemLogLevel: 'WARN',
      removalPolicy: 'retain',
      signingKeyRotationDays: 90,
      codeSecretRotationDays: 30,
      sessionSecretRotationDays: 90,
      existingSecrets: {},
    });
  });

  it('leave CDK’s own props alone', () => {
    const cdk = { env: { region: 'ap-south-1' }, stackName: 'Login', terminationProtection: true };
    expect(parseStackSettings({ ...required, ...cdk })).toEqual(parseStackSettings(required));
  });

  it('are refused with all mistakes at once, of the flow and of the deployment', () => {
    const message = refusal({
      appName: 'https://example.com',
      codeLifetimeSeconds: 90,
      sendsPerDay: 0,
      logRetentionDays: 123,
      requestRatePerSecond: -1,
      removalPolicy: 'snapshot',
    });
    for (const name of [
      'appName',
      'codeLifetimeSeconds',
      'sendsPerDay',
      'logRetentionDays',
      'requestRatePerSecond',
      'removalPolicy',
    ]) {
      expect(message).toMatch(new RegExp(`^  ${name}: expected .* \\(given: .*\\)$`, 'm'));
    }
  });

  it.each(['https://app.example.com', 'https://app.example.com:8443', 'http://localhost:8081'])(
    'take the origin %s',
    (origin) => {
      expect(parseStackSettings({ ...required, allowedOrigins: [origin] }).deployment.allowedOrigins).toEqual(
        [origin],
      );
    },
  );

  it.each([
    '*',
    'https://*.example.com',
    'http://app.example.com',
    'https://app.example.com/',
    'https://App.example.com',
    'app.example.com',
    'null',
    'https://user@app.example.com',
  ])('refuse the origin %s', (origin) => {
    expect(refusal({ allowedOrigins: [origin] })).toContain('allowedOrigins.0: expected an origin');
  });

  const numbers = [
    'requestRatePerSecond',
    'verifyRatePerSecond',
    'wellKnownRatePerSecond',
    'sessionRatePerSecond',
    'reservedConcurrency',
    'signingKeyRotationDays',
    'codeSecretRotationDays',
    'sessionSecretRotationDays',
    'logRetentionDays',
    'sendsPerDay',
  ];
  it.each(numbers)('refuse zero, negative, fractional and not-a-number values of %s', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '300', null]) {
      expect(refusal({ [name]: value })).toContain(`  ${name}: `);
    }
    expect(refusal({ [name]: Number.NaN })).toContain('(given: NaN)');
  });

  it('refuse a misspelt name instead of forgetting it', () => {
    expect(refusal({ requestRatePerSec: 5 })).toContain('requestRatePerSec: ');
  });

  it('keep logs for a period that CloudWatch knows, and never for ever', () => {
    expect(refusal({ logRetentionDays: 30 })).toBe('accepted');
    expect(refusal({ logRetentionDays: 9999 })).toContain('logRetentionDays: ');
  });

  it('let Lambda write of starts and ends, or of trouble alone', () => {
    for (const systemLogLevel of ['WARN', 'INFO']) expect(refusal({ systemLogLevel })).toBe('accepted');
    for (const systemLogLevel of ['DEBUG', 'info', '', 'ERROR'])
      expect(refusal({ systemLogLevel })).toContain('  systemLogLevel: expected');
  });

  it('take a domain and its certificate together or not at all', () => {
    expect(refusal({ customDomainName: 'auth.example.com', certificateArn })).toBe('accepted');
    expect(refusal({ customDomainName: 'auth.example.com' })).toContain('together, or neither');
    expect(refusal({ certificateArn })).toContain('together, or neither');
  });

  it.each([
    'Auth.example.com',
    'https://auth.example.com',
    'auth.example.com/',
    'auth',
    '-a.example.com',
    '',
  ])('refuse %j as a domain: an issuer has one spelling', (customDomainName) => {
    expect(refusal({ customDomainName, certificateArn })).toContain('customDomainName: ');
  });

  it('refuse a certificate of another region, which the gateway would refuse minutes later', () => {
    const elsewhere = certificateArn.replace('ap-south-1', 'us-east-1');
    const domain = { customDomainName: 'auth.example.com', env: { region: 'ap-south-1' } };
    expect(refusal({ ...domain, certificateArn })).toBe('accepted');
    expect(refusal({ ...domain, certificateArn: elsewhere })).toContain('certificateArn: ');
  });

  describe.each(['breakGlassRoleArn', 'controlsRoleArn'])('as %s', (name) => {
    const role = (path: string) => `arn:aws:iam::123456789012:role/${path}`;

    it.each(['admin', 'aws-reserved/sso.amazonaws.com/ap-south-1/AWSReservedSSO_x_0123456789abcdef'])(
      'take the role %s',
      (path) => {
        expect(refusal({ [name]: role(path) })).toBe('accepted');
      },
    );

    it.each([
      role('*'),
      role('team-*'),
      role('a?'),
      role(''),
      role('/a'),
      role('a/'),
      role('a'.repeat(65)),
      'arn:aws:iam::123456789012:user/a',
      'arn:aws:sts::123456789012:assumed-role/a/b',
      'arn:aws:iam::12345678901:role/a',
      'arn:aws:iam::*:role/a',
      'a',
      '*',
      '',
      ['arn:aws:iam::123456789012:role/a'],
    ])('refuse %j', (arn) => {
      expect(refusal({ [name]: arn })).toContain(`  ${name}: expected`);
    });

    it('refuse a role of another account: the policy would then let nobody through', () => {
      const env = { account: '123456789012', region: 'ap-south-1' };
      expect(refusal({ [name]: role('a'), env })).toBe('accepted');
      const foreign = role('a').replace('123456789012', '210987654321');
      expect(refusal({ [name]: foreign, env })).toContain(`  ${name}: expected a role of the account`);
    });
  });

  const deploymentRoleArn =
    'arn:aws:iam::123456789012:role/cdk-hnb659fds-cfn-exec-role-123456789012-ap-south-1';

  it('refuse tags of the stack, which CloudFormation would attach to the secrets, unless its role is let through', () => {
    const tags = { team: 'identity' };
    expect(refusal({ tags })).toMatch(/^ {2}tags: expected none, or deploymentRoleArn: .*Tags\.of\(stack\)/m);
    expect(refusal({ tags: {} })).toBe('accepted');
    expect(refusal({ tags, deploymentRoleArn })).toBe('accepted');
    expect(refusal({ deploymentRoleArn: 'arn:aws:iam::123456789012:user/deployer' })).toContain(
      'deploymentRoleArn: expected the ARN of an IAM role',
    );
    const env = { account: '999999999999', region: 'ap-south-1' };
    expect(refusal({ deploymentRoleArn, env })).toContain(
      'deploymentRoleArn: expected a role of the account',
    );
  });

  it('refuse a topic for alarms of another region, and a FIFO topic, both of which AWS would refuse minutes later', () => {
    const topic = (region: string, name: string) => `arn:aws:sns:${region}:123456789012:${name}`;
    const env = { region: 'ap-south-1' };
    expect(refusal({ env, alarmTopicArn: topic('ap-south-1', 'on-call') })).toBe('accepted');
    expect(refusal({ env, alarmTopicArn: topic('us-east-1', 'on-call') })).toMatch(
      /^ {2}alarmTopicArn: expected an SNS topic in ap-south-1, the region of the stack \(given: ".*us-east-1.*"\)$/m,
    );
    expect(refusal({ env, alarmTopicArn: topic('ap-south-1', 'on-call.fifo') })).toContain(
      'CloudWatch does not tell a FIFO topic',
    );
  });

  it('take secrets of a stack before this one, of its region, each by its whole ARN', () => {
    const arn = (name: string) => `arn:aws:secretsmanager:ap-south-1:123456789012:secret:${name}`;
    const identity = arn('IdentitySecret-a1b2c3d4-AbCdEf');
    const env = { region: 'ap-south-1' };
    expect(refusal({ env, existingSecrets: { identity } })).toBe('accepted');
    for (const wrong of ['IdentitySecret', arn('IdentitySecret'), identity.replace('secretsmanager', 'ssm')])
      expect(refusal({ existingSecrets: { identity: wrong } }), wrong).toContain(
        'existingSecrets.identity: ',
      );
    expect(refusal({ existingSecrets: { idenity: identity } })).toContain('existingSecrets.idenity: ');
    expect(refusal({ env: { region: 'eu-west-1' }, existingSecrets: { identity } })).toContain(
      'existingSecrets.identity: expected a secret in eu-west-1',
    );
  });

  it('tell mistakes of regions beside all others, in one error', () => {
    const alarmTopicArn = 'arn:aws:sns:us-east-1:123456789012:on-call';
    const message = refusal({ env: { region: 'ap-south-1' }, alarmTopicArn, sendsPerDay: 0 });
    expect(message).toContain('alarmTopicArn: ');
    expect(message).toContain('sendsPerDay: ');
  });

  it('take executions as one number, or one for each function of the API', () => {
    expect(refusal({ reservedConcurrency: { requestOtp: 600 } })).toBe('accepted');
    for (const wrong of [{ requestOtp: 0 }, { rotateSigningKey: 5 }, { verifyOtp: '5' }, 'many'])
      expect(refusal({ reservedConcurrency: wrong }), JSON.stringify(wrong)).toContain('reservedConcurrency');
  });

  it('rotate the session secret never sooner than a day after the longest idle time', () => {
    const days = (idleDays: number, sessionSecretRotationDays?: number) =>
      refusal({
        sessions: { idleDays, absoluteDays: 365 },
        ...(sessionSecretRotationDays && { sessionSecretRotationDays }),
      });
    for (const [idleDays, rotationDays] of [
      [60, 61],
      [89, 90],
      [1, 2],
      [364, 365],
    ] as const) {
      expect(days(idleDays, rotationDays)).toBe('accepted');
      if (rotationDays > 2)
        expect(days(idleDays, rotationDays - 1)).toContain(`at least ${rotationDays}, which`);
    }
    expect(days(89)).toBe('accepted');
    expect(days(90)).toContain('  sessionSecretRotationDays: expected at least 91');
    expect(refusal({ sessions: 'off', sessionSecretRotationDays: 2 })).toBe('accepted');
    // A mistake of its own hides no other.
    expect(days(0, 366)).toMatch(/sessions\.idleDays: .*\n.*sessionSecretRotationDays: expected at most 365/);
  });

  it('refuse a notBefore to come, before which no session could begin', () => {
    expect(refusal({ sessions: { notBefore: '2099-01-31T18:00:00Z' } })).toContain(
      '  sessions.notBefore: expected a time that has passed',
    );
    expect(refusal({ sessions: { notBefore: '2026-01-31T18:00:00Z' } })).toBe('accepted');
  });

  it('refuse what sessions alone need where there are none', () => {
    const session = 'arn:aws:secretsmanager:ap-south-1:123456789012:secret:SessionSecret-a1b2c3d4-AbCdEf';
    const without = { existingSecrets: { session }, reservedConcurrency: { session: 5 } };
    expect(refusal(without)).toBe('accepted');
    const message = refusal({ ...without, sessions: 'off' });
    expect(message).toContain('  existingSecrets.session: expected none');
    expect(message).toContain('  reservedConcurrency.session: expected none');
    expect(refusal({ reservedConcurrency: 5, sessions: 'off' })).toBe('accepted');
  });

  it('refuse more than a function’s environment can hold', () => {
    const templates = (index: number) => ({
      default: `6990f1b1-6a28-4cb4-a8ed-${String(index).padStart(12, '0')}`,
    });
    const purposes = Array.from({ length: 60 }, (_, index) => [`purpose-${index}`, templates(index)]);
    const smsTemplates = { ...Object.fromEntries(purposes), 'sign-in': templates(99) };
    expect(refusal({ smsTemplates })).toContain('bytes');
  });

  const issuer = {
    issuer: 'https://id.example.com',
    audience: 'acme',
    jwksUrl: 'https://id.example.com/jwks.json',
    algorithms: ['ES256'],
  };

  it('that contradict each other stop the synth, all at once', () => {
    const message = refusal({
      attestation: { ...issuer, apps: { android: { mode: 'require' } } },
      session: { ...issuer, purposes: ['payment'] },
      sendsPerDay: 100,
      sendsPerHour: 101,
      strangersBudgetPercent: 95,
      conversionBreaker: { mode: 'enforce', minSendsPerHour: 1000 },
      testNumbersUntil: '2020-01-31',
    });
    for (const line of [
      'attestation.apps.android.appIds: expected the ids of the app',
      'session: expected only purposes that smsTemplates configures',
      'sendsPerHour: expected at most sendsPerDay',
      'strangersBudgetPercent: expected at most attestedBudgetPercent',
      'conversionBreaker: expected minSendsPerHour below',
      'testNumbersUntil: expected a day to come',
    ]) {
      expect(message).toContain(`  ${line}`);
    }
  });

  it.each([
    [
      'attestation.apps.android.appIds',
      { attestation: { ...issuer, apps: { android: { mode: 'require' } } } },
    ],
    ['session', { session: { ...issuer, purposes: ['payment'] } }],
    ['testNumbersUntil', { testNumbersUntil: '2020-01-31' }],
  ])('refuse a contradiction by itself: %s', (name, settings) => {
    expect(refusal(settings)).toContain(`  ${name}: expected`);
  });
});
