/** A wall clock and a monotonic one that a test moves, together and apart. */
import type { Clock } from '../../functions/runtime/moment.ts';

export interface TestClocks extends Clock {
  /** Moves both clocks, as passing time does. */
  pass(ms: number): void;
  /** Sets the wall clock alone, as a correction does. */
  setWall(byMs: number): void;
  /** Moves only the monotonic clock. */
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
