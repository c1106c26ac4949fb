/**
 * The template with the defaults, with each option alone, with all of them, and with all but each. So every pair of
 * options is together in one template and apart in another.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';

type Settings = Partial<DoorcodeStackProps>;

const account = '123456789012';
const secretArn = (name: string): string =>
  `arn:aws:secretsmanager:ap-south-1:${account}:secret:${name}-a1b2c3-AbCdEf`;
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const foreign = {
  issuer: 'https://login.example.com',
  audience: 'acme',
  jwksUrl: 'https://login.example.com/keys',
  algorithms: ['RS256' as const],
};

const options: Readonly<Record<string, Settings>> = {
  domain: {
    customDomainName: 'auth.example.com',
    certificateArn: `arn:aws:acm:ap-south-1:${account}:certificate/00000000-0000-4000-8000-000000000000`,
  },
  trail: { cloudTrailLogGroupName: 'trail/all' },
  topic: { alarmTopicArn: `arn:aws:sns:ap-south-1:${account}:on-call` },
  reserved: { reservedConcurrency: 5 },
  destroy: { removalPolicy: RemovalPolicy.DESTROY },
  rotations: { signingKeyRotationDays: 1, codeSecretRotationDays: 1, sessionSecretRotationDays: 61 },
  rates: {
    requestRatePerSecond: 1,
    verifyRatePerSecond: 2,
    sessionRatePerSecond: 3,
    wellKnownRatePerSecond: 4,
  },
  texts: {
    smsTemplates: { 'sign-in': { default: '6f1d8c3a-2b4e-4a5f-9c7d-0e1f2a3b4c5d' } },
    smsTexts: { '6f1d8c3a-2b4e-4a5f-9c7d-0e1f2a3b4c5d': { text: '{otp} is your code for {appName}' } },
  },
  testNumbers: { testNumbersUntil: '2099-12-31' },
  origins: { allowedOrigins: ['https://app.example.com'] },
  breakGlass: { breakGlassRoleArn: role('break-glass') },
  controls: { controlsRoleArn: role('controls') },
  tagged: {
    deploymentRoleArn: role(`cdk-hnb659fds-cfn-exec-role-${account}-ap-south-1`),
    tags: { team: 'identity' },
  },
  withoutSessions: { sessions: 'off' },
  returned: {
    existingSecrets: {
      identity: secretArn('IdentitySecret'),
      code: secretArn('CodeSecret'),
      sms: secretArn('SmsSecret'),
      signing: secretArn('SigningSecret'),
      controls: secretArn('ControlsSecret'),
    },
  },
  withoutBreakers: { conversionBreaker: { mode: 'off' }, guessBreaker: { mode: 'off' } },
  logs: { logRetentionDays: 30, systemLogLevel: SystemLogLevel.INFO },
  foreignSession: { session: { ...foreign, purposes: ['sign-in'] } },
  attestation: {
    attestation: { ...foreign, apps: { android: { mode: 'require', appIds: ['1:2:android:3'] } } },
  },
};

/** A secret of sessions comes back with the others, where there are sessions. */
function together(names: readonly string[]): Settings {
  const settings: Settings = Object.assign({}, ...names.map((name) => options[name]));
  if (settings.existingSecrets === undefined || settings.sessions === 'off') return settings;
  const session = secretArn('SessionSecret');
  return { ...settings, existingSecrets: { ...settings.existingSecrets, session } };
}

/** The settings of each variant, by a name that can be a stack's. `Everything` has every option. */
export function variants(): Readonly<Record<string, DoorcodeStackProps>> {
  const names = Object.keys(options);
  const chosen: readonly (readonly [string, readonly string[]])[] = [
    ['Defaults', []],
    ['Everything', names],
    ...names.map((name) => [`Only-${name}`, [name]] as const),
    ...names.map((name) => [`Without-${name}`, names.filter((other) => other !== name)] as const),
  ];
  return Object.fromEntries(
    chosen.map(([variant, options]) => [
      variant,
      {
        appName: 'Doorcode',
        audience: 'doorcode-app',
        env: { account, region: 'ap-south-1' },
        ...together(options),
      },
    ]),
  );
}
