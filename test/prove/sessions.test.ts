/** R9, small: the rows that play the flows of sessions, and the client, on a real table server. */
import { expect, it } from 'vitest';
import { alteredTokens } from '../../prove/sessions/altered-tokens.ts';
import { sessionEnds } from '../../prove/sessions/ends.ts';
import { everyOrder } from '../../prove/sessions/every-order.ts';
import { sessionFaults } from '../../prove/sessions/faults-of-sessions.ts';
import { sessionHistories } from '../../prove/sessions/histories-of-sessions.ts';
import { hostileRefreshes } from '../../prove/sessions/hostile-refreshes.ts';
import { secretRotations } from '../../prove/sessions/secret-rotations.ts';
import { sessionRaces } from '../../prove/sessions/session-races.ts';
import { thieves } from '../../prove/sessions/thieves.ts';
import { smallRun } from './small-run.ts';

const suites = [
  ['a hostile network and a locked keychain sign nobody out', hostileRefreshes, 0.01],
  ['two contexts lose no session, in every order with one thing going wrong', everyOrder, 0.1],
  ['a second use by a thief is found', thieves, 0.01],
  ...sessionRaces.map((suite, i) => [`calls that meet at the table, kind ${i + 1}`, suite, 0.1] as const),
  ['no session lives again after its end, whatever the order', sessionEnds, 0.15],
  ['random histories go as the model promises', sessionHistories, 0.05],
  ['no fault calls a live token invalid', sessionFaults, 0.02],
  ['rotations of the session secret sign nobody out', secretRotations, 0.1],
  ['no altered token is accepted or costs a call', alteredTokens, 0.02],
] as const;

it.each(suites)('%s', { timeout: 300_000 }, async (_, suite, scale) => {
  const { seen, violations } = await suite(smallRun(scale));
  console.info(seen);
  expect(violations).toEqual([]);
});
