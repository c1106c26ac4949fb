/** Clocks and signals for tests of caches and pauses. */
import type { Clock } from '../../functions/runtime/moment.ts';

/** Both clocks, moved together; `now` gives seconds. */
export function bothClocks(now: () => number): Clock {
  return { wallSeconds: now, monotonicSeconds: now };
}

/** The signal of a request that never ends. */
export const neverOver: AbortSignal = new AbortController().signal;
