/**
 * A value in memory, with an age: fresh, then refreshed alongside a request, then refreshed before use; and while
 * loading fails, the last good value serves for a while longer. The ages are the caller's.
 *
 * One load at a time, and none before the first use. A failure is thrown only where there is no good value: before
 * the first load, or when the last good one is too old. Whoever learns that the value no longer works loads it out
 * of turn; how often is for the caller to limit.
 */

export interface Ages {
  /** Served without a thought. */
  readonly freshSeconds: number;
  /** Up to this age served and refreshed alongside; past it, refreshed before use. */
  readonly staleSeconds: number;
  /** While loading fails, served up to this age. */
  readonly lastGoodSeconds: number;
  /** After a failure, served so long before the next try. */
  readonly retrySeconds: number;
}

export interface CachedValue<T> {
  /** The value, refreshed as its age demands. */
  get(): Promise<T>;
  /** The last good value as it is, without a load; undefined without one, and when it is too old. */
  peek(): T | undefined;
  /** Loads whatever the age, or joins the load that is under way. */
  refresh(): Promise<T>;
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

/** Caches what `load` gives. `now` gives epoch seconds. */
export function cacheValue<T>(load: () => Promise<T>, now: () => number, ages: Ages): CachedValue<T> {
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
        retryAt = now() + ages.retrySeconds;
        throw error;
      })
      .finally(() => {
        loading = undefined;
      });
    loading.catch(() => undefined);
    return loading;
  };

  return {
    ageSeconds: () => (good === undefined ? 0 : now() - good.loadedAt),
    peek: () => (good && now() - good.loadedAt <= ages.lastGoodSeconds ? good.value : undefined),
    refresh: async () => (await refresh()).value,
    async reload(): Promise<T> {
      await loading?.catch(() => undefined);
      return (await refresh()).value;
    },
    async get(): Promise<T> {
      if (good === undefined) return (await refresh()).value;
      const { value, loadedAt } = good;
      const ageSeconds = now() - loadedAt;
      if (ageSeconds <= ages.freshSeconds) return value;
      const isOutdated = ageSeconds > ages.lastGoodSeconds;
      if (now() < retryAt && !isOutdated) return value;
      const refreshed = refresh();
      if (ageSeconds <= ages.staleSeconds) return value;
      return isOutdated ? (await refreshed).value : (await refreshed.catch(() => ({ value }))).value;
    },
  };
}
