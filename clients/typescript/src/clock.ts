/**
 * The client's clock. `performance.now` stops while a phone sleeps, and anybody may set the time of day, so the client
 * combines both. The monotonic clock counts. A time of day that ran ahead of it shows how long the phone slept. Setting the
 * time of day back changes nothing. A wait is over as soon as either clock says so, and the server decides anyway.
 */

export interface Clock {
  /** Milliseconds on a scale that only goes forward. */
  now(): number;
  /** The time of day, for what must be dated over a restart; 0 where there is none. */
  wallMs(): number;
}

/** Smaller differences are drift, or a clock that is being corrected. */
const driftMs = 10_000;

/** A clock on two others, each in milliseconds. */
export function openClock(monotonicMs: () => number, timeOfDayMs: () => number): Clock {
  let counted = 0;
  let sleptMs = 0;
  let aheadMs: number | undefined;
  const wallMs = (): number => finite(timeOfDayMs, 0);
  return {
    wallMs,
    now: () => {
      counted = Math.max(counted, finite(monotonicMs, counted));
      const ahead = wallMs() - counted;
      aheadMs ??= ahead;
      if (ahead > aheadMs + driftMs) sleptMs += ahead - aheadMs;
      if (Math.abs(ahead - aheadMs) > driftMs) aheadMs = ahead;
      return counted + sleptMs;
    },
  };
}

/** Reads a clock from the app. A clock that throws or is broken stands still. */
function finite(read: () => number, otherwise: number): number {
  try {
    const value = read();
    return Number.isFinite(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

// React Native has it, and its types do not say so. Some engines lack it.
interface Engine {
  readonly Date: unknown;
  readonly performance?: { now(): number };
}

/** The engine's own monotonic clock. */
export function monotonicMs(): number {
  const { performance }: Engine = globalThis;
  return performance?.now() ?? 0;
}

/** The one look at the time of day. */
export function timeOfDayMs(): number {
  return Date.now();
}
