import { App, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { isProviderKey, noProviderKey } from '../../functions/secrets/provider-key-format.ts';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { account, doorcodeTemplate, logicalIds } from './doorcode-template.ts';
import { grants } from './grants.ts';

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
      'SessionSecret',
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

  it('generates the session secret the same way, and none where sessions are off', () => {
    expect(value('SessionSecret')).toEqual({
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    });
    expect(logicalIds(doorcodeTemplate({ sessions: 'off' }), type)).toHaveLength(5);
  });

  it('creates the SMS secret with what nobody takes for a key, and never writes it again', () => {
    expect(value('SmsSecret')).toEqual({ SecretString: noProviderKey });
    expect(isProviderKey(noProviderKey)).toBe(false);
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
      expect(secrets).toHaveLength(6);
      for (const secret of secrets) {
        expect(secret).toMatchObject({
          // A first deployment that fails takes its own with it.
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
        });
      }
    },
  );

  it('get no tag: CloudFormation could not add one later', () => {
    const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
    Tags.of(app).add('team', 'identity');
    const stack = new DoorcodeStack(app, 'Doorcode', { appName: 'Doorcode', audience: 'doorcode-app' });
    Tags.of(stack).add('cost-center', '42', { priority: 1000 });
    const tagged = Template.fromStack(stack);
    expect(Object.values(tagged.findResources(type)).map(({ Properties }) => Properties.Tags)).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
    expect(JSON.stringify(tagged.findResources('AWS::DynamoDB::Table'))).toContain('cost-center');
    // The tags of the stack itself, which CloudFormation attaches to every secret.
    expect(app.synth().getStackByName('Doorcode').tags).toEqual({});
  });

  it('can be those of a stack before this one, each on its own', () => {
    const arn = (name: string) => `arn:aws:secretsmanager:ap-south-1:${account}:secret:${name}-a1b2c3-AbCdEf`;
    const existingSecrets = {
      identity: arn('IdentitySecret'),
      signing: arn('SigningSecret'),
      session: arn('SessionSecret'),
    };
    const moved = doorcodeTemplate({ existingSecrets });
    expect([...logicalIds(moved, type)].sort()).toEqual(['CodeSecret', 'ControlsSecret', 'SmsSecret']);
    expect(grants(moved, 'VerifyOtp')).toContain(
      `secretsmanager:GetSecretValue on ${existingSecrets.identity}`,
    );
    moved.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      SecretId: existingSecrets.identity,
    });
    moved.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: existingSecrets.signing,
    });
    moved.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: existingSecrets.session,
    });
    // The commands find them there.
    moved.hasOutput('IdentitySecret', { Value: existingSecrets.identity });
    moved.hasOutput('SigningSecret', { Value: existingSecrets.signing });
  });
});
