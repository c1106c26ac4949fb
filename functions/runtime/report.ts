/**
 * One decision, reported once: a line in the log and a count in the metrics. The line is an object, which Lambda's JSON
 * log format keeps as it is; it has reasons in our own words, and never a number, a code, a token, a key or a body.
 * Metrics are written to the log in CloudWatch's embedded format: no call, and no wait, on the request path.
 */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Variable } from '../settings/environment.ts';
import { type MessageCode, messages } from './message-codes.ts';
import { countedBy } from './metric-groups.ts';

export interface Decision {
  readonly code: MessageCode;
  /** The gateway's id of the request, which the app got as `instance`. */
  readonly requestId: string;
  /** The HTTP status that the app got. */
  readonly status?: number;
  /** Why, in one or two words of ours. */
  readonly reason?: string;
  /** What failed, by the name of its variable, or `table`. */
  readonly dependency?: string;
  /** Which version of a secret, by its id in Secrets Manager. */
  readonly versionId?: string;
  /** A keyed hash that stands for the number: equal for equal numbers, and meaningless outside. */
  readonly numberTag?: string;
}

/** What was measured on the way. */
export interface Measures {
  /** From connect to the provider's last byte. */
  readonly providerLatencyMs?: number;
  /** How long the value of the provider's key in use has been in memory. */
  readonly keyAgeSeconds?: number;
}

/** The dimension `service` is the stack: an account may have several. */
const metrics = new Metrics({
  namespace: 'Doorcode',
  serviceName: process.env['STACK_NAME' satisfies Variable] ?? 'Doorcode',
});

/** Writes the line and the metrics of one decision. The line of an error says what to do about it. */
export function report(decision: Decision, measures: Measures = {}): void {
  const { level, action } = messages[decision.code];
  // What somebody has to act on says how.
  console[level](level === 'info' ? decision : { ...decision, action });
  for (const [name, count] of countedBy(decision.code)) metrics.addMetric(name, MetricUnit.Count, count);
  const { providerLatencyMs, keyAgeSeconds } = measures;
  if (providerLatencyMs !== undefined) {
    metrics.addMetric('provider.latency', MetricUnit.Milliseconds, Math.round(providerLatencyMs));
  }
  if (keyAgeSeconds !== undefined) metrics.addMetric('provider-key.age', MetricUnit.Seconds, keyAgeSeconds);
  metrics.publishStoredMetrics();
}

/**
 * Counts a call with a provider key under the id of its secret version: when `used` of the old one stays away, it
 * can be revoked. Published at once, so that the dimension is on no other metric.
 */
export function countKey(metric: 'provider-key.used' | 'provider-key.rejected', versionId: string): void {
  metrics.addDimension('versionId', versionId);
  metrics.addMetric(metric, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
