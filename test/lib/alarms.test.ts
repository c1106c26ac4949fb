import { describe, expect, it } from 'vitest';
import { doorcodeTemplate } from './doorcode-template.ts';
import { type FunctionName, functionId } from './grants.ts';

const template = doorcodeTemplate();
const type = 'AWS::CloudWatch::Alarm';
const alarms = Object.values(template.findResources(type)).map(({ Properties }) => Properties);

describe('an alarm', () => {
  it.each<FunctionName>(['RotateProviderKey', 'RotateCodeSecret', 'RotateSigningKey'])(
    'goes off when %s fails, is killed or cannot start',
    (name) => {
      template.hasResourceProperties(type, {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: functionId(template, name) } }],
        Statistic: 'Sum',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        Period: 60,
        EvaluationPeriods: 1,
      });
    },
  );

  it('goes off within a minute when the provider refuses the key', () => {
    template.hasResourceProperties(type, {
      Namespace: 'Doorcode',
      MetricName: 'request-otp.key-rejected',
      Dimensions: [{ Name: 'service', Value: 'Doorcode' }],
      Statistic: 'Sum',
      Threshold: 0,
      Period: 60,
    });
  });

  it('goes off when a worker could not read the key anew for an hour', () => {
    template.hasResourceProperties(type, {
      Namespace: 'Doorcode',
      MetricName: 'provider-key.age',
      Statistic: 'Maximum',
      Threshold: 3600,
    });
  });

  it.each([
    'request-otp.key-unreadable',
    'request-otp.no-key',
    'secret.changed',
    'rotate-provider-key.candidate-forgotten',
  ])('goes off at the first %s', (MetricName) => {
    template.hasResourceProperties(type, {
      Namespace: 'Doorcode',
      MetricName,
      Statistic: 'Sum',
      Threshold: 0,
    });
  });

  it('says what to do, is quiet without data, and names nothing physically', () => {
    expect(alarms).toHaveLength(9);
    for (const { AlarmDescription, TreatMissingData, AlarmName } of alarms) {
      expect(AlarmDescription).toMatch(/^Doorcode: .{80,900}$/);
      expect(TreatMissingData).toBe('notBreaching');
      expect(AlarmName).toBeUndefined();
    }
  });

  it('tells a topic where one is named, and nobody otherwise', () => {
    expect(alarms.flatMap(({ AlarmActions }) => AlarmActions ?? [])).toEqual([]);
    const alarmTopicArn = 'arn:aws:sns:ap-south-1:123456789012:on-call';
    doorcodeTemplate({ alarmTopicArn }).allResourcesProperties(type, { AlarmActions: [alarmTopicArn] });
  });
});
