/** An outage of some seconds; `npm run prove -- R4` plays ten. */
import { expect, it } from 'vitest';
import { providerBack } from '../../prove/faults/provider-back.ts';
import { smallRun } from './small-run.ts';

it('a provider that is back serves everybody within 15 s, and was called once a second at most', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await providerBack(smallRun(0.035));
  console.info(seen);
  expect(violations).toEqual([]);
});
