/**
 * The metrics of the local account: those that functions wrote to their logs in CloudWatch's embedded format, and those
 * that somebody has put by hand.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import * as v from 'valibot';
import type { AccountState, PutMetric } from './account-state.ts';

const embeddedSchema = v.looseObject({
  _aws: v.object({
    Timestamp: v.number(),
    CloudWatchMetrics: v.array(
      v.object({
        Namespace: v.string(),
        Dimensions: v.array(v.array(v.string())),
        Metrics: v.array(v.object({ Name: v.string(), Unit: v.optional(v.string(), 'None') })),
      }),
    ),
  }),
});

/** Every value of every metric. */
export function metricsOf({ logLines, putMetrics }: AccountState): readonly PutMetric[] {
  return [...logLines.flatMap(({ line }) => embeddedIn(line)), ...putMetrics];
}

function embeddedIn(line: string): readonly PutMetric[] {
  if (!line.includes('CloudWatchMetrics')) return [];
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), embeddedSchema), line);
  if (!parsed.success) return [];
  const { _aws, ...members } = parsed.output;
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      Dimensions.flatMap((names) =>
        listOf(members[Name]).map((value) => ({
          namespace: Namespace,
          name: Name,
          dimensions: Object.fromEntries(names.map((name) => [name, String(members[name])])),
          value: Number(value),
          unit: Unit,
          atMs: _aws.Timestamp,
        })),
      ),
    ),
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
