/** A share of the sign-ins whose consume loses its answer; `npm run prove -- R4` makes them all. */
import { expect, it } from 'vitest';
import { lostAnswers } from '../../prove/lost-answers/lost-answers.ts';
import { smallRun } from './small-run.ts';

it('a win whose answer got lost is found by the second try, however many writes have failed before', {
  timeout: 120_000,
}, async () => {
  // More for each worker than the SDK's shared quota would have let it try again.
  const { seen, violations } = await lostAnswers(smallRun(0.2));
  console.info(seen);
  expect(violations).toEqual([]);
});
