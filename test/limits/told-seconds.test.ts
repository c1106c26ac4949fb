import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitSeconds } from '../../functions/limits/sliding-window.ts';
import { toldSeconds } from '../../functions/limits/told-seconds.ts';

/** Times as a table may hold them: whole, broken, in the past, far in the future, and at DynamoDB's limits. */
const anyTime = fc.oneof(
  fc.nat(3e9),
  fc.double({ noNaN: true, min: -9.9e125, max: 9.9e125 }),
  fc.constantFrom(9.9e125, -9.9e125, 1e-130, 1.5, Number.MAX_SAFE_INTEGER),
);

describe('seconds that a client is told', () => {
  it.each([
    [299.2, 300, 300],
    [300, 300, 300],
    [420, 300, 300],
    [9.9e125, 300, 300],
    [Number.POSITIVE_INFINITY, 300, 300],
    [Number.NaN, 300, 300],
    [-1, 300, 0],
    [0, 300, 0],
    [0.001, 300, 1],
  ])('%d of at most %i are told as %i', (seconds, atMost, told) => {
    expect(toldSeconds(seconds, atMost)).toBe(told);
  });

  it('of a wait are whole and within the longest window, whatever the register holds', () => {
    const limits = [
      { count: 1, windowSeconds: 30 },
      { count: 3, windowSeconds: 600 },
    ];
    fc.assert(
      fc.property(fc.array(anyTime, { maxLength: 20 }), (times) => {
        const wait = waitSeconds(limits, times, 1_800_000_000);
        return Number.isInteger(wait) && wait >= 0 && wait <= 600;
      }),
    );
  });
});
