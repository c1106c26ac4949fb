/** Clocks and signals for tests of what ages. */
import type { Clock } from '../../functions/runtime/moment.ts';

/** Both clocks, moved together; `now` gives seconds. */
export function bothClocks(now: () => number): Clock {
  return { wallSeconds: now, monotonicSeconds: now };
}

/** Of a request that never ends. */
export const neverOver: AbortSignal = new AbortController().signal;
