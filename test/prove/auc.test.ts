/** The measure of the proof's timings; the timings themselves are no test (`npm run prove -- R6`). */
import { expect, it } from 'vitest';
import { areaUnderCurve } from '../../prove/answers/auc.ts';
import { seeded } from '../../prove/seeded.ts';

it('is 1 where all of the left is below the right, 0 where it is above, and a half where they are the same', () => {
  expect(areaUnderCurve([1, 2, 3], [4, 5])).toBe(1);
  expect(areaUnderCurve([4, 5], [1, 2, 3])).toBe(0);
  expect(areaUnderCurve([1, 2, 3], [1, 2, 3])).toBe(0.5);
  expect(areaUnderCurve([7, 7], [7])).toBe(0.5);
});

it('counts the pairs in order, and equal ones half', () => {
  const chance = seeded(7);
  const sample = (size: number) => Array.from({ length: size }, () => chance.below(20));
  for (let i = 0; i < 50; i += 1) {
    const [left, right] = [sample(1 + chance.below(12)), sample(1 + chance.below(12))];
    const wins = left.flatMap((a) => right.map((b): number => (a < b ? 1 : a === b ? 0.5 : 0)));
    const mean = wins.reduce((sum, win) => sum + win, 0) / wins.length;
    expect(areaUnderCurve(left, right)).toBeCloseTo(mean, 12);
  }
});
