/**
 * Reports each decision once: a line in the log and a count in the metrics. The line is an object, which Lambda's JSON log
 * format keeps unchanged. Its reasons are our own words, and it never has a number, a code, a token, a key or a body. The
 * metrics go to the log in CloudWatch's embedded format, so the request path makes no call and does not wait.
 */
import { randomUUID } from 'node:crypto';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { messages } from '#messages';
import type { Variable } from '../settings/environment.ts';
import { epochSeconds } from './clock.ts';
import type { MessageCode } from './message-codes.ts';
import { countedBy } from './metric-groups.ts';
import { isDueThisMinute } from './once-a-minute.ts';
import { supportReferenceOf } from './support-reference.ts';

export interface Decision {
  readonly code: MessageCode;
  /** The gateway's id of the request, which the app got as `instance`. The line has its support reference beside it. */
  readonly requestId: string;
  /** The HTTP status that the app got. */
  readonly status?: number | undefined;
  /** The wait that the app was told. */
  readonly retryAfterSeconds?: number | undefined;
  /** The reason, in one or two words of our own. */
  readonly reason?: string | undefined;
  /** The dependency that failed: the name of its variable, or `table`. */
  readonly dependency?: string | undefined;
  /** The id of a secret's version in Secrets Manager. */
  readonly versionId?: string | undefined;
  /** A keyed hash of the number: equal for equal numbers, and useless to anybody without the key. */
  readonly numberTag?: string | undefined;
  /** Who ran a command of support, as the command says; CloudTrail has the proof. */
  readonly askedBy?: string;
  /** The provider's id of the SMS, with which it tells the fate of the message. */
  readonly messageId?: string | undefined;
}

/** The measurements of one request. */
export interface Measures {
  /** From connect to the provider's last byte. */
  readonly providerLatencyMs?: number | undefined;
  /** The age in memory of the provider key that the worker used. */
  readonly keyAgeSeconds?: number;
}

/** The dimension `service` is the stack: an account may have several. */
const metrics = new Metrics({
  namespace: 'Doorcode',
  serviceName: process.env['STACK_NAME' satisfies Variable] ?? 'Doorcode',
});

/**
 * The id of the request that init rehearses: what is reported of it is made and thrown away. Drawn anew in each worker,
 * so that no event can name it and go unseen.
 */
export const rehearsalId: string = randomUUID();

/** Said once a minute: its alarm takes the highest age of a minute, in which an age grows by no more than 60 s. */
const keyAge = 'provider-key.age';

/** What stands in place of a request's id where a worker reports something that no call caused. */
const ofNoCall: readonly string[] = ['init', 'worker'];

/** Writes the line and the metrics of one decision. The line of an error says what to do about it. */
export function report(decision: Decision, measures: Measures = {}): void {
  const { level, action } = messages[decision.code];
  const isRehearsal = decision.requestId === rehearsalId;
  const isOfCall = !ofNoCall.includes(decision.requestId);
  const supportReference = isOfCall ? supportReferenceOf(decision.requestId) : undefined;
  // Every line above level info says what to do.
  const line = { ...decision, supportReference, action: level === 'info' ? undefined : action };
  if (!isRehearsal) console[level](withoutUndefined(line));
  for (const [name, count] of countedBy(decision.code)) metrics.addMetric(name, MetricUnit.Count, count);
  const { providerLatencyMs, keyAgeSeconds } = measures;
  if (providerLatencyMs !== undefined) {
    metrics.addMetric('provider.latency', MetricUnit.Milliseconds, Math.round(providerLatencyMs));
  }
  if (keyAgeSeconds !== undefined && (isRehearsal || isDueThisMinute(keyAge, epochSeconds()))) {
    metrics.addMetric(keyAge, MetricUnit.Seconds, Math.round(keyAgeSeconds));
  }
  if (isRehearsal) throwAway();
  else metrics.publishStoredMetrics();
}

function withoutUndefined(line: object): object {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
}

function throwAway(): void {
  metrics.serializeMetrics();
  metrics.clearMetrics();
}

/**
 * Counts a call with a provider key by the id of its secret version. When `used` of the old version stops, people can
 * revoke that key, so each worker counts it once in every minute with a use. Published at once, so that no other metric
 * gets the dimension.
 */
export function countKey(metric: 'provider-key.used' | 'provider-key.rejected', versionId: string): void {
  if (metric === 'provider-key.used' && !isDueThisMinute(`${metric} ${versionId}`, epochSeconds())) return;
  metrics.addDimension('versionId', versionId);
  metrics.addMetric(metric, MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}
