/**
 * R9, rows 4, 5 and 7: calls about one number's sessions that meet at the table. A gate in front of the table server holds
 * them until all are there.
 */
import { setTimeout } from 'node:timers/promises';
import type { SessionGrant } from '../../functions/sessions/session-ports.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import { type SessionFlow, startSessionFlow } from '../../test-kit/session-flow.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type GatedTable, startGatedTable } from '../races/gated-table.ts';
import { seeded } from '../seeded.ts';

const rounds = 200;
const refreshesAtOnce = 60;
const replaysAtOnce = 100;
const startsTooMany = 3;
/** Calls that do not meet within this time did not race, which is a violation. */
const meetWithinMs = 30_000;

interface Round {
  readonly flow: SessionFlow;
  readonly number: string;
  /** Runs calls whose first writes meet at the table. */
  meet<T>(calls: readonly (() => Promise<T>)[]): Promise<readonly T[]>;
  wrong(sentence: string): void;
}

interface Row {
  readonly id: Figure['id'];
  readonly what: (rounds: number) => string;
  readonly goal: string;
  readonly seen: (counts: Counts) => string;
  readonly play: (round: Round, counts: Counts, chance: ReturnType<typeof seeded>) => Promise<void>;
}

interface Counts {
  rounds: number;
  written: number;
  again: number;
  refused: number;
  /** The most sessions that a number was left with. */
  most: number;
}

/** Row 4. A copy of a token is used while the owner goes on refreshing. */
const reuse: Row = {
  id: 'R9, row 4',
  what: (count) => `${count} uses of an old token while the other party refreshes`,
  goal: '200 removed; never another session',
  seen: ({ rounds: played, refused, written }) =>
    `${refused} of ${played} removed, while the other party refreshed ${written} times`,
  play: async ({ flow, number, meet, wrong }, counts, chance) => {
    const other = await flow.signIn(number);
    flow.state.now += 1_000;
    const old = await flow.signIn(number);
    flow.state.now += 1_000;
    const present = await refreshed(flow, old, attemptOf(0));
    flow.state.now += 1_000;
    const isThere = { token: present.refreshToken };
    const chain = async (): Promise<void> => {
      for (let i = 1; i <= 2 + chance.below(6); i += 1) {
        const outcome = await flow.refresh(isThere.token, attemptOf(i));
        if (outcome.tag !== 'refreshed') return;
        counts.written += 1;
        isThere.token = outcome.grant.refreshToken;
      }
    };
    const thief = async (): Promise<void> => {
      const outcome = await flow.refresh(old, 'an attempt of the thief');
      if (outcome.tag !== 'invalid-grant' || outcome.reason !== 'reuse') wrong(`the thief: ${outcome.tag}`);
    };
    await meet([chain, thief]);
    const after = await flow.refresh(isThere.token, 'an attempt afterwards');
    if (after.tag === 'invalid-grant') counts.refused += 1;
    else wrong(`the session is still there: ${after.tag}`);
    if ((await flow.refresh(other, attemptOf(0))).tag !== 'refreshed') wrong('another session is gone');
  },
};

/** Row 5. The same refresh many times at once. */
const sameAttempt: Row = {
  id: 'R9, row 5',
  what: (count) => `${refreshesAtOnce} parallel refreshes × ${count} rounds, same attempt`,
  goal: '1 write; one refresh token, one jti',
  seen: ({ rounds: played, written, again }) =>
    `${written} writes in ${played} rounds; ${again} times the same again`,
  play: async ({ flow, number, meet, wrong }, counts) => {
    const token = await flow.signIn(number);
    flow.state.now += 1_000;
    const outcomes = await meet(
      Array.from({ length: refreshesAtOnce }, () => () => flow.refresh(token, attemptOf(0))),
    );
    const grants = outcomes.flatMap((outcome) => (outcome.tag === 'refreshed' ? [outcome] : []));
    const writes = grants.filter(({ isReplay }) => !isReplay).length;
    if (grants.length !== refreshesAtOnce) wrong(`${refreshesAtOnce - grants.length} without a token`);
    if (writes !== 1) wrong(`${writes} writes`);
    if (new Set(grants.map(({ grant }) => JSON.stringify(grant))).size !== 1) wrong('different answers');
    const [session] = (await flow.record(number)).sessions;
    if (session?.generation !== 1) wrong(`generation ${session?.generation}`);
    counts.written += writes;
    counts.again += grants.length - writes;
  },
};

/** Row 7, first half. The answer of a win is asked for many times at once. */
const replays: Row = {
  id: 'R9, row 7, replays',
  what: (count) => `${replaysAtOnce} parallel replays of a win × ${count} rounds`,
  goal: 'one map, one token',
  seen: ({ rounds: played, again, most }) =>
    `${most} map at most in ${played} rounds; ${again} answers with the same token`,
  play: async ({ flow, number, meet, wrong }, counts) => {
    const win = { challengeId: `challenge-of-${number}`, idempotencyKey: 'idempotency-key-0001' };
    const verifiedAt = flow.state.now;
    const outcomes = await meet(
      Array.from({ length: replaysAtOnce }, () => () => flow.start(number, { ...win, verifiedAt })),
    );
    const grants = outcomes.flatMap((outcome) => (outcome.tag === 'started' ? [outcome.grant] : []));
    if (grants.length !== replaysAtOnce) wrong(`${replaysAtOnce - grants.length} without a token`);
    if (new Set(grants.map(({ refreshToken }) => refreshToken)).size !== 1) wrong('different tokens');
    const { sessions } = await flow.record(number);
    counts.most = Math.max(counts.most, sessions.length);
    if (sessions.length !== 1) wrong(`${sessions.length} maps`);
    counts.again += grants.length;
  },
};

/** Row 7, second half. More sign-ins at once than a number may have sessions, while the oldest session is in use. */
const tooMany: Row = {
  id: 'R9, row 7, starts',
  what: (count) => `perNumber + ${startsTooMany} starts at once while the oldest refreshes × ${count} rounds`,
  goal: 'at most perNumber; a refreshed one is never evicted',
  seen: ({ rounds: played, written, refused, most }) =>
    `at most ${most} sessions in ${played} rounds; the oldest refreshed first ${written} times, was evicted first ${refused} times`,
  play: async ({ flow, number, meet, wrong }, counts, chance) => {
    const { perNumber } = flow.state.rules;
    const oldest = await flow.signIn(number);
    flow.state.now += 1_000;
    for (let i = 1; i < perNumber; i += 1) await flow.signIn(number);
    flow.state.now += 1_000;
    const verifiedAt = flow.state.now;
    flow.state.now += 1;
    const held: { grant?: SessionGrant } = {};
    const refresh = async (): Promise<void> => {
      const outcome = await flow.refresh(oldest, attemptOf(0));
      if (outcome.tag === 'refreshed') held.grant = outcome.grant;
    };
    const starts = Array.from({ length: perNumber + startsTooMany }, () => async () => {
      const outcome = await flow.start(number, { verifiedAt });
      if (outcome.tag === 'started' && outcome.notPruned !== undefined)
        wrong(`not pruned: ${outcome.notPruned}`);
    });
    // Before the others, or somewhere between their writes.
    if (chance.next() < 0.3) await meet([refresh, ...starts]);
    else await Promise.all([meet(starts), setTimeout(chance.below(40)).then(refresh)]);
    const { sessions } = await flow.record(number);
    counts.most = Math.max(counts.most, sessions.length);
    if (sessions.length > perNumber) wrong(`${sessions.length} sessions`);
    if (held.grant === undefined) {
      counts.refused += 1;
      return;
    }
    counts.written += 1;
    const { sessionId, refreshToken } = held.grant;
    if (!sessions.some(({ id }) => id === sessionId)) wrong('a session that had been refreshed was evicted');
    if ((await flow.refresh(refreshToken, attemptOf(1))).tag !== 'refreshed') wrong('it does not refresh');
  },
};

/** Each row's suite. */
export const sessionRaces = [reuse, sameAttempt, replays, tooMany].map((row) => (run: Run) => race(row, run));

async function race(row: Row, { seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const chance = seeded(seed);
  const gated = await startGatedTable(replaysAtOnce);
  const client = plainClient(gated.endpoint, replaysAtOnce);
  const table = { ...gated.table, client, singleTryClient: () => client };
  const total = scaled(rounds, { scale });
  const violations: string[] = [];
  const counts: Counts = { rounds: 0, written: 0, again: 0, refused: 0, most: 0 };
  try {
    for (let i = 0; i < total && !signal.aborted; i += 1) {
      const wrong = (sentence: string): void => void violations.push(`round ${i}: ${sentence}`);
      const flow = startSessionFlow(table);
      const number = `+91${9_000_000_000 + i}`;
      await row.play({ flow, number, meet: (calls) => meet(gated, calls, wrong), wrong }, counts, chance);
      counts.rounds += 1;
      onProgress(`${counts.rounds} of ${total} rounds, ${violations.length} violations`);
    }
  } finally {
    client.destroy();
    await gated.stop();
  }
  signal.throwIfAborted();
  return {
    id: row.id,
    what: row.what(counts.rounds),
    goal: row.goal,
    seen: row.seen(counts),
    method:
      'the flows themselves on the real table server; a gate lets the first calls of a round meet at the table',
    seed,
    violations,
  };
}

async function meet<T>(
  { gate }: GatedTable,
  calls: readonly (() => Promise<T>)[],
  wrong: (sentence: string) => void,
): Promise<readonly T[]> {
  gate.hold({ action: 'other' }, calls.length);
  const met = new AbortController();
  setTimeout(meetWithinMs, undefined, { signal: met.signal }).then(
    () => {
      wrong('the calls did not meet at the table');
      gate.open();
    },
    () => undefined,
  );
  try {
    return await Promise.all(calls.map((call) => call()));
  } finally {
    met.abort();
  }
}

async function refreshed(flow: SessionFlow, token: string, attempt: string): Promise<SessionGrant> {
  const outcome = await flow.refresh(token, attempt);
  if (outcome.tag !== 'refreshed') throw new Error(`expected a refresh, got ${outcome.tag}`);
  return outcome.grant;
}

const attemptOf = (generation: number): string => `an attempt of generation ${generation}`;
