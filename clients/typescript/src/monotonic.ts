/** The one clock: it only goes forward, starts with the app, and nobody sets it. */

// React Native has it, and its types do not say so.
declare const performance: { now(): number };

/** Milliseconds. */
export function monotonicMs(): number {
  return performance.now();
}
