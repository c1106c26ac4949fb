/** The one place that reads the clocks for a decision. */
import type { Clock } from './moment.ts';

/** Whole epoch seconds, rounded down. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Both clocks of this worker, with fractions, for pauses and ages. */
export const clock: Clock = {
  wallSeconds: () => Date.now() / 1000,
  monotonicSeconds: () => performance.now() / 1000,
};
