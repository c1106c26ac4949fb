/** R9: what the design of sessions promises, a suite for each row that has one here. */
import type { Suite } from '../figure.ts';
import { alteredTokens } from './altered-tokens.ts';
import { rowsByTests } from './by-tests.ts';
import { sessionCanaries } from './canaries.ts';
import { sessionEnds } from './ends.ts';
import { everyOrder } from './every-order.ts';
import { sessionFaults } from './faults-of-sessions.ts';
import { sessionHistories } from './histories-of-sessions.ts';
import { hostileRefreshes } from './hostile-refreshes.ts';
import { sessionMutants } from './mutants-of-sessions.ts';
import { secretRotations } from './secret-rotations.ts';
import { sessionRaces } from './session-races.ts';
import { thieves } from './thieves.ts';

export const sessionSuites: readonly Suite[] = [
  hostileRefreshes,
  everyOrder,
  thieves,
  ...sessionRaces,
  sessionEnds,
  sessionHistories,
  sessionFaults,
  secretRotations,
  alteredTokens,
  ...rowsByTests,
  sessionCanaries,
  sessionMutants,
];
