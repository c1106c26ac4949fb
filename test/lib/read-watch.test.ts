import { describe, expect, it } from 'vitest';
import { account, doorcodeTemplate } from './doorcode-template.ts';
import { roleId } from './grants.ts';

const type = 'AWS::Logs::MetricFilter';
const controlsRoleArn = `arn:aws:iam::${account}:role/doorcode-controls`;
const watched = doorcodeTemplate({ cloudTrailLogGroupName: 'trail/all' });

/** The patterns that count on a metric. */
function filtersOf(metricName: string, settings = {}): readonly string[] {
  const filters = doorcodeTemplate({ cloudTrailLogGroupName: 'trail/all', ...settings }).findResources(type);
  return Object.values(filters)
    .filter(({ Properties }) => Properties.MetricTransformations[0].MetricName === metricName)
    .map(({ Properties }) => {
      expect(Properties.LogGroupName).toBe('trail/all');
      return JSON.stringify(Properties.FilterPattern).replaceAll('\\', '');
    });
}

describe('the watch over reads of the secrets', () => {
  it('is not there without a trail', () => {
    doorcodeTemplate().resourceCountIs(type, 0);
  });

  it('has one filter for each secret, that lets only its functions pass', () => {
    const reads = filtersOf('secret.foreign-read');
    expect(reads).toHaveLength(6);
    const sms = reads.find((pattern) => pattern.includes('SmsSecret')) ?? '';
    expect(sms).toContain('GetSecretValue');
    expect(sms).toContain('NOT EXISTS');
    for (const reader of ['RequestOtp', 'RotateProviderKey'] as const)
      expect(sms).toContain(roleId(watched, reader));
    for (const other of ['VerifyOtp', 'WellKnown'] as const)
      expect(sms).not.toContain(roleId(watched, other));
  });

  it('knows the secret by the error’s message, too: a denied call often has no parameters', () => {
    for (const pattern of [...filtersOf('secret.foreign-read'), ...filtersOf('secret.foreign-change')]) {
      expect(pattern).toContain('$.requestParameters.secretId');
      expect(pattern).toContain('$.errorMessage');
    }
  });

  it('counts who writes a secret that its rotation or nobody writes, and lets only that rotation pass', () => {
    const writes = filtersOf('secret.foreign-change').filter((pattern) =>
      pattern.includes('UpdateSecretVersion'),
    );
    expect(writes).toHaveLength(5);
    for (const pattern of writes)
      for (const event of ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'])
        expect(pattern).toContain(`$.eventName = "${event}"`);
    const of = (secret: string) => writes.find((pattern) => pattern.includes(secret)) ?? '';
    expect(of('SigningSecret')).toContain(roleId(watched, 'RotateSigningKey'));
    expect(of('SigningSecret')).not.toContain(roleId(watched, 'VerifyOtp'));
    expect(of('CodeSecret')).toContain(roleId(watched, 'RotateCodeSecret'));
    expect(of('SessionSecret')).toContain(roleId(watched, 'RotateSessionSecret'));
    expect(of('SessionSecret')).not.toContain(roleId(watched, 'VerifyOtp'));
    expect(of('IdentitySecret')).not.toContain('sessionIssuer');
    // The security team stores keys as it needs to.
    expect(of('SmsSecret')).toBe('');
  });

  it('counts whoever deletes any secret, copies it, or changes its policy: nobody is let pass', () => {
    const takeOvers = filtersOf('secret.foreign-change').filter((pattern) =>
      pattern.includes('DeleteSecret'),
    );
    expect(takeOvers).toHaveLength(6);
    for (const pattern of takeOvers) {
      for (const event of ['ReplicateSecretToRegions', 'PutResourcePolicy', 'DeleteResourcePolicy'])
        expect(pattern).toContain(event);
      expect(pattern).not.toContain('sessionIssuer');
    }
  });

  it('counts every change of the controls, but by the role that is named for them', () => {
    const controls = (settings = {}) =>
      filtersOf('secret.foreign-change', settings).find(
        (pattern) => pattern.includes('ControlsSecret') && pattern.includes('PutSecretValue'),
      ) ?? '';
    expect(controls()).not.toBe('');
    expect(controls()).not.toContain('sessionIssuer');
    expect(controls({ controlsRoleArn })).toContain(controlsRoleArn);
  });

  it('knows a secret of a stack before this one by its name, without the characters that AWS puts behind it', () => {
    const identity = `arn:aws:secretsmanager:ap-south-1:${account}:secret:Identity-Secret-a1b2c3-AbCdEf`;
    const [ofIdentity, ...others] = filtersOf('secret.foreign-read', {
      existingSecrets: { identity },
    }).filter((pattern) => pattern.includes('Identity-Secret-a1b2c3'));
    expect(others).toEqual([]);
    expect(ofIdentity).toContain('*Identity-Secret-a1b2c3*');
    expect(ofIdentity).not.toContain('AbCdEf');
  });

  it('has no pattern that CloudWatch Logs would refuse for its length', () => {
    const longest = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/ap-south-1/${'R'.repeat(64)}`;
    // A function's role ARN, or a part of a secret's name, in place of its reference.
    const inPlaceOf = (reference: unknown) =>
      JSON.stringify(reference).includes('Role')
        ? `arn:aws:iam::${account}:role/${'R'.repeat(64)}`
        : 'IdentitySecret';
    const filters = doorcodeTemplate({
      cloudTrailLogGroupName: 'trail/all',
      controlsRoleArn: longest,
    }).findResources(type);
    for (const { Properties } of Object.values(filters)) {
      const parts: readonly unknown[] = Properties.FilterPattern['Fn::Join'][1];
      const pattern = parts.map((part) => (typeof part === 'string' ? part : inPlaceOf(part))).join('');
      expect(pattern.length).toBeLessThanOrEqual(1024);
    }
  });

  it.each(['secret.foreign-read', 'secret.foreign-change'])(
    'raises an alarm at the first %s',
    (MetricName) => {
      watched.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Doorcode/Doorcode',
        MetricName,
        Threshold: 0,
      });
    },
  );
});
