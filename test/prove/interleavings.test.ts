/** Every order in which the table calls of two actors can happen, and with the answer of each call lost. */
import { expect, it } from 'vitest';
import { interleavings } from '../../prove/races/interleavings.ts';
import { smallRun } from './small-run.ts';

it('in every order one code is one token, one intention one SMS, and nobody is locked out', {
  timeout: 300_000,
}, async () => {
  const { seen, violations } = await interleavings(smallRun(1));
  console.info(seen);
  expect(violations).toEqual([]);
});
