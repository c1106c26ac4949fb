/** Pauses and ages by two clocks that run together, apart, and backwards. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startElapsed, startPause } from '../../functions/otp/elapsed.ts';
import { testClocks } from '../support/clocks.ts';

describe('what has passed', () => {
  it('is what either clock says, the larger one', () => {
    const clocks = testClocks();
    const elapsedMs = startElapsed(clocks);
    expect(elapsedMs()).toBe(0);
    clocks.pass(1_000);
    expect(elapsedMs()).toBe(1_000);
    clocks.setWall(500);
    expect(elapsedMs()).toBe(1_500);
    clocks.passMonotonic(2_000);
    expect(elapsedMs()).toBe(3_000);
  });

  it('is without end once a clock ran backwards', () => {
    const clocks = testClocks();
    const elapsedMs = startElapsed(clocks);
    clocks.setWall(-1);
    expect(elapsedMs()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a pause', () => {
  it('counts down in whole seconds, rounded up, and is over at its end', () => {
    const clocks = testClocks();
    const left = startPause(clocks, 3);
    expect(left()).toBe(3);
    clocks.pass(1);
    expect(left()).toBe(3);
    clocks.pass(2_998);
    expect(left()).toBe(1);
    clocks.pass(1);
    expect(left()).toBe(0);
  });

  it.each([-400_000, -1, 3_000, 400_000])('is over when the wall clock was set by %i ms', (byMs) => {
    const clocks = testClocks();
    const left = startPause(clocks, 3);
    clocks.setWall(byMs);
    expect(left()).toBe(0);
  });

  it('is over when the monotonic clock alone says so', () => {
    const clocks = testClocks();
    const left = startPause(clocks, 3);
    clocks.passMonotonic(3_000);
    expect(left()).toBe(0);
  });

  it('is never longer than it was meant, whatever the clocks do', () => {
    const moves = fc.array(fc.record({ wall: fc.integer({ min: -1e7, max: 1e7 }), monotonic: fc.nat(1e6) }));
    fc.assert(
      fc.property(fc.nat(600), moves, (seconds, all) => {
        const clocks = testClocks();
        const left = startPause(clocks, seconds);
        return all.every(({ wall, monotonic }) => {
          clocks.setWall(wall);
          clocks.passMonotonic(monotonic);
          return left() >= 0 && left() <= seconds && Number.isInteger(left());
        });
      }),
    );
  });
});
