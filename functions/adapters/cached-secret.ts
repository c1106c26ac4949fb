/**
 * A secret in memory, with an age. Fresh for a minute; then refreshed alongside a request; past five minutes
 * refreshed before use; and with Secrets Manager down the last good value serves for a day. A function that keeps
 * its first value for ever is what makes rotation fail elsewhere.
 */
import {
  secretFreshSeconds,
  secretLastGoodSeconds,
  secretRetrySeconds,
  secretStaleSeconds,
} from '../otp/policy.ts';
import { type CachedValue, cacheValue } from './cached-value.ts';

export type CachedSecret<T> = Omit<CachedValue<T>, 'refresh'>;

/** Caches what `load` gives and starts loading at once. `now` gives epoch seconds. */
export function cacheSecret<T>(load: () => Promise<T>, now: () => number): CachedSecret<T> {
  const secret = cacheValue(load, now, {
    freshSeconds: secretFreshSeconds,
    staleSeconds: secretStaleSeconds,
    lastGoodSeconds: secretLastGoodSeconds,
    retrySeconds: secretRetrySeconds,
  });
  secret.refresh().catch(() => undefined);
  return secret;
}
