/**
 * The metrics that alarms and dashboard look at: those of our functions, which are the message codes and what is
 * measured beside them, and sums of them. A name that the code does not write is a type error.
 *
 * A metric without a count in a period has no value there, and an expression of it has none either: in every sum a
 * missing value is filled with 0.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MessageCode } from '../functions/http/message-codes.ts';

/** What the functions measure beside their codes (`functions/http/report.ts`), without the metrics by key version. */
type Measured = 'provider.latency' | 'provider-key.age';

interface Reading {
  readonly statistic?: string;
  readonly period?: Duration;
  readonly label?: string;
}

/** Our metrics, as one stack writes them. */
export interface DoorcodeMetrics {
  /** One metric: its sum over five minutes, unless said otherwise. */
  of(name: MessageCode | Measured, reading?: Reading): Metric;
  /** The sum of several, at most 10 in an alarm, times `factor`. */
  sum(
    names: readonly MessageCode[],
    reading?: Pick<Reading, 'period' | 'label'> & { factor?: number },
  ): MathExpression;
}

/** The metrics of the stack that `scope` is in. Their dimension `service` is its name. */
export function metricsOf(scope: Construct): DoorcodeMetrics {
  const { stackName } = Stack.of(scope);
  const of: DoorcodeMetrics['of'] = (metricName, { statistic = 'Sum', period = fiveMinutes, label } = {}) =>
    new Metric({
      namespace: 'Doorcode',
      metricName,
      dimensionsMap: { service: stackName },
      statistic,
      period,
      ...(label !== undefined && { label }),
    });
  return {
    of,
    sum: (names, { period = fiveMinutes, label, factor = 1 } = {}) => {
      const terms = names.map((name) => [idOf(name), of(name, { period })] as const);
      const sum = terms.map(([id]) => `FILL(${id}, 0)`).join(' + ');
      return new MathExpression({
        expression: factor === 1 ? sum : `${factor} * (${sum})`,
        usingMetrics: Object.fromEntries(terms),
        period,
        label: label ?? names.join(' + '),
      });
    },
  };
}

export const fiveMinutes = Duration.minutes(5);
export const oneDay = Duration.days(1);

/** An id in an expression: lower case first, letters, digits and underscores. */
function idOf(name: MessageCode): string {
  return name.replace(/[^a-z]/g, '_');
}
