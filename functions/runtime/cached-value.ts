/**
 * A value in memory, with an age. While it is fresh, requests use it. Later a request refreshes it before use. While loads
 * fail, the last good value serves as the fallback for a limited time. The caller sets the ages.
 *
 * A load belongs to the request, or to the init, that began it, and ends with its signal. Lambda freezes a worker after
 * its answer, and a load that is still running then would wake up with expired timeouts. So nothing refreshes in the
 * background, and the cache discards a load whose signal is over.
 *
 * One load runs at a time. A request that joins another request's load and sees it fail loads once more. The cache throws
 * a failure only where it has no good value: before the first load, or when the last good one is too old.
 */
import { ageOf, type Clock, type Moment, momentOf, openPause } from './moment.ts';

export interface Ages {
  /** Up to this age requests use the value. Past it a request refreshes it before use. */
  readonly freshSeconds: number;
  /** Up to this age the value is the fallback while loads fail. */
  readonly lastGoodSeconds: number;
  /** After a failed load, the fallback serves this long before the next try. */
  readonly retrySeconds: number;
}

/** The request, or the init, that reads. */
interface Reading {
  /** Ends with the request or the init. */
  readonly signal: AbortSignal;
  /** Called when a load for this reading fails, even where the fallback serves. */
  readonly onFailed?: (error: unknown) => void;
}

export interface CachedValue<T> {
  /** The value, refreshed first where its age requires it. */
  get(reading: Reading): Promise<T>;
  /** The last good value as it is, without a load; undefined without one, and when it is too old. */
  peek(): T | undefined;
  /** Loads at any age, or joins the load that is running. */
  refresh(reading: Reading): Promise<T>;
  /** Starts a new load at any age. It joins no earlier load, which may have read the old value. */
  reload(reading: Reading): Promise<T>;
  /** How old the value in use is; 0 without one. */
  ageSeconds(): number;
}

interface Good<T> {
  readonly value: T;
  /** The moment at which its load began, because the value may be that old. */
  readonly at: Moment;
}

interface Loading<T> {
  readonly signal: AbortSignal;
  readonly result: Promise<Good<T>>;
}

/** Caches the result of `load`, which it calls at the first use. */
export function cacheValue<T>(
  load: (signal: AbortSignal) => Promise<T>,
  clock: Clock,
  ages: Ages,
): CachedValue<T> {
  let good: Good<T> | undefined;
  let loading: Loading<T> | undefined;
  const retry = openPause(clock);

  const start = (signal: AbortSignal): Promise<Good<T>> => {
    const at = momentOf(clock);
    const result = load(signal)
      .then((value) => {
        // The result came too late. The worker may have been frozen meanwhile, and the value may be as old as the freeze.
        signal.throwIfAborted();
        good = { value, at };
        return good;
      })
      .catch((error: unknown) => {
        if (!signal.aborted) retry.begin(ages.retrySeconds);
        throw error;
      })
      .finally(() => {
        if (loading?.result === result) loading = undefined;
      });
    // The request that began this load may have ended before the load.
    result.catch(() => undefined);
    loading = { signal, result };
    return result;
  };
  const underWay = (): Loading<T> | undefined => (loading?.signal.aborted ? undefined : loading);

  const refresh = async ({ signal, onFailed }: Reading): Promise<Good<T>> => {
    const joined = underWay();
    if (joined?.signal === signal) return joined.result;
    if (joined !== undefined) {
      const ofAnother = await joined.result.catch(() => undefined);
      if (ofAnother !== undefined) return ofAnother;
      const again = underWay();
      if (again !== undefined) return again.result;
    }
    return start(signal).catch((error: unknown) => {
      if (!signal.aborted) onFailed?.(error);
      throw error;
    });
  };

  return {
    ageSeconds: () => (good === undefined ? 0 : ageOf(clock, good.at).seconds),
    peek: () => (good && ageOf(clock, good.at).seconds <= ages.lastGoodSeconds ? good.value : undefined),
    refresh: async (reading) => (await refresh(reading)).value,
    async reload(reading): Promise<T> {
      await underWay()?.result.catch(() => undefined);
      return (await refresh(reading)).value;
    },
    async get(reading): Promise<T> {
      if (good === undefined) return (await refresh(reading)).value;
      const { value, at } = good;
      const { seconds, isUnknown } = ageOf(clock, at);
      if (!isUnknown && seconds <= ages.freshSeconds) return value;
      const isOutdated = seconds > ages.lastGoodSeconds;
      if (retry.isOn && !isOutdated) return value;
      try {
        return (await refresh(reading)).value;
      } catch (error) {
        if (isOutdated) throw error;
        return value;
      }
    },
  };
}
