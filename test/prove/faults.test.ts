/** Some of the cases of the fault suite, chosen by the seed; `npm run prove -- R4` plays them all. */
import { expect, it } from 'vitest';
import { nameOf } from '../../prove/faults/cell.ts';
import { allCells } from '../../prove/faults/cells.ts';
import { faults } from '../../prove/faults/faults.ts';
import { smallRun } from './small-run.ts';

it('no fault gives a token without a win, a second SMS, or an answer that is none of ours', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await faults(smallRun(0.01));
  console.info(seen);
  expect(violations).toEqual([]);
});

it('each case is another one', () => {
  const names = allCells().map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});
