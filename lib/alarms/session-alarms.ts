/** The alarm for sessions: refresh tokens that were used twice. A deployment without sessions has none. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { LambdaFunction } from '../lambda-function.ts';
import type { DoorcodeMetrics } from '../metrics.ts';
import { type AlarmPlan, textOf } from './alarm.ts';

/** Calls among which the share of reuse is counted. */
const among = 10_000;

/** Reuse in an hour that is nothing to wake anybody for: one stolen phone, a backup that somebody restores on two. */
const reuseFloor = 20;

/** Reuse among 10,000 calls of `session`. It is 0 up to the floor, because a few prove nothing. */
function reuseShare(metrics: DoorcodeMetrics, session: LambdaFunction, period: Duration): IMetric {
  return new MathExpression({
    // Lambda counts a call for each reuse, so `calls` has a value wherever `reuse` has one.
    expression: `IF(reuse > ${reuseFloor}, ${among} * reuse / calls, 0)`,
    usingMetrics: {
      reuse: metrics.of('session.reuse', { period }),
      calls: session.function.metricInvocations({ period, statistic: 'Sum' }),
    },
    period,
    label: `reuse in ${among} calls (0 up to ${reuseFloor} an hour)`,
  });
}

/** The alarms of this theme. */
export function sessionAlarms(
  metrics: DoorcodeMetrics,
  session: LambdaFunction | undefined,
): readonly AlarmPlan[] {
  if (session === undefined) return [];
  return [
    {
      id: 'SessionReuse',
      metric: reuseShare(metrics, session, Duration.hours(1)),
      threshold: 1,
      description: `${textOf('session.reuse')} It was more than ${reuseFloor} sessions in an hour, and more than one in ${among.toLocaleString('en')} calls.`,
    },
  ];
}
