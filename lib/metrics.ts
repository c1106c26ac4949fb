/**
 * The metrics that the alarms and the dashboard use: one for each message code, one for each group of codes, and a few
 * measurements. A name that the functions do not write is a type error.
 *
 * A metric without a count in a period has no value there, and an expression over it has none either. So an alarm watches
 * one metric (`metric-groups.ts`). An alarm that needs two watches two that are always written together: two of
 * ours (`ConversionLow`), or one of ours and Lambda's count of the calls (`SessionReuse`).
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MessageCode } from '../functions/runtime/message-codes.ts';
import type { MetricGroup } from '../functions/runtime/metric-groups.ts';

/** The measurements of the functions (`functions/runtime/report.ts`), without the metrics by key version. */
type Measured = 'provider.latency' | 'provider-key.age';

interface Reading {
  readonly statistic?: string;
  readonly period?: Duration;
  readonly label?: string;
}

/** Our metrics, as one stack writes them. */
export interface DoorcodeMetrics {
  /** One metric; by default its sum over five minutes. */
  of(name: MessageCode | MetricGroup | Measured, reading?: Reading): Metric;
}

/** The metrics of the stack that `scope` is in. Their dimension `service` is its name. */
export function metricsOf(scope: Construct): DoorcodeMetrics {
  const { stackName } = Stack.of(scope);
  return {
    of: (metricName, { statistic = 'Sum', period = fiveMinutes, label } = {}) =>
      new Metric({
        namespace: 'Doorcode',
        metricName,
        dimensionsMap: { service: stackName },
        statistic,
        period,
        ...(label !== undefined && { label }),
      }),
  };
}

export const fiveMinutes = Duration.minutes(5);
export const oneDay = Duration.days(1);
