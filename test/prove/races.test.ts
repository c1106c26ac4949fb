/** Guesses and right codes of four processes that meet at the table. */
import { expect, it } from 'vitest';
import { guesses } from '../../prove/races/guesses.ts';
import { rightCodes } from '../../prove/races/right-codes.ts';
import { smallRun } from './small-run.ts';

it.each([
  ['guesses are never more than the budget, and at most one token', guesses],
  ['right codes are one token', rightCodes],
])('parallel %s', { timeout: 300_000 }, async (_, suite) => {
  const { seen, violations } = await suite(smallRun(0.002));
  console.info(seen);
  expect(violations).toEqual([]);
});
