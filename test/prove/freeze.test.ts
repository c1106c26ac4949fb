/** A few requests of each kind; `npm run prove -- R10` makes 200. */
import { expect, it } from 'vitest';
import { frozenWorkers } from '../../prove/freeze/freeze.ts';
import { smallRun } from './small-run.ts';

it('a freeze after init or between events is no error, and keeps no worker from the kill switch', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await frozenWorkers(smallRun(0.04));
  console.info(seen);
  expect(violations).toEqual([]);
});
