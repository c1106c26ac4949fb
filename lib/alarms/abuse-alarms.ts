/**
 * Alarms for abuse and for the switches that stop it: SMS whose codes nobody types in, guesses at many numbers, the cost
 * of the day, the kill switch, test numbers. A feature that the settings switch off gets no alarm, so it costs nothing.
 */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../../functions/settings/settings.ts';
import { type DoorcodeMetrics, oneDay } from '../metrics.ts';
import { type AlarmPlan, atFirst, textOf } from './alarm.ts';

/** The percentage of SMS whose code was typed in. It is 100 below `floor` SMS, because a few SMS prove nothing. */
export function conversionPercent(metrics: DoorcodeMetrics, period: Duration, floor: number): IMetric {
  return new MathExpression({
    // Each send writes a `typed-in` of 0, so `typed` has a value wherever `sent` has one.
    expression: `IF(sent >= ${floor}, 100 * typed / sent, 100)`,
    usingMetrics: {
      sent: metrics.of('request-otp.sent', { period }),
      typed: metrics.of('typed-in', { period }),
    },
    period,
    label: `typed in, % (100 below ${floor} SMS)`,
  });
}

/** The alarms of this theme. */
export function abuseAlarms(metrics: DoorcodeMetrics, settings: Settings): readonly AlarmPlan[] {
  const { conversionBreaker, guessBreaker, sendsPerDay, strangersBudgetPercent, testNumbersUntil } = settings;
  const { minSendsPerHour, minVerifiedPercent } = conversionBreaker;
  const hour = Duration.hours(1);
  return [
    {
      id: 'ConversionLow',
      metric: conversionPercent(metrics, hour, minSendsPerHour),
      threshold: minVerifiedPercent,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      description:
        `Doorcode: users typed in fewer than ${minVerifiedPercent} % of the codes of an hour with at least ${minSendsPerHour} SMS. ` +
        'It is a flood, or SMS do not arrive. Look at the refusals and the provider on the dashboard, then at the client ' +
        'addresses in the access log. In a flood: npm run controls -- sending returning-devices.',
    },
    {
      id: 'CostOfTheDay',
      metric: metrics.of('sms-paid', { period: oneDay }),
      threshold: (sendsPerDay * strangersBudgetPercent) / 100,
      description:
        `Doorcode: the SMS of one day have used ${strangersBudgetPercent} % of sendsPerDay. Look at the conversion on the dashboard and at the ` +
        'client addresses in the access log to see whether users or a flood did it. Users: raise sendsPerDay and deploy. ' +
        'A flood: npm run controls -- sending returning-devices.',
    },
    atFirst(metrics, 'BudgetSpent', 'request-otp.budget-spent'),
    atFirst(metrics, 'SwitchedOff', 'request-otp.switched-off'),
    atFirst(metrics, 'ControlsUnreadable', 'request-otp.controls-unreadable'),
    ...(conversionBreaker.mode === 'off'
      ? []
      : [
          {
            id: 'ConversionBreakerOpen',
            metric: metrics.of('request-otp.unproven'),
            description: `${textOf('request-otp.unproven')} In a flood, set the mode of conversionBreaker to enforce.`,
          },
        ]),
    ...(guessBreaker.mode === 'off'
      ? []
      : [
          {
            id: 'GuessBreakerOpen',
            metric: metrics.of('verify-otp.guesses-high'),
            description: `${textOf('verify-otp.guesses-high')} If it goes on, set the mode of guessBreaker to enforce.`,
          },
        ]),
    ...(testNumbersUntil === undefined
      ? []
      : [atFirst(metrics, 'TestNumberUsed', 'request-otp.test-number')]),
  ];
}
