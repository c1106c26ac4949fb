/** A wall clock and a monotonic one that a test moves, together and apart. */
import type { Clock } from '../../functions/runtime/moment.ts';

export interface TestClocks extends Clock {
  /** Time passes: both clocks move. */
  pass(ms: number): void;
  /** Somebody sets the wall clock; the monotonic one goes on. */
  setWall(byMs: number): void;
  /** Only the monotonic clock moves. */
  passMonotonic(ms: number): void;
}

/** Clocks that stand still until a test moves them. */
export function testClocks(startWallMs = 1_800_000_000_000): TestClocks {
  let wallMs = startWallMs;
  let monotonicMs = 5_000;
  return {
    wallSeconds: () => wallMs / 1000,
    monotonicSeconds: () => monotonicMs / 1000,
    pass: (ms) => {
      wallMs += ms;
      monotonicMs += ms;
    },
    setWall: (byMs) => {
      wallMs += byMs;
    },
    passMonotonic: (ms) => {
      monotonicMs += ms;
    },
  };
}
