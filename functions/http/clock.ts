import type { Clocks } from '../otp/elapsed.ts';

/** The one place that reads the clock for a decision: whole epoch seconds, rounded down. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Both clocks of this worker, for pauses and ages. */
export const clocks: Clocks = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };
