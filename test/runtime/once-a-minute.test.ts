import { expect, it } from 'vitest';
import { isDueThisMinute } from '../../functions/runtime/once-a-minute.ts';

const minuteBegin = 1_800_000_000;

it('a name is due once in each minute of the clock, at its first and at its last second', () => {
  const asked = [0, 1, 59, 60, 119, 120, 600, 659].map((s) => isDueThisMinute('a', minuteBegin + s));
  expect(asked).toEqual([true, false, false, true, false, true, true, false]);
});

it('names do not hold each other back', () => {
  expect(['b', 'c', 'b', 'c'].map((name) => isDueThisMinute(name, minuteBegin))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('a clock that goes back to an earlier minute makes a name due again', () => {
  const asked = [0, 60, 0, 30].map((s) => isDueThisMinute('d', minuteBegin + s));
  expect(asked).toEqual([true, true, true, false]);
});
