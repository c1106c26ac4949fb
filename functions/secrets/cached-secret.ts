/**
 * A secret in memory, with an age. Fresh for a minute, then refreshed before use; and with Secrets Manager down the last
 * good value serves for a day. A function that keeps its first value for ever is what makes rotation fail elsewhere.
 */

import { type CachedValue, cacheValue } from '../runtime/cached-value.ts';
import type { Clock } from '../runtime/moment.ts';
import { secretFreshSeconds, secretLastGoodSeconds, secretRetrySeconds } from '../settings/fixed-numbers.ts';

export type CachedSecret<T> = Omit<CachedValue<T>, 'refresh'>;

/** Caches what `load` gives. Init reads it first, or the first request does. */
export function cacheSecret<T>(load: (signal: AbortSignal) => Promise<T>, clock: Clock): CachedSecret<T> {
  return cacheValue(load, clock, {
    freshSeconds: secretFreshSeconds,
    lastGoodSeconds: secretLastGoodSeconds,
    retrySeconds: secretRetrySeconds,
  });
}
