/** Random histories of one number, on a real table server, against the model of what is promised. */
import { expect, it } from 'vitest';
import { randomHistories } from '../../prove/histories/histories.ts';
import { smallRun } from './small-run.ts';

it('random histories go as promised, and no code that was used works again', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await randomHistories(smallRun(0.05));
  console.info(seen);
  expect(violations).toEqual([]);
});
