import { describe, expect, it } from 'vitest';
import { doorcodeTemplate } from './doorcode-template.ts';
import { roleId } from './grants.ts';

const type = 'AWS::Logs::MetricFilter';
const watched = doorcodeTemplate({ cloudTrailLogGroupName: 'trail/all' });

describe('the watch over reads of the secrets', () => {
  it('is not there without a trail', () => {
    doorcodeTemplate().resourceCountIs(type, 0);
  });

  it('has one filter for each secret, that lets only its functions pass', () => {
    watched.resourceCountIs(type, 4);
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

  it('raises one alarm', () => {
    watched.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Doorcode/Doorcode',
      MetricName: 'secret.foreign-read',
      Threshold: 0,
    });
  });
});
