/**
 * A value in memory, with an age: fresh, then refreshed before use; and while loading fails, the last good value serves
 * for a while longer. The ages are the caller's.
 *
 * A load belongs to the request, or to the init, that began it, and ends with its signal: Lambda freezes a worker with
 * its answer, and what is under way then wakes with its time limits expired. So nothing is refreshed alongside an
 * answer, and a load whose signal is over counts for nobody.
 *
 * One load at a time. Whoever joins a load that another request began, and sees it fail, loads once more. A failure is
 * thrown only where there is no good value: before the first load, or when the last good one is too old.
 */
import { ageOf, type Clock, type Moment, momentOf, openPause } from './moment.ts';

export interface Ages {
  /** Served without a thought; past this age refreshed before use. */
  readonly freshSeconds: number;
  /** While loading fails, served up to this age. */
  readonly lastGoodSeconds: number;
  /** After a failure, served so long before the next try. */
  readonly retrySeconds: number;
}

/** Who asks. */
interface Reading {
  /** Over when the request is, or the init. */
  readonly signal: AbortSignal;
  /** Told of a load that began for this reading and failed within it, also where the last good value serves. */
  readonly onFailed?: (error: unknown) => void;
}

export interface CachedValue<T> {
  /** The value, refreshed as its age demands. */
  get(reading: Reading): Promise<T>;
  /** The last good value as it is, without a load; undefined without one, and when it is too old. */
  peek(): T | undefined;
  /** Loads whatever the age, or joins the load that is under way. */
  refresh(reading: Reading): Promise<T>;
  /** Loads anew whatever the age; a load that began earlier does not count, it may have read the old value. */
  reload(reading: Reading): Promise<T>;
  /** How old the value in use is; 0 without one. */
  ageSeconds(): number;
}

interface Good<T> {
  readonly value: T;
  /** When its load began: what is read may be as old as that. */
  readonly at: Moment;
}

interface Loading<T> {
  readonly signal: AbortSignal;
  readonly result: Promise<Good<T>>;
}

/** Caches what `load` gives; nothing is loaded before the first use. */
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
        // It came too late: the worker may have been frozen since, and the value be as old as the freeze is long.
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
    // Whoever began it may have ended before it.
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
