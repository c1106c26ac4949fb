/**
 * Alarms for what strangers do, and for what was switched to stop them: SMS that nobody types in, guesses all over the
 * place, money spent, the kill switch, test numbers. What the settings switch off has no alarm and costs nothing.
 */
import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Settings } from '../../functions/settings/settings.ts';
import { type DoorcodeMetrics, oneDay } from '../metrics.ts';
import { type AlarmPlan, atFirst } from './alarm.ts';

/** Of a hundred SMS so many were typed in; 100 below `floor` SMS, because a few say nothing. */
export function conversionPercent(metrics: DoorcodeMetrics, period: Duration, floor: number): IMetric {
  return new MathExpression({
    // A send counts a typed-in of 0, so that where `sent` has a value, the other has one, too.
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
        `Doorcode: of an hour’s SMS, at least ${minSendsPerHour}, fewer than ${minVerifiedPercent} in a hundred were typed in. ` +
        'A flood, or SMS that do not arrive: look at the refusals and the provider on the dashboard, then at the client ' +
        'addresses in the access log. In a flood: npm run controls -- sending returning-devices.',
    },
    {
      id: 'CostOfTheDay',
      metric: metrics.of('sms-paid', { period: oneDay }),
      threshold: (sendsPerDay * strangersBudgetPercent) / 100,
      description:
        `Doorcode: a day’s SMS have cost ${strangersBudgetPercent} % of what sendsPerDay allows. Find out whether it was users or a ` +
        'flood: conversion on the dashboard, client addresses in the access log. Users: raise sendsPerDay and deploy. ' +
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
            description:
              'Doorcode: the conversion breaker is open: too few of this hour’s SMS were typed in. Mode enforce: strangers get ' +
              'an SMS only now and then (request-otp.slowed); observe: nobody is stopped. Compare request-otp.sent and ' +
              'verify-otp.verified, look at the client addresses in the access log; in a flood set the mode to enforce.',
          },
        ]),
    ...(guessBreaker.mode === 'off'
      ? []
      : [
          {
            id: 'GuessBreakerOpen',
            metric: metrics.of('verify-otp.guesses-high'),
            description:
              'Doorcode: so many wrong codes in this hour, for all numbers together, that somebody guesses all over the place. ' +
              'Mode enforce: one guess goes through now and then (verify-otp.slowed); observe: nobody is stopped. Look at the ' +
              'client addresses in the access log; set the mode to enforce if it goes on.',
          },
        ]),
    ...(testNumbersUntil === undefined
      ? []
      : [atFirst(metrics, 'TestNumberUsed', 'request-otp.test-number')]),
  ];
}
