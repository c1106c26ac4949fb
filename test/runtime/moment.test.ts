/** Pauses and ages by two clocks that run together, apart, and backwards. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOf, momentOf, openPause } from '../../functions/runtime/moment.ts';
import { type TestClocks, testClocks } from '../support/clocks.ts';

describe('an age', () => {
  it('is what either clock says, the larger one', () => {
    const clocks = testClocks();
    const since = momentOf(clocks);
    expect(ageOf(clocks, since)).toEqual({ seconds: 0, isUnknown: false });
    clocks.pass(1_000);
    expect(ageOf(clocks, since).seconds).toBe(1);
    clocks.setWall(500);
    expect(ageOf(clocks, since).seconds).toBe(1.5);
    clocks.passMonotonic(2_000);
    expect(ageOf(clocks, since)).toEqual({ seconds: 3, isUnknown: false });
  });

  it('is unknown once the wall clock went back', () => {
    const clocks = testClocks();
    const since = momentOf(clocks);
    clocks.setWall(-1);
    expect(ageOf(clocks, since).isUnknown).toBe(true);
  });
});

describe('a pause', () => {
  const begin = (clocks: TestClocks, seconds: number) => {
    const pause = openPause(clocks);
    pause.begin(seconds);
    return pause;
  };

  it('is not on before it is begun, and not after its end', () => {
    const pause = openPause(testClocks());
    expect([pause.isOn, pause.secondsLeft]).toEqual([false, 0]);
    pause.begin(3);
    expect([pause.isOn, pause.secondsLeft]).toEqual([true, 3]);
    pause.end();
    expect([pause.isOn, pause.secondsLeft]).toEqual([false, 0]);
  });

  it('counts down in whole seconds, rounded up', () => {
    const clocks = testClocks();
    const pause = begin(clocks, 3);
    clocks.pass(250);
    expect(pause.secondsLeft).toBe(3);
    clocks.pass(2_500);
    expect([pause.isOn, pause.secondsLeft]).toEqual([true, 1]);
    clocks.pass(250);
    expect([pause.isOn, pause.secondsLeft]).toEqual([false, 0]);
  });

  it.each([-400_000, -1_000, 3_000, 400_000])('is over when the wall clock was set by %i ms', (byMs) => {
    const clocks = testClocks();
    const pause = begin(clocks, 3);
    clocks.setWall(byMs);
    expect([pause.isOn, pause.secondsLeft]).toEqual([false, 0]);
  });

  it('is over when the monotonic clock alone says so', () => {
    const clocks = testClocks();
    const pause = begin(clocks, 3);
    clocks.passMonotonic(3_000);
    expect(pause.isOn).toBe(false);
  });

  it('is never longer than it was meant, whatever the clocks do', () => {
    const moves = fc.array(fc.record({ wall: fc.integer({ min: -1e7, max: 1e7 }), monotonic: fc.nat(1e6) }));
    fc.assert(
      fc.property(fc.nat(600), moves, (seconds, all) => {
        const clocks = testClocks();
        const pause = begin(clocks, seconds);
        return all.every(({ wall, monotonic }) => {
          clocks.setWall(wall);
          clocks.passMonotonic(monotonic);
          const { secondsLeft } = pause;
          return secondsLeft >= 0 && secondsLeft <= seconds && Number.isInteger(secondsLeft);
        });
      }),
    );
  });
});
