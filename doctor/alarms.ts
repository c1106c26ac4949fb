/** The alarms of a stack, and the metrics that they watch. */

import { type DeployedStack, ofType, type Resource } from './deployed-stack.ts';
import { isRecord, listOf } from './differences.ts';

/** The alarms of the template. */
export function alarmsOf(stack: DeployedStack): readonly Resource[] {
  return ofType(stack, 'AWS::CloudWatch::Alarm');
}

/** The topics that they tell. */
export function topicsOf(stack: DeployedStack): readonly string[] {
  const actions = alarmsOf(stack).flatMap(({ properties }) => listOf(properties['AlarmActions']).map(String));
  return [...new Set(actions)].filter((arn) => /^arn:[^:]+:sns:/.test(arn));
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** The metrics that functions and filters write, and alarms watch. AWS's own metrics are no concern of ours. */
export function watchedMetrics(stack: DeployedStack): readonly Metric[] {
  const all = alarmsOf(stack).flatMap(({ properties }) => [
    ...metricIn(properties),
    ...listOf(properties['Metrics']).flatMap((query) => metricIn(Object(Object(query).MetricStat).Metric)),
  ]);
  return [...new Map(all.map((metric) => [keyOf(metric), metric])).values()];
}

/** Equal for equal metrics, whatever the order of their dimensions. */
export function keyOf({ namespace, name, dimensions }: Metric): string {
  const own = dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return [namespace, name, ...own].join('\n');
}

function metricIn(source: unknown): readonly Metric[] {
  if (!isRecord(source)) return [];
  const { Namespace: namespace, MetricName: name, Dimensions } = source;
  if (typeof namespace !== 'string' || typeof name !== 'string' || namespace.startsWith('AWS/')) return [];
  const dimensions = listOf(Dimensions).map((dimension) => {
    const { Name, Value } = Object(dimension);
    return { Name: String(Name), Value: String(Value) };
  });
  return [{ namespace, name, dimensions }];
}
