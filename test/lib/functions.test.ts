import { Match } from 'aws-cdk-lib/assertions';
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../functions/settings/settings.ts';
import { doorcodeTemplate, logicalIds } from './doorcode-template.ts';
import { type FunctionName, functionId, grants, roleId } from './grants.ts';

const template = doorcodeTemplate();
const names: readonly FunctionName[] = [
  'RequestOtp',
  'VerifyOtp',
  'WellKnown',
  'RotateSigningKey',
  'RotateProviderKey',
  'RotateCodeSecret',
  'Session',
  'RotateSessionSecret',
  'Support',
];

function logGrants(name: FunctionName): readonly string[] {
  const [log] = logicalIds(template, 'AWS::Logs::LogGroup').filter((id) => id.startsWith(`${name}Log`));
  return [`logs:CreateLogStream on ${log}`, `logs:PutLogEvents on ${log}`];
}

function mayTouch(secret: string): readonly FunctionName[] {
  return names.filter((name) => grants(template, name).some((grant) => grant.includes(` on ${secret}`)));
}

describe('rights', () => {
  it('lets request-otp write its items, read those of a number, and read four secrets, nothing else', () => {
    expect(grants(template, 'RequestOtp')).toEqual([
      ...logGrants('RequestOtp'),
      'dynamodb:UpdateItem on Table (phone#*, device#*, address#*, budget#*, provider)',
      'dynamodb:GetItem on Table (phone#*, device#*)',
      'dynamodb:GetItem on Table (init)',
      'secretsmanager:GetSecretValue on IdentitySecret',
      'secretsmanager:GetSecretValue on CodeSecret',
      'secretsmanager:GetSecretValue on SmsSecret',
      'secretsmanager:GetSecretValue on ControlsSecret',
    ]);
  });

  it('lets verify-otp write its items, connect in init and read four secrets, nothing else', () => {
    expect(grants(template, 'VerifyOtp')).toEqual([
      ...logGrants('VerifyOtp'),
      'dynamodb:UpdateItem on Table (phone#*, device#*, budget#*)',
      'dynamodb:GetItem on Table (init)',
      'secretsmanager:GetSecretValue on IdentitySecret',
      'secretsmanager:GetSecretValue on CodeSecret',
      'secretsmanager:GetSecretValue on SigningSecret',
      'dynamodb:UpdateItem on Table (sessions#*)',
      'secretsmanager:GetSecretValue on SessionSecret',
    ]);
  });

  it('lets session write and read the sessions, connect in init and read four secrets, nothing else', () => {
    expect(grants(template, 'Session')).toEqual([
      ...logGrants('Session'),
      'dynamodb:UpdateItem on Table (sessions#*)',
      'dynamodb:GetItem on Table (sessions#*)',
      'dynamodb:GetItem on Table (init)',
      'secretsmanager:GetSecretValue on IdentitySecret',
      'secretsmanager:GetSecretValue on SessionSecret',
      'secretsmanager:GetSecretValue on SigningSecret',
      'secretsmanager:GetSecretValue on ControlsSecret',
    ]);
  });

  it('gives nobody a right on sessions where they are off, and has no function for them', () => {
    const off = doorcodeTemplate({ sessions: 'off' });
    expect(JSON.stringify(off.findResources('AWS::IAM::Role'))).not.toMatch(/session/i);
    expect(grants(off, 'VerifyOtp')).toHaveLength(7);
    for (const name of ['Session', 'RotateSessionSecret'] as const)
      expect(() => functionId(off, name)).toThrow('expected one function');
  });

  it('gives rights on the items of what is switched on, and on no others', () => {
    const keysOf = (settings: object, name: FunctionName, action = 'dynamodb:UpdateItem') =>
      grants(doorcodeTemplate(settings), name).find((grant) => grant.startsWith(action));
    const off = {
      devicesPerNumber: 0,
      conversionBreaker: { mode: 'off' },
      guessBreaker: { mode: 'off' },
    };
    expect(keysOf(off, 'RequestOtp')).toMatch(/ \(phone#\*, address#\*, budget#\*, provider\)$/);
    expect(keysOf(off, 'RequestOtp', 'dynamodb:GetItem')).toMatch(/ \(phone#\*\)$/);
    expect(keysOf(off, 'VerifyOtp')).toMatch(/ \(phone#\*\)$/);
    const on = { sendsPerNumberBlock: 20, testNumbersUntil: '2099-12-31' };
    expect(keysOf(on, 'RequestOtp')).toMatch(
      / \(phone#\*, device#\*, test#\*, address#\*, block#\*, budget#\*, provider\)$/,
    );
    expect(keysOf(on, 'RequestOtp', 'dynamodb:GetItem')).toMatch(/ \(phone#\*, device#\*, test#\*\)$/);
    expect(keysOf(on, 'VerifyOtp')).toMatch(/ \(phone#\*, device#\*, test#\*, budget#\*\)$/);
    const enforced = { guessBreaker: { mode: 'enforce' } };
    expect(keysOf(enforced, 'VerifyOtp')).toMatch(/ \(phone#\*, device#\*, budget#\*, guess#\*\)$/);
  });

  it('divides the budget where the rates need it, and lets its functions read the items of the day', () => {
    const of = (settings: object, name: FunctionName) => {
      const divided = doorcodeTemplate(settings);
      const { Properties } = divided.findResources('AWS::Lambda::Function')[functionId(divided, name)] ?? {};
      return {
        shards: Properties.Environment.Variables.BUDGET_SHARDS,
        reads: grants(divided, name).filter((grant) => grant === 'dynamodb:GetItem on Table (budget#*)')
          .length,
      };
    };
    for (const name of ['RequestOtp', 'VerifyOtp'] as const) {
      expect(of({}, name)).toEqual({ shards: undefined, reads: 0 });
      expect(of({ requestRatePerSecond: 301 }, name)).toEqual({ shards: '2', reads: 1 });
      expect(of({ verifyRatePerSecond: 1001 }, name)).toEqual({ shards: '2', reads: 1 });
      expect(of({ requestRatePerSecond: 4800 }, name)).toEqual({ shards: '16', reads: 1 });
    }
    const off = { conversionBreaker: { mode: 'off' }, guessBreaker: { mode: 'off' } };
    expect(of({ ...off, requestRatePerSecond: 4800 }, 'VerifyOtp')).toEqual({ shards: undefined, reads: 0 });
  });

  it('lets well-known read the public keys, and no secret', () => {
    expect(grants(template, 'WellKnown')).toEqual([
      ...logGrants('WellKnown'),
      'dynamodb:GetItem on Table (jwks)',
    ]);
  });

  it('lets the rotation publish keys and move the versions of its own secret, nothing else', () => {
    expect(grants(template, 'RotateSigningKey')).toEqual([
      ...logGrants('RotateSigningKey'),
      'dynamodb:GetItem on Table (jwks)',
      'dynamodb:PutItem on Table (jwks)',
      'secretsmanager:DescribeSecret on SigningSecret',
      'secretsmanager:GetSecretValue on SigningSecret',
      'secretsmanager:PutSecretValue on SigningSecret',
      'secretsmanager:UpdateSecretVersionStage on SigningSecret',
    ]);
  });

  it.each([
    ['RotateProviderKey', 'SmsSecret'],
    ['RotateCodeSecret', 'CodeSecret'],
    ['RotateSessionSecret', 'SessionSecret'],
  ] as const)('lets %s move the versions of %s, nothing else', (name, secret) => {
    expect(grants(template, name)).toEqual([
      ...logGrants(name),
      `secretsmanager:DescribeSecret on ${secret}`,
      `secretsmanager:GetSecretValue on ${secret}`,
      `secretsmanager:PutSecretValue on ${secret}`,
      `secretsmanager:UpdateSecretVersionStage on ${secret}`,
    ]);
  });

  it('lets support read and delete the items of a number, search three logs, and read two secrets, nothing else', () => {
    const searched = ['RequestOtp', 'VerifyOtp', 'Session'].flatMap((name) => {
      const [log] = logicalIds(template, 'AWS::Logs::LogGroup').filter((id) => id.startsWith(`${name}Log`));
      return [`logs:StartQuery on ${log}`, `logs:GetQueryResults on ${log}`];
    });
    const items = 'Table (phone#*, device#*, test#*, sessions#*)';
    expect(grants(template, 'Support')).toEqual([
      ...logGrants('Support'),
      `dynamodb:GetItem on ${items}`,
      `dynamodb:DeleteItem on ${items}`,
      ...searched,
      'secretsmanager:GetSecretValue on IdentitySecret',
      'secretsmanager:GetSecretValue on SmsSecret',
    ]);
    // A closed lane may have items of the time before.
    expect(grants(doorcodeTemplate({ devicesPerNumber: 0 }), 'Support')).toContain(
      `dynamodb:DeleteItem on ${items}`,
    );
  });

  it('lets nobody invoke support by a policy of its own: no route, no service, no schedule', () => {
    const permissions = template.findResources('AWS::Lambda::Permission');
    const invoked = Object.values(permissions).map(({ Properties }) =>
      JSON.stringify(Properties['FunctionName']),
    );
    expect(invoked.length).toBeGreaterThan(0);
    for (const functionName of invoked) expect(functionName).not.toContain('Support');
  });

  it('lets only the request function, the hand-over and support touch the SMS key', () => {
    expect(mayTouch('SmsSecret')).toEqual(['RequestOtp', 'RotateProviderKey', 'Support']);
  });

  it('lets only verify, session and the rotation touch the signing keys', () => {
    expect(mayTouch('SigningSecret')).toEqual(['VerifyOtp', 'RotateSigningKey', 'Session']);
  });

  it('lets only verify, session and the rotation touch the session secret', () => {
    expect(mayTouch('SessionSecret')).toEqual(['VerifyOtp', 'Session', 'RotateSessionSecret']);
  });

  it('has no rights outside the nine roles: no policy beside them, none of AWS’s own', () => {
    expect(new Set(names.map((name) => roleId(template, name))).size).toBe(9);
    template.resourceCountIs('AWS::IAM::Role', 9);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.allResourcesProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      AssumeRolePolicyDocument: {
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
        ],
      },
    });
  });
});

describe('environment', () => {
  const environment = (name: FunctionName): Record<string, unknown> =>
    template.findResources('AWS::Lambda::Function')[functionId(template, name)]?.['Properties'][
      'Environment'
    ]['Variables'];

  it('names the stack, for the metrics', () => {
    for (const name of names) expect(environment(name)['STACK_NAME']).toBe('Doorcode');
  });

  it('names exactly what each function uses', () => {
    expect(
      names.map((name) =>
        Object.keys(environment(name))
          .filter((variable) => variable !== 'STACK_NAME')
          .sort(),
      ),
    ).toEqual([
      [
        'CODE_SECRET_ARN',
        'CONTROLS_SECRET_ARN',
        'IDENTITY_SECRET_ARN',
        'PROVIDER_URL',
        'SETTINGS',
        'SMS_SECRET_ARN',
        'TABLE_NAME',
      ],
      [
        'CODE_SECRET_ARN',
        'IDENTITY_SECRET_ARN',
        'ISSUER',
        'SESSION_SECRET_ARN',
        'SETTINGS',
        'SIGNING_SECRET_ARN',
        'TABLE_NAME',
      ],
      ['ISSUER', 'TABLE_NAME'],
      ['SETTINGS', 'SIGNING_SECRET_ARN', 'TABLE_NAME'],
      ['PROVIDER_URL', 'SMS_SECRET_ARN'],
      ['CODE_SECRET_ARN'],
      [
        'CONTROLS_SECRET_ARN',
        'IDENTITY_SECRET_ARN',
        'ISSUER',
        'SESSION_SECRET_ARN',
        'SETTINGS',
        'SIGNING_SECRET_ARN',
        'TABLE_NAME',
      ],
      ['SESSION_SECRET_ARN', 'SETTINGS'],
      [
        'IDENTITY_SECRET_ARN',
        'LOG_GROUP_NAMES',
        'LOG_RETENTION_DAYS',
        'PROVIDER_URL',
        'SETTINGS',
        'SMS_SECRET_ARN',
        'TABLE_NAME',
      ],
    ]);
  });

  it('hands over settings that the cold start accepts and does not change', () => {
    const settings: unknown = JSON.parse(String(environment('RequestOtp')['SETTINGS']));
    expect(parseSettings(settings)).toEqual(settings);
  });

  it('signs with the issuer that discovery shows', () => {
    expect(environment('VerifyOtp')['ISSUER']).toEqual(environment('WellKnown')['ISSUER']);
    expect(environment('Session')['ISSUER']).toEqual(environment('WellKnown')['ISSUER']);
  });
});

describe('every function', () => {
  it('tells of its starts and ends where the settings ask Lambda to', () => {
    doorcodeTemplate({ systemLogLevel: SystemLogLevel.INFO }).allResourcesProperties(
      'AWS::Lambda::Function',
      {
        LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' },
      },
    );
  });

  it('runs Node 24 on arm64, logs JSON to its own log group from INFO on, and is not traced', () => {
    template.resourceCountIs('AWS::Lambda::Function', 9);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: Match.absent(),
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
    });
    const ownLogs = names.map(
      (name) =>
        template.findResources('AWS::Lambda::Function')[functionId(template, name)]?.['Properties'][
          'LoggingConfig'
        ]['LogGroup']['Ref'],
    );
    expect(ownLogs).toEqual(names.map((name) => expect.stringMatching(new RegExp(`^${name}Log`))));
  });

  it('has a time limit above its own, and the rotation a full core', () => {
    const limits = names.map((name) => {
      const properties =
        template.findResources('AWS::Lambda::Function')[functionId(template, name)]?.['Properties'];
      return [properties['MemorySize'], properties['Timeout']];
    });
    expect(limits).toEqual([
      [512, 6],
      [512, 6],
      [512, 3],
      [1769, 60],
      [256, 30],
      [256, 30],
      [512, 6],
      [256, 30],
      [512, 15],
    ]);
  });

  it('takes whatever concurrency the account has, unless some is reserved for the API', () => {
    template.allResourcesProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
    const reserved = doorcodeTemplate({ reservedConcurrency: 7 });
    const functions = reserved.findResources('AWS::Lambda::Function', {
      Properties: { ReservedConcurrentExecutions: 7 },
    });
    expect(Object.keys(functions).sort()).toEqual(
      (['RequestOtp', 'Session', 'VerifyOtp', 'WellKnown'] as const).map((name) =>
        functionId(reserved, name),
      ),
    );
  });

  it('reserve executions for one function alone, so that a provider that hangs leaves the rest to the others', () => {
    const reserved = doorcodeTemplate({
      reservedConcurrency: { requestOtp: 600, wellKnown: 30, session: 40 },
    });
    const executions = (name: FunctionName): unknown =>
      reserved.findResources('AWS::Lambda::Function')[functionId(reserved, name)]?.['Properties']
        .ReservedConcurrentExecutions;
    expect(executions('RequestOtp')).toBe(600);
    expect(executions('WellKnown')).toBe(30);
    expect(executions('Session')).toBe(40);
    for (const other of ['VerifyOtp', 'RotateSigningKey', 'RotateProviderKey', 'RotateCodeSecret'] as const)
      expect(executions(other), other).toBeUndefined();
  });
});
