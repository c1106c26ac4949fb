import { describe, expect, it } from 'vitest';
import { account, doorcodeTemplate } from './doorcode-template.ts';

const type = 'AWS::SecretsManager::ResourcePolicy';
const breakGlassRoleArn = `arn:aws:iam::${account}:role/break-glass`;
const controlsRoleArn = `arn:aws:iam::${account}:role/team/doorcode-controls`;

/** What the policy of a secret denies, as `actions: all but these`. */
function denials(secret: string, settings = {}): readonly string[] {
  const policies = Object.values(doorcodeTemplate(settings).findResources(type));
  const [policy, ...others] = policies.filter(({ Properties }) => Properties.SecretId.Ref === secret);
  if (policy === undefined || others.length > 0) throw new Error(`expected one policy for ${secret}`);
  const { BlockPublicPolicy, ResourcePolicy } = policy['Properties'];
  expect(BlockPublicPolicy).toBe(true);
  return ResourcePolicy.Statement.map(
    ({ Effect, Principal, Action, Resource, Condition }: Record<string, unknown>) => {
      expect([Effect, Principal, Resource]).toEqual(['Deny', { AWS: '*' }, '*']);
      const roles: unknown = Object(Condition).ArnNotEquals?.['aws:PrincipalArn'] ?? [];
      const names = [roles]
        .flat()
        .map((role) => Object(role)['Fn::GetAtt']?.[0].replace(/Role[0-9A-F]{8}$/, '') ?? role);
      const actions = [Action].flat().map((action) => String(action).replace('secretsmanager:', ''));
      return `${actions.join(' ')}: all but ${names.join(' ') || 'nobody'}`;
    },
  );
}

describe('the resource policies of the secrets', () => {
  it('let each be read by the functions that need it, and by nobody else', () => {
    expect(denials('IdentitySecret')[0]).toBe('GetSecretValue: all but RequestOtp VerifyOtp Support Session');
    expect(denials('CodeSecret')[0]).toBe('GetSecretValue: all but RequestOtp VerifyOtp RotateCodeSecret');
    expect(denials('SmsSecret')[0]).toBe('GetSecretValue: all but RequestOtp RotateProviderKey Support');
    expect(denials('SigningSecret')[0]).toBe('GetSecretValue: all but VerifyOtp RotateSigningKey Session');
    expect(denials('SessionSecret')[0]).toBe('GetSecretValue: all but Session VerifyOtp RotateSessionSecret');
  });

  it('let nobody change the identity secret, and its rotation alone the signing keys', () => {
    expect(denials('IdentitySecret')[1]).toBe(
      'PutSecretValue UpdateSecretVersionStage RotateSecret: all but nobody',
    );
    expect(denials('CodeSecret')[1]).toBe(
      'PutSecretValue UpdateSecretVersionStage: all but RotateCodeSecret',
    );
    expect(denials('SigningSecret')[1]).toBe(
      'PutSecretValue UpdateSecretVersionStage: all but RotateSigningKey',
    );
    expect(denials('SessionSecret')[1]).toBe(
      'PutSecretValue UpdateSecretVersionStage: all but RotateSessionSecret',
    );
  });

  it.each(['IdentitySecret', 'CodeSecret', 'SigningSecret', 'SessionSecret'])(
    'let nobody update %s, delete it, or copy it to another region: not even its rotation',
    (secret) => {
      expect(denials(secret)[2]).toBe('UpdateSecret DeleteSecret ReplicateSecretToRegions: all but nobody');
      expect(denials(secret)).toHaveLength(3);
    },
  );

  it('let the security team store the SMS key, and nobody delete it or copy it to another region', () => {
    expect(denials('SmsSecret').slice(1)).toEqual(['DeleteSecret ReplicateSecretToRegions: all but nobody']);
  });

  it('let the role of deployments through where CloudFormation’s handler would be stopped, and nowhere else', () => {
    const deploymentRoleArn = `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role`;
    for (const secret of [
      'IdentitySecret',
      'CodeSecret',
      'SmsSecret',
      'SigningSecret',
      'SessionSecret',
      'ControlsSecret',
    ]) {
      for (const denial of denials(secret, { deploymentRoleArn, controlsRoleArn })) {
        const isOfItsHandler = /^GetSecretValue|DeleteSecret/.test(denial);
        expect(denial.includes(deploymentRoleArn), `${secret}: ${denial}`).toBe(isOfItsHandler);
      }
    }
  });

  it('leave the controls to whoever has the rights, until a setting names the role that runs the command', () => {
    expect(() => denials('ControlsSecret')).toThrow('expected one policy');
    expect(denials('ControlsSecret', { controlsRoleArn })).toEqual([
      `GetSecretValue: all but RequestOtp Session ${controlsRoleArn}`,
      `PutSecretValue UpdateSecretVersionStage RotateSecret: all but ${controlsRoleArn}`,
      'UpdateSecret DeleteSecret ReplicateSecretToRegions: all but nobody',
    ]);
  });

  it('let the role of the controls to no other secret', () => {
    for (const secret of ['IdentitySecret', 'CodeSecret', 'SmsSecret', 'SigningSecret', 'SessionSecret'])
      expect(denials(secret, { controlsRoleArn })).toEqual(denials(secret));
  });

  it('let the role for emergencies through, everywhere', () => {
    for (const secret of [
      'IdentitySecret',
      'CodeSecret',
      'SmsSecret',
      'SigningSecret',
      'SessionSecret',
      'ControlsSecret',
    ]) {
      for (const denial of denials(secret, { breakGlassRoleArn, controlsRoleArn }))
        expect(denial).toContain(breakGlassRoleArn);
    }
  });
});
