import { describe, expect, it } from 'vitest';
import { account, doorcodeTemplate } from './doorcode-template.ts';
import { roleId } from './grants.ts';

const type = 'AWS::Logs::MetricFilter';
const controlsRoleArn = `arn:aws:iam::${account}:role/doorcode-controls`;
const watched = doorcodeTemplate({ cloudTrailLogGroupName: 'trail/all' });

describe('the watch over reads of the secrets', () => {
  it('is not there without a trail', () => {
    doorcodeTemplate().resourceCountIs(type, 0);
  });

  it('has one filter for each secret, that lets only its functions pass', () => {
    watched.resourceCountIs(type, 5);
    const patterns = Object.values(watched.findResources(type)).map(({ Properties }) => {
      expect(Properties.LogGroupName).toBe('trail/all');
      return JSON.stringify(Properties.FilterPattern);
    });
    const sms = patterns.find((pattern) => pattern.includes('SmsSecret')) ?? '';
    expect(sms).toContain('GetSecretValue');
    expect(sms).toContain('NOT EXISTS');
    for (const reader of ['RequestOtp', 'RotateProviderKey'] as const)
      expect(sms).toContain(roleId(watched, reader));
    for (const other of ['VerifyOtp', 'WellKnown'] as const)
      expect(sms).not.toContain(roleId(watched, other));
  });

  const controlsPattern = (settings = {}): string => {
    const filters = doorcodeTemplate({ cloudTrailLogGroupName: 'trail/all', ...settings }).findResources(
      type,
    );
    const patterns = Object.values(filters).map(({ Properties }) => JSON.stringify(Properties.FilterPattern));
    return patterns.find((pattern) => pattern.includes('ControlsSecret')) ?? '';
  };

  it('counts every change of the controls beside reads, whether or not a role is named for them', () => {
    for (const settings of [{}, { controlsRoleArn }]) {
      const pattern = controlsPattern(settings);
      expect(pattern).toContain('$.readOnly IS FALSE');
      expect(pattern).toContain('GetSecretValue');
      expect(pattern).toContain(roleId(watched, 'RequestOtp'));
      expect(pattern).not.toContain(roleId(watched, 'VerifyOtp'));
    }
    expect(controlsPattern({ controlsRoleArn })).toContain(controlsRoleArn);
  });

  it('has no pattern that CloudWatch Logs would refuse for its length', () => {
    const longest = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/ap-south-1/${'R'.repeat(64)}`;
    // A function's role ARN, in place of its reference.
    const arn = `arn:aws:iam::${account}:role/${'R'.repeat(64)}`;
    const filters = doorcodeTemplate({
      cloudTrailLogGroupName: 'trail/all',
      controlsRoleArn: longest,
    }).findResources(type);
    for (const { Properties } of Object.values(filters)) {
      const parts: readonly unknown[] = Properties.FilterPattern['Fn::Join'][1];
      const pattern = parts.map((part) => (typeof part === 'string' ? part : arn)).join('');
      expect(pattern.length).toBeLessThanOrEqual(1024);
    }
  });

  it('raises one alarm', () => {
    watched.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Doorcode/Doorcode',
      MetricName: 'secret.foreign-read',
      Threshold: 0,
    });
  });
});
