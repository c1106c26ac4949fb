import { describe, expect, it } from 'vitest';
import { account, doorcodeTemplate } from './doorcode-template.ts';
import { functionId, roleId } from './grants.ts';

const template = doorcodeTemplate();
const functionArn = { 'Fn::GetAtt': [functionId(template, 'RotateSigningKey'), 'Arn'] };

describe('the rotation of the signing keys', () => {
  it('makes the first key at deployment and a new one every 90 days', () => {
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: { Ref: 'SigningSecret' },
      RotationLambdaARN: functionArn,
      RotationRules: { AutomaticallyAfterDays: 90 },
      RotateImmediatelyOnUpdate: true,
    });
  });

  it('follows the setting', () => {
    doorcodeTemplate({ signingKeyRotationDays: 30 }).hasResourceProperties(
      'AWS::SecretsManager::RotationSchedule',
      { RotationRules: { AutomaticallyAfterDays: 30 } },
    );
  });

  it('waits for all that the first rotation uses', () => {
    const schedules = Object.values(template.findResources('AWS::SecretsManager::RotationSchedule'));
    const schedule = schedules.find(({ Properties }) => Properties.SecretId.Ref === 'SigningSecret');
    const [permission] = Object.entries(template.findResources('AWS::Lambda::Permission'))
      .filter(([, resource]) => resource['Properties']['SourceArn'].Ref === 'SigningSecret')
      .map(([id]) => id);
    expect(schedule?.['DependsOn']).toEqual(
      expect.arrayContaining([
        permission,
        roleId(template, 'RotateSigningKey'),
        functionId(template, 'RotateSigningKey'),
        'Table',
      ]),
    );
  });

  it('can be started by Secrets Manager alone, for this secret of this account', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).filter(
      ({ Properties }) =>
        functionId(template, 'RotateSigningKey') === Properties.FunctionName['Fn::GetAtt'][0],
    );
    expect(permissions.map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: functionArn,
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: account,
        SourceArn: { Ref: 'SigningSecret' },
      },
    ]);
  });
});

describe('the other rotations', () => {
  const scheduleOf = (secret: string) =>
    Object.values(template.findResources('AWS::SecretsManager::RotationSchedule')).find(
      ({ Properties }) => Properties.SecretId.Ref === secret,
    )?.['Properties'];

  it('hand the provider key over when somebody starts it, never by the calendar', () => {
    expect(scheduleOf('SmsSecret')).toEqual({
      SecretId: { Ref: 'SmsSecret' },
      RotationLambdaARN: { 'Fn::GetAtt': [functionId(template, 'RotateProviderKey'), 'Arn'] },
      RotateImmediatelyOnUpdate: false,
    });
  });

  it('give the codes another key every 30 days, and none at deployment', () => {
    expect(scheduleOf('CodeSecret')).toEqual({
      SecretId: { Ref: 'CodeSecret' },
      RotationLambdaARN: { 'Fn::GetAtt': [functionId(template, 'RotateCodeSecret'), 'Arn'] },
      RotationRules: { AutomaticallyAfterDays: 30 },
      RotateImmediatelyOnUpdate: false,
    });
  });

  it('give refresh tokens another secret every 90 days, and none at deployment', () => {
    const schedule = {
      SecretId: { Ref: 'SessionSecret' },
      RotationLambdaARN: { 'Fn::GetAtt': [functionId(template, 'RotateSessionSecret'), 'Arn'] },
      RotationRules: { AutomaticallyAfterDays: 90 },
      RotateImmediatelyOnUpdate: false,
    };
    expect(scheduleOf('SessionSecret')).toEqual(schedule);
    doorcodeTemplate({ sessionSecretRotationDays: 61 }).hasResourceProperties(
      'AWS::SecretsManager::RotationSchedule',
      { ...schedule, RotationRules: { AutomaticallyAfterDays: 61 } },
    );
  });

  it('leave the identity secret alone', () => {
    expect(scheduleOf('IdentitySecret')).toBeUndefined();
  });
});
