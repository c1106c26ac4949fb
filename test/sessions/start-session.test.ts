/** How sessions start, which sessions go for a new one, and that an end stays an end. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { SessionsRecord } from '../../functions/sessions/session-record.ts';
import type { SessionStore } from '../../functions/sessions/session-store.ts';
import { maxPruneTries } from '../../functions/settings/fixed-numbers.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const attempt = 'a'.repeat(16);
const daySeconds = 86_400;
const noSessions: SessionsRecord = { sessions: [], damaged: [], endedAt: 0 };

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(async () => table.stop());

const flow = (...args: Parameters<typeof startSessionFlow> extends [unknown, ...infer R] ? R : never) =>
  startSessionFlow(table, ...args);
type Flow = ReturnType<typeof flow>;

const ids = async (f: Flow) => (await f.record(number)).sessions.map(({ id }) => id).toSorted();

async function started(f: Flow, win: Parameters<Flow['start']>[1] = {}) {
  const outcome = await f.start(number, win);
  if (outcome.tag !== 'started') throw new Error(`not started: ${outcome.reason}`);
  return outcome;
}

it.each([
  ['Pixel 9', 'Pixel 9'],
  ['  Pixel 9 ', 'Pixel 9'],
  [' ', ''],
  [' '.repeat(24), ''],
])('shows the label %j as %j: blanks alone are none', async (label, shown) => {
  const f = flow();
  await started(f, { label });
  expect((await f.record(number)).sessions).toMatchObject([{ label: shown }]);
});

it('starts at generation 0, at the time of the win, with its label', async () => {
  const f = flow();
  f.state.now += 3;
  const { grant, ...rest } = await started(f, { verifiedAt: 1_800_000_100, label: 'Pixel 9' });
  expect(grant).toMatchObject({ begunAt: 1_800_000_100, issuedAt: 1_800_000_100, expiresAt: 1_800_001_000 });
  expect(rest).toMatchObject({ sessionExpiresInSeconds: 60 * daySeconds - 3, otherSessions: 0, evicted: 0 });
  expect(await f.record(number)).toEqual({
    damaged: [],
    endedAt: 0,
    sessions: [
      {
        id: grant.sessionId,
        generation: 0,
        refreshedAt: 1_800_000_100,
        begunAt: 1_800_000_100,
        attempt: '-',
        attemptBefore: '-',
        label: 'Pixel 9',
      },
    ],
  });
  const item = await table.read(f.itemKey(number));
  expect(item?.['ttl']?.N).toBe(String(1_800_000_103 + 61 * daySeconds));
  expect(JSON.stringify(item)).not.toContain('9876543210');
});

it('gives the same session to the win that is answered again, until it was refreshed', async () => {
  const f = flow();
  const win = { challengeId: 'c'.repeat(22), idempotencyKey: 'k'.repeat(16), verifiedAt: f.state.now };
  const one = await started(f, win);
  f.state.now += 50;
  const again = await started(f, { ...win, label: 'other' });
  expect(again.grant).toEqual(one.grant);
  expect((await f.record(number)).sessions).toHaveLength(1);
  await f.refresh(one.grant.refreshToken, attempt);
  expect(await f.start(number, win)).toEqual({ tag: 'not-started', reason: 'moved-on' });
});

it.each<[string, (f: Flow, token: string) => Promise<unknown>]>([
  ['revoked', (f, token) => f.revoke(token)],
  ['ended from the list', (f, token) => f.list(token, 'all')],
  ['ended by an operator', (f) => f.endAll(number)],
  [
    'reused',
    async (f, token) => {
      await f.refresh(token, attempt);
      await f.refresh(token, 'b'.repeat(16));
    },
  ],
])('a session that was %s does not start again with its win, not even in the same second', async (_, end) => {
  const f = flow();
  const win = { challengeId: 'c'.repeat(22), idempotencyKey: 'k'.repeat(16), verifiedAt: f.state.now };
  const { grant } = await started(f, win);
  await end(f, grant.refreshToken);
  expect(await ids(f)).toEqual([]);
  expect(await f.start(number, win)).toEqual({ tag: 'not-started', reason: 'ended' });
  // Nor where the end was noted by a worker whose clock is behind.
  f.state.now -= 120;
  expect(await f.start(number, win)).toEqual({ tag: 'not-started', reason: 'ended' });
  f.state.now += 121;
  await started(f);
});

it('a revoke does not move the time of a later end back', async () => {
  const f = flow();
  const [one, two] = [await f.signIn(number), await f.signIn(number)];
  f.state.now += 100;
  await f.revoke(one);
  f.state.now -= 50;
  await f.revoke(two);
  expect((await f.record(number)).endedAt).toBe(1_800_000_200);
});

it('evicts the session that was refreshed longest ago, and no more than it must', async () => {
  const f = flow({ sessions: { perNumber: 3 } });
  const tokens: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    f.state.now += 10;
    tokens.push(await f.signIn(number));
  }
  f.state.now += 10;
  await f.refresh(tokens[0] ?? '', attempt);
  f.state.now += 10;
  const fourth = await started(f);
  expect(fourth).toMatchObject({ evicted: 1, otherSessions: 2, notPruned: undefined });
  expect((await f.record(number)).endedAt).toBe(0);
  expect(await f.refresh(tokens[1] ?? '', attempt)).toMatchObject({ reason: 'absent' });
  expect(await f.refresh(tokens[2] ?? '', attempt)).toMatchObject({ tag: 'refreshed' });
});

it('with one session a number, a sign-in ends the one before, whatever the clock of the last refresh', async () => {
  const f = flow({ sessions: { perNumber: 1 } });
  const token = await f.signIn(number);
  f.state.now += 100;
  await f.refresh(token, attempt);
  f.state.now -= 2;
  const { grant } = await started(f);
  expect(await ids(f)).toEqual([grant.sessionId]);
});

it('an evicted session does not come back with its win', async () => {
  const f = flow({ sessions: { perNumber: 1 } });
  const win = { challengeId: 'c'.repeat(22), idempotencyKey: 'k'.repeat(16), verifiedAt: f.state.now };
  await started(f, win);
  f.state.now += 10;
  const { grant } = await started(f);
  f.state.now += 10;
  expect(await f.start(number, win)).toEqual({ tag: 'not-started', reason: 'evicted' });
  expect(await ids(f)).toEqual([grant.sessionId]);
});

it.each(['never landed', 'landed'])(
  'gives no token to a win whose own eviction %s, as far as anybody knows, and the next asking tells',
  async (how) => {
    const f = flow({ sessions: { perNumber: 1 } });
    const win = { challengeId: 'c'.repeat(22), idempotencyKey: 'k'.repeat(16), verifiedAt: f.state.now };
    await started(f, win);
    f.state.now += 10;
    const { grant } = await started(f);
    f.state.around = (store) => ({
      ...store,
      prune: async (step) => {
        if (how === 'landed') await store.prune(step);
        throw new Unavailable('table', 'TimeoutError');
      },
    });
    expect(await f.start(number, win)).toEqual({
      tag: 'not-started',
      reason: 'unknown',
      detail: 'table: TimeoutError',
    });
    f.state.around = (store) => store;
    expect(await f.start(number, win)).toEqual({ tag: 'not-started', reason: 'evicted' });
    expect(await ids(f)).toEqual([grant.sessionId]);
  },
);

it('never evicts a session that is refreshed meanwhile', async () => {
  const f = flow({ sessions: { perNumber: 2 } });
  const oldest = await f.signIn(number);
  f.state.now += 10;
  const other = await f.signIn(number);
  f.state.now += 10;
  let seen = 0;
  f.state.around = (store) => ({
    ...store,
    prune: async (step) => {
      seen += 1;
      if (seen === 1) {
        f.state.now += 1;
        await store.refresh({ ...step, id: step.evicted[0]?.id ?? '', generation: 0, attempt: '-' });
      }
      return store.prune(step);
    },
  });
  expect(await started(f)).toMatchObject({ evicted: 1, otherSessions: 1 });
  f.state.around = (store) => store;
  expect(seen).toBe(2);
  expect(await f.refresh(oldest)).toMatchObject({ tag: 'refreshed' });
  expect(await f.refresh(other)).toMatchObject({ reason: 'absent' });
});

it('removes dead sessions, and counts none of them', async () => {
  const f = flow();
  await f.signIn(number);
  f.state.now += 60 * daySeconds;
  expect(await started(f)).toMatchObject({ evicted: 1, otherSessions: 0 });
});

it.each([
  ['public', 1],
  ['attested', 1],
  ['device', 0],
  ['test', 0],
] as const)(
  'a sign-in in the lane %s ends %d session from before the number may have changed hands',
  async (lane, evicted) => {
    const f = flow();
    let token = await f.signIn(number, { lane: 'device' });
    for (let days = 0; days < 90; days += 45) {
      f.state.now += 45 * daySeconds;
      const outcome = await f.refresh(token, attempt);
      token = outcome.tag === 'refreshed' ? outcome.grant.refreshToken : '';
    }
    const before = f.state.now;
    // A test number's sessions stand apart from those of its owner.
    const otherSessions = lane === 'test' ? 0 : 1;
    expect(await started(f, { lane })).toMatchObject({ evicted: 0, otherSessions });
    f.state.now = before + 1;
    expect(await started(f, { lane })).toMatchObject({ evicted });
  },
);

it('keeps the sign-in where the table does not answer, and says why', async () => {
  const f = flow();
  const down = async (): Promise<never> => {
    throw new Unavailable('table', 'TimeoutError');
  };
  f.state.around = (store) => ({ ...store, start: down });
  expect(await f.start(number)).toEqual({
    tag: 'not-started',
    reason: 'unknown',
    detail: 'table: TimeoutError',
  });
  f.state.around = (store) => ({ ...store, prune: down });
  const g = flow({ sessions: { perNumber: 1 } });
  await g.signIn(number);
  g.state.around = f.state.around;
  expect(await g.start(number)).toMatchObject({ tag: 'started', evicted: 0, notPruned: 'TimeoutError' });
});

it('a start whose answer got lost finds itself, and still prunes', async () => {
  const f = flow({ sessions: { perNumber: 1 } });
  await f.signIn(number);
  f.state.now += 1;
  const twice = (store: SessionStore): SessionStore => ({
    ...store,
    start: async (step) => {
      await store.start(step);
      return store.start(step);
    },
  });
  f.state.around = twice;
  expect(await started(f)).toMatchObject({ evicted: 1, otherSessions: 0 });
});

it('100 parallel answers to one win start one session with one token', async () => {
  const f = flow();
  const win = { challengeId: 'c'.repeat(22), idempotencyKey: 'k'.repeat(16), verifiedAt: f.state.now };
  const all = await Promise.all(Array.from({ length: 100 }, () => started(f, win)));
  expect(new Set(all.map(({ grant }) => grant.refreshToken)).size).toBe(1);
  expect(await ids(f)).toHaveLength(1);
});

it.each([1, 3, 8])(
  '%d sessions a number, and three more at once while the oldest refreshes',
  async (perNumber) => {
    for (let round = 0; round < 10; round += 1) {
      const f = flow({ sessions: { perNumber } });
      const oldest = await f.signIn(number);
      for (let i = 1; i < perNumber; i += 1) {
        f.state.now += 1;
        await f.signIn(number);
      }
      f.state.now += 10;
      const [refreshed] = await Promise.all([
        f.refresh(oldest, attempt),
        ...Array.from({ length: perNumber + 3 }, () => f.start(number)),
      ]);
      const record = await f.record(number);
      expect(record.sessions.length).toBeLessThanOrEqual(perNumber);
      expect(record.sessions.length).toBeGreaterThan(0);
      if (perNumber > 1 && refreshed?.tag === 'refreshed') {
        // It counts as used just now; others, that started in the same second, may be kept before it.
        expect(record.damaged).toEqual([]);
      }
    }
  },
);

it('tells no more time than the setting gives, after a win by a clock that is ahead', async () => {
  const f = flow({ sessions: { idleDays: 1, absoluteDays: 1 } });
  const { sessionExpiresInSeconds } = await started(f, { verifiedAt: f.state.now + 120 });
  expect(sessionExpiresInSeconds).toBe(daySeconds);
});

it('starts no session that is over already, because notBefore is later than the win', async () => {
  const notBefore = new Date(1_800_000_101_000).toISOString().replace('.000Z', 'Z');
  const f = flow({ sessions: { notBefore } });
  expect(await f.start(number)).toEqual({ tag: 'not-started', reason: 'not-before' });
  expect(await table.read(f.itemKey(number))).toBeUndefined();
  f.state.now += 1;
  await started(f);
});

it('counts no session that is over, although it could not be removed', async () => {
  const f = flow();
  await f.signIn(number);
  f.state.now += 60 * daySeconds;
  f.state.around = (store) => ({
    ...store,
    prune: async () => {
      throw new Unavailable('table', 'TimeoutError');
    },
  });
  expect(await started(f)).toMatchObject({ otherSessions: 0, evicted: 0, notPruned: 'TimeoutError' });
});

it('gives up removing sessions that keep changing, keeps the sign-in, and says so', async () => {
  const f = flow({ sessions: { perNumber: 1 } });
  await f.signIn(number);
  f.state.now += 10;
  let calls = 0;
  f.state.around = (store) => ({
    ...store,
    prune: async ({ phoneKey }) => {
      calls += 1;
      return { tag: 'refused', record: (await store.read(phoneKey)) ?? noSessions };
    },
  });
  const kept = { otherSessions: 1, evicted: 0, notPruned: 'they keep changing' };
  expect(await started(f)).toMatchObject(kept);
  expect(calls).toBe(maxPruneTries);
});

it('is not started where another sign-in evicted it between two tries to remove others', async () => {
  const f = flow({ sessions: { perNumber: 1 } });
  await f.signIn(number);
  f.state.now += 10;
  let calls = 0;
  f.state.around = (store) => ({
    ...store,
    prune: async () => {
      calls += 1;
      return { tag: 'refused', record: noSessions };
    },
  });
  expect(await f.start(number)).toEqual({ tag: 'not-started', reason: 'evicted' });
  expect(calls).toBe(1);
});

it('of two that must go and are over, both go, and the own session is no surplus', async () => {
  const f = flow({ sessions: { perNumber: 2 } });
  await f.signIn(number);
  await f.signIn(number);
  f.state.now += 60 * daySeconds;
  expect(await started(f)).toMatchObject({ evicted: 2, otherSessions: 0 });
  expect(await ids(f)).toHaveLength(1);
});

it('an eviction that may take others alone keeps the sign-in when the table does not answer', async () => {
  const f = flow({ sessions: { perNumber: 3 } });
  for (let i = 0; i < 3; i += 1) await f.signIn(number);
  f.state.now += 10;
  f.state.around = (store) => ({
    ...store,
    prune: async () => {
      throw new Unavailable('table', 'TimeoutError');
    },
  });
  expect(await started(f)).toMatchObject({ otherSessions: 3, notPruned: 'TimeoutError' });
});
