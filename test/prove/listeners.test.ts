/** Requests of foreign pages and broken clients, against every listener of the local stack. */
import { expect, it } from 'vitest';
import { listeners } from '../../prove/listeners/listeners.ts';
import { smallRun } from './small-run.ts';

it('no request of a foreign page or a broken client reads, changes or ends the local stack', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await listeners(smallRun(0.025));
  console.info(seen);
  expect(violations).toEqual([]);
});
