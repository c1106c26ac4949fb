import { describe, expect, it } from 'vitest';
import { everyAlarm } from '../../docs/generate/every-alarm.ts';
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { countedBy, metricGroups } from '../../functions/runtime/metric-groups.ts';
import { alarmsOf } from '../support/watched-metrics.ts';
import { doorcodeTemplate } from './doorcode-template.ts';
import { type FunctionName, functionId } from './grants.ts';

/** Those of the trail are left out, because our code writes none of their metrics. */
const { cloudTrailLogGroupName: _, ...everything } = everyAlarm;

const template = doorcodeTemplate();
const type = 'AWS::CloudWatch::Alarm';
const alarms = alarmsOf(template);
const all = alarmsOf(doorcodeTemplate(everything));
const watchedNames = new Set(
  all.flatMap(({ metrics }) =>
    metrics.filter(({ namespace }) => namespace === 'Doorcode').map(({ name }) => name),
  ),
);
/** The codes that raise an alarm, by their own metric or by that of a group. */
const watchedCodes = new Set(
  (Object.keys(messages) as MessageCode[]).filter((code) =>
    countedBy(code).some(([name, count]) => count === 1 && watchedNames.has(name)),
  ),
);

/** Errors without an alarm of their own, and what says them. */
const toldOtherwise: Partial<Record<MessageCode, string>> = {
  'request-otp.slowed': 'request-otp.unproven counts whenever the breaker is open, in both modes',
  'verify-otp.slowed': 'verify-otp.guesses-high counts whenever the breaker is open, in both modes',
  'request-otp.provider-key': 'request-otp.key-rejected counts each refusal of a key in use',
  'rotate-provider-key.failed': 'Lambda counts the failure, and a step that was killed besides',
  'rotate-code-secret.failed': 'Lambda counts the failure, and a step that was killed besides',
  'rotate-session-secret.failed': 'Lambda counts the failure, and a step that was killed besides',
  'rotate-signing-key.failed': 'Lambda counts the failure, and a step that was killed besides',
};

describe('an alarm', () => {
  it.each<FunctionName>(['RotateProviderKey', 'RotateCodeSecret', 'RotateSigningKey', 'RotateSessionSecret'])(
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
    'request-otp.budget-spent',
    'request-otp.switched-off',
    'request-otp.controls-unreadable',
    'request-otp.unproven',
    'verify-otp.guesses-high',
    'request-otp.provider-account',
    'request-otp.provider-balance',
    'request-otp.provider-request',
    'request-otp.provider-breaker',
    'verify-otp.code-key-unknown',
    'well-known.no-keys',
  ])('goes off at the first %s', (MetricName) => {
    template.hasResourceProperties(type, {
      Namespace: 'Doorcode',
      MetricName,
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
    });
  });

  it('goes off when too few of an hour’s SMS are typed in, and not for a few SMS', () => {
    const conversionBreaker = { minSendsPerHour: 70, minVerifiedPercent: 45 };
    const [low] = alarmsOf(doorcodeTemplate({ conversionBreaker })).filter(({ id }) =>
      id.includes('ConversionLow'),
    );
    expect(low?.expression).toBe('IF(sent >= 70, 100 * typed / sent, 100)');
    expect(low?.metrics.map(({ name }) => name)).toEqual(['request-otp.sent', 'typed-in']);
    expect(low?.properties).toMatchObject({ Threshold: 45, ComparisonOperator: 'LessThanThreshold' });
    expect(low?.properties.Metrics[1].MetricStat.Period).toBe(3600);
  });

  it('goes off when the cost of a day reaches what strangers may spend of it', () => {
    const settings = { sendsPerDay: 2000, strangersBudgetPercent: 60 };
    const [cost] = alarmsOf(doorcodeTemplate(settings)).filter(({ id }) => id.includes('CostOfTheDay'));
    expect(cost?.properties).toMatchObject({ MetricName: 'sms-paid', Threshold: 1200, Period: 86_400 });
  });

  it('goes off when many sessions of an hour are used twice, and not for a few, or for a few in a thousand', () => {
    const [reuse] = alarms.filter(({ id }) => id.includes('SessionReuse'));
    expect(reuse?.expression).toBe('IF(reuse > 20, 10000 * reuse / calls, 0)');
    expect(reuse?.properties).toMatchObject({ Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' });
    for (const { MetricStat } of reuse?.properties.Metrics.slice(1) ?? [])
      expect(MetricStat).toMatchObject({ Period: 3600, Stat: 'Sum' });
  });

  it('is there for sessions only where they are on', () => {
    const off = alarmsOf(doorcodeTemplate({ sessions: 'off' })).map(({ id }) => id);
    const own = alarms.map(({ id }) => id).filter((id) => !off.includes(id));
    expect(own.map((id) => id.replace(/^Alarms|[0-9A-F]{8}$/g, '')).toSorted()).toEqual([
      'SessionErrors',
      'SessionReuse',
      'SessionSecretRotationFailed',
      'SessionThrottles',
    ]);
    expect(off).not.toContainEqual(expect.stringContaining('Session'));
  });

  it('goes off when no sign-in gets a session, and says so only where sessions are on', () => {
    const unavailable = (settings: Parameters<typeof doorcodeTemplate>[0]) =>
      alarmsOf(doorcodeTemplate(settings)).find(({ id }) => id.startsWith('AlarmsUnavailable'));
    expect(watchedCodes).toContain('verify-otp.session-unavailable');
    expect(unavailable({})?.description).toMatch(/Code verify-otp\.session-unavailable: users sign in, but/);
    expect(unavailable({ sessions: 'off' })?.description).not.toContain('session');
  });

  it('is there for test numbers, foreign issuers and breakers only where they are on', () => {
    const has = (watching: typeof alarms, code: MessageCode): boolean =>
      watching.some(({ metrics }) => metrics.some(({ name }) => name === code));
    const off = alarmsOf(
      doorcodeTemplate({ conversionBreaker: { mode: 'off' }, guessBreaker: { mode: 'off' } }),
    );
    for (const code of ['request-otp.test-number', 'admission.keys-unavailable'] as const)
      expect([has(alarms, code), has(all, code)], code).toEqual([false, true]);
    for (const code of ['request-otp.unproven', 'verify-otp.guesses-high'] as const)
      expect([has(off, code), has(all, code)], code).toEqual([false, true]);
  });

  it('says what happened and what to do, is quiet without data, and names nothing physically', () => {
    for (const { id, description, properties } of all) {
      expect(description, id).toMatch(/^Doorcode: \S.{30,900}$/);
      expect(description, id).toMatch(action);
      expect(description, id).not.toMatch(/As for/);
      expect(properties.TreatMissingData, id).toBe('notBreaching');
      expect(properties.AlarmName, id).toBeUndefined();
    }
  });

  it('watches only what the code writes', () => {
    const written = new Set<string>([
      ...Object.keys(messages),
      ...Object.keys(metricGroups),
      'typed-in',
      'provider.latency',
      'provider-key.age',
    ]);
    for (const name of watchedNames) expect(written, name).toContain(name);
    const others = all.flatMap(({ metrics }) => metrics).filter(({ namespace }) => namespace !== 'Doorcode');
    expect(new Set(others.map(({ namespace, name }) => `${namespace} ${name}`))).toEqual(
      new Set([
        'AWS/Lambda Errors',
        'AWS/Lambda Throttles',
        'AWS/Lambda Invocations',
        'AWS/ApiGateway Latency',
      ]),
    );
  });

  it('rests on one metric, or on two that are written together: never on the filling of one that may not exist', () => {
    const several = all.filter(({ metrics }) => metrics.length !== 1);
    expect(several.map(({ metrics }) => metrics.map(({ name }) => name))).toEqual([
      ['request-otp.sent', 'typed-in'],
      // A reuse is an invocation, which Lambda counts.
      ['session.reuse', 'Invocations'],
    ]);
    for (const { expression } of all) expect(expression ?? '').not.toContain('FILL');
    expect(countedBy('request-otp.sent')).toContainEqual(['typed-in', 0]);
  });

  it.each(['RequestOtp', 'VerifyOtp', 'WellKnown', 'Session'] as const)(
    'goes off at the first error, and at the first throttle, of %s',
    (name) => {
      for (const MetricName of ['Errors', 'Throttles'])
        template.hasResourceProperties(type, {
          Namespace: 'AWS/Lambda',
          MetricName,
          Dimensions: [{ Name: 'FunctionName', Value: { Ref: functionId(template, name) } }],
          Threshold: 0,
        });
    },
  );

  it('is there for every code of level error, or something else says it', () => {
    const errors = Object.entries(messages).filter(([, { level }]) => level === 'error');
    const silent = errors.map(([code]) => code).filter((code) => !watchedCodes.has(code as MessageCode));
    expect(new Set(silent)).toEqual(new Set(Object.keys(toldOtherwise)));
  });

  it('tells a topic where one is named, and nobody otherwise', () => {
    expect(alarms.flatMap(({ properties }) => properties.AlarmActions ?? [])).toEqual([]);
    const alarmTopicArn = 'arn:aws:sns:ap-south-1:123456789012:on-call';
    doorcodeTemplate({ alarmTopicArn }).allResourcesProperties(type, { AlarmActions: [alarmTopicArn] });
  });
});

/** Something to do, in the imperative. */
const action =
  /\b(look|see|store|give|move|promote|revoke|find out|raise|lower|compare|read|report|check|top it up|take it out|run|set|deploy|follow|npm run|put)\b/i;
