/**
 * A secret in memory, with an age. It is fresh for a minute. Later a request refreshes it before use. While Secrets Manager
 * fails, the last good value is the fallback for a day. Without a refresh, a worker would never notice a rotation.
 */

import { type CachedValue, cacheValue } from '../runtime/cached-value.ts';
import type { Clock } from '../runtime/moment.ts';
import { secretFreshSeconds, secretLastGoodSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';

export type CachedSecret<T> = Omit<CachedValue<T>, 'refresh'>;

/** Caches the result of `load`. Init, or else the first request, loads it first. */
export function cacheSecret<T>(load: (signal: AbortSignal) => Promise<T>, clock: Clock): CachedSecret<T> {
  return cacheValue(load, clock, {
    freshSeconds: secretFreshSeconds,
    lastGoodSeconds: secretLastGoodSeconds,
    retrySeconds: secretRetrySeconds,
  });
}
