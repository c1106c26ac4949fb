import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { doorcodeTemplate, logicalIds } from './doorcode-template.ts';

const template = doorcodeTemplate();
const type = 'AWS::SecretsManager::Secret';

/** What CloudFormation makes values from: a change here is a new version at the next deployment. */
function value(id: string): Readonly<Record<string, unknown>> {
  const { Description, ...rest } = template.findResources(type)[id]?.['Properties'] ?? {};
  return rest;
}

describe('the secrets', () => {
  it('keep their logical ids: another id would be another secret', () => {
    expect([...logicalIds(template, type)].sort()).toEqual([
      'CodeSecret',
      'ControlsSecret',
      'IdentitySecret',
      'SigningSecret',
      'SmsSecret',
    ]);
  });

  it('keeps the generator of the identity secret: another one would rename every user', () => {
    expect(value('IdentitySecret')).toEqual({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  it('generates the code secret the same way', () => {
    expect(value('CodeSecret')).toEqual({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
  });

  it('creates the SMS secret empty', () => {
    expect(value('SmsSecret')).toEqual({});
  });

  it('starts the controls with none, and never writes them again', () => {
    expect(value('ControlsSecret')).toEqual({ SecretString: '{}' });
  });

  it('starts the signing keys as an empty set, and never writes it again', () => {
    expect(value('SigningSecret')).toEqual({ SecretString: '{"keys":[]}' });
  });

  it.each([RemovalPolicy.RETAIN, RemovalPolicy.DESTROY] as const)(
    'are kept on delete and on replace, also when the stack is set to %s',
    (removalPolicy) => {
      const secrets = Object.values(doorcodeTemplate({ removalPolicy }).findResources(type));
      expect(secrets).toHaveLength(5);
      for (const secret of secrets) {
        expect(secret).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
    },
  );
});
