/**
 * A secret in memory, with an age. Fresh for a minute; then refreshed alongside a request; past five minutes
 * refreshed before use; and with Secrets Manager down the last good value serves for a day. A function that keeps
 * its first value for ever is what makes rotation fail elsewhere.
 *
 * One load at a time. A failure is thrown only where there is no good value: before the first load, or after a day.
 * Whoever learns that the value no longer works reloads it out of turn; how often is for the caller to limit.
 */
import {
  secretFreshSeconds,
  secretLastGoodSeconds,
  secretRetrySeconds,
  secretStaleSeconds,
} from '../otp/policy.ts';

export interface CachedSecret<T> {
  /** The value, refreshed as its age demands. */
  get(): Promise<T>;
  /** The last good value as it is, without a load; undefined without one, and after a day. */
  peek(): T | undefined;
  /** Loads anew whatever the age; a load that began earlier does not count, it may have read the old value. */
  reload(): Promise<T>;
  /** How old the value in use is; 0 without one. */
  ageSeconds(): number;
}

interface Good<T> {
  readonly value: T;
  /** Epoch seconds. */
  readonly loadedAt: number;
}

/** Caches what `load` gives and starts loading at once. `now` gives epoch seconds. */
export function cacheSecret<T>(load: () => Promise<T>, now: () => number): CachedSecret<T> {
  let good: Good<T> | undefined;
  let loading: Promise<Good<T>> | undefined;
  let retryAt = 0;

  const refresh = (): Promise<Good<T>> => {
    loading ??= load()
      .then((value) => {
        good = { value, loadedAt: now() };
        return good;
      })
      .catch((error: unknown) => {
        retryAt = now() + secretRetrySeconds;
        throw error;
      })
      .finally(() => {
        loading = undefined;
      });
    loading.catch(() => undefined);
    return loading;
  };

  refresh();

  return {
    ageSeconds: () => (good === undefined ? 0 : now() - good.loadedAt),
    peek: () => (good && now() - good.loadedAt <= secretLastGoodSeconds ? good.value : undefined),
    async reload(): Promise<T> {
      await loading?.catch(() => undefined);
      return (await refresh()).value;
    },
    async get(): Promise<T> {
      if (good === undefined) return (await refresh()).value;
      const { value, loadedAt } = good;
      const ageSeconds = now() - loadedAt;
      if (ageSeconds <= secretFreshSeconds) return value;
      const isOutdated = ageSeconds > secretLastGoodSeconds;
      if (now() < retryAt && !isOutdated) return value;
      const refreshed = refresh();
      if (ageSeconds <= secretStaleSeconds) return value;
      return isOutdated ? (await refreshed).value : (await refreshed.catch(() => ({ value }))).value;
    },
  };
}
