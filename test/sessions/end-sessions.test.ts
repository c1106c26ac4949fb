/** Revoke, list, end from the list, end by an operator: over a real table server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { itemBytes } from '../../bench/item-bytes.ts';
import { parseControls } from '../../functions/otp/controls.ts';
import { drawChallengeId } from '../../functions/otp/request-id.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { SessionsRecord } from '../../functions/sessions/session-record.ts';
import type { SessionStore } from '../../functions/sessions/session-store.ts';
import { maxEndTries } from '../../functions/settings/fixed-numbers.ts';
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

async function refreshed(f: Flow, token: string): Promise<string> {
  const outcome = await f.refresh(token, attempt);
  if (outcome.tag !== 'refreshed') throw new Error(outcome.tag);
  return outcome.grant.refreshToken;
}

/** The id of the token's own session, as its list has it. */
async function ownIdOf(f: Flow, token: string): Promise<string> {
  const listed = await f.list(token);
  if (listed.tag !== 'sessions') throw new Error(listed.tag);
  return listed.sessions.find(({ current }) => current)?.id ?? '';
}

const noCalls = (): SessionStore => {
  const called = async (): Promise<never> => {
    throw new Error('called');
  };
  return { start: called, refresh: called, prune: called, end: called, read: called };
};

it('revokes with any generation, ends that session alone, and notes when', async () => {
  const f = flow();
  const other = await f.signIn(number);
  const first = await f.signIn(number);
  const second = await refreshed(f, first);
  f.state.now += 5;
  expect(await f.revoke(first)).toMatchObject({ tag: 'revoked' });
  expect(await f.refresh(second, attempt)).toMatchObject({ reason: 'absent' });
  expect((await f.record(number)).endedAt).toBe(f.state.now);
  await refreshed(f, other);
});

it.each([0, 1, 120])(
  'an end of what a worker %i s ahead began keeps new sessions out until its clock is past, and it never lives again',
  async (aheadSeconds) => {
    const f = flow();
    const now = f.state.now;
    const verifiedAt = now + aheadSeconds;
    const win = { challengeId: drawChallengeId(), idempotencyKey: 'k'.repeat(16), verifiedAt };
    f.state.now = verifiedAt;
    const token = await f.signIn(number, win);
    f.state.now = now;
    expect(await f.revoke(token)).toMatchObject({ tag: 'revoked' });
    for (const seconds of new Set([0, aheadSeconds, aheadSeconds + 1])) {
      f.state.now = now + seconds;
      expect(await f.start(number, win)).toMatchObject({ tag: 'not-started', reason: 'ended' });
      const { tag } = await f.start(number);
      expect([seconds, tag]).toEqual([seconds, seconds > aheadSeconds ? 'started' : 'not-started']);
    }
  },
);

it('answers a revoke of nothing alike, and writes nothing for it', async () => {
  const f = flow();
  const token = await f.signIn(number);
  await f.revoke(token);
  const before = await table.read(f.itemKey(number));
  f.state.now += 5;
  expect(await f.revoke(token)).toMatchObject({ tag: 'nothing-to-revoke' });
  expect(await table.read(f.itemKey(number))).toEqual(before);
  // No item at all.
  const g = flow();
  g.state.secret = f.state.secret;
  const unknown = await g.signIn('+919876543211');
  await g.endAll('+919876543211');
  expect(await g.revoke(unknown)).toMatchObject({ tag: 'nothing-to-revoke' });
});

it('makes no item where there is none', async () => {
  const f = flow();
  const lost = await flow({}, 'i'.repeat(64)).signIn(number);
  const g = flow({}, 'i'.repeat(64));
  const key = g.itemKey(number);
  const { DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
  await table.client.send(new DeleteItemCommand({ TableName: table.tableName, Key: { pk: { S: key } } }));
  expect(await g.revoke(lost)).toMatchObject({ tag: 'nothing-to-revoke' });
  expect(await g.refresh(lost, attempt)).toMatchObject({ tag: 'invalid-grant', reason: 'absent' });
  expect(await g.list(lost, 'all')).toMatchObject({ tag: 'invalid-grant', reason: 'absent' });
  expect(await g.endAll(number)).toEqual({ ended: 0 });
  expect(await table.read(key)).toBeUndefined();
  expect(await table.read(f.itemKey(number))).toBeUndefined();
});

it('costs no call for a forged token', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  f.state.around = noCalls;
  expect(await f.refresh(forged, attempt)).toMatchObject({ tag: 'invalid-grant', reason: 'forged' });
  expect(await f.revoke(forged)).toMatchObject({ tag: 'nothing-to-revoke' });
  expect(await f.list(forged, 'all')).toMatchObject({ tag: 'invalid-grant', reason: 'forged' });
});

it('calls an unknown key forged only if the worker knows the secret well', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const { secretVersion } = await import('../../test-kit/session-flow.ts');
  f.state.secret = { current: secretVersion('later', f.state.now - 3600), previous: undefined };
  f.state.around = noCalls;
  for (const secretAgeSeconds of [0, 600]) {
    f.state.secretAgeSeconds = secretAgeSeconds;
    expect(await f.refresh(token, attempt)).toMatchObject({ tag: 'invalid-grant', reason: 'unknown-key' });
    expect(await f.revoke(token)).toMatchObject({ tag: 'nothing-to-revoke' });
  }
  for (const secretAgeSeconds of [601, 86_400, Number.NaN]) {
    f.state.secretAgeSeconds = secretAgeSeconds;
    const unavailable = { tag: 'temporarily-unavailable', reason: 'secret-outdated' };
    expect(await f.refresh(token, attempt)).toMatchObject(unavailable);
    expect(await f.revoke(token)).toMatchObject(unavailable);
    expect(await f.list(token)).toMatchObject(unavailable);
  }
});

it('lists days and labels, newest sign-in first, and never who refreshed when', async () => {
  const f = flow();
  const first = await f.signIn(number, { label: 'Pixel 9' });
  f.state.now += 86_400;
  const second = await f.signIn(number);
  const listed = await f.list(second);
  expect(listed).toMatchObject({
    tag: 'sessions',
    ended: 0,
    sessions: [
      { label: '', begun: '2027-01-16', lastUsed: '2027-01-16', current: true },
      { label: 'Pixel 9', begun: '2027-01-15', lastUsed: '2027-01-15', current: false },
    ],
  });
  f.state.now += 3600;
  await refreshed(f, first);
  f.state.now += 60;
  const later = await f.list(second);
  f.state.now += 60;
  expect(await f.list(second)).toEqual(later);
  if (later.tag !== 'sessions') throw new Error(later.tag);
  for (const session of later.sessions)
    expect(Object.keys(session).toSorted()).toEqual(['begun', 'current', 'id', 'label', 'lastUsed']);
  // The day is all that changed, and not the order.
  expect(later.sessions.map(({ lastUsed }) => lastUsed)).toEqual(['2027-01-16', '2027-01-16']);
});

it('shows nothing to an older generation, and ends nothing for it', async () => {
  const f = flow();
  const first = await f.signIn(number);
  const second = await refreshed(f, first);
  const before = await table.read(f.itemKey(number));
  for (const end of [undefined, 'others', 'all'] as const)
    expect(await f.list(first, end)).toMatchObject({ tag: 'invalid-grant', reason: 'older-generation' });
  expect(await table.read(f.itemKey(number))).toEqual(before);
  await refreshed(f, second);
});

it('shows nothing for a session that is over', async () => {
  const f = flow();
  const token = await f.signIn(number);
  f.state.now += 60 * 86_400;
  expect(await f.list(token, 'all')).toMatchObject({ tag: 'invalid-grant', reason: 'idle' });
});

it('ends the others, all, or those with the ids', async () => {
  const f = flow();
  const tokens = [
    await f.signIn(number),
    await f.signIn(number),
    await f.signIn(number),
    await f.signIn(number),
  ];
  const own = tokens[0] ?? '';
  const all = await f.list(own);
  if (all.tag !== 'sessions') throw new Error(all.tag);
  expect(all.sessions).toHaveLength(4);
  const [one] = all.sessions.filter(({ current }) => !current);
  const fewer = await f.list(own, [one?.id ?? '', 'x'.repeat(16)]);
  expect(fewer).toMatchObject({ ended: 1 });
  expect(fewer.tag === 'sessions' && fewer.sessions.map(({ id }) => id)).not.toContain(one?.id);
  f.state.now += 7;
  expect(await f.list(own, 'others')).toMatchObject({ ended: 2, sessions: [{ current: true }] });
  expect((await f.record(number)).endedAt).toBe(f.state.now);
  expect(await f.list(own, 'others')).toMatchObject({ ended: 0, sessions: [{ current: true }] });
  const next = await refreshed(f, own);
  expect(await f.list(next, 'all')).toMatchObject({ ended: 1, sessions: [] });
  expect(await f.refresh(next, attempt)).toMatchObject({ reason: 'absent' });
});

it('ends others although they are refreshed at the same moment', async () => {
  const f = flow();
  const other = await f.signIn(number);
  const own = await f.signIn(number);
  let stolen = other;
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      f.state.around = (plain) => plain;
      stolen = await refreshed(f, stolen);
      return store.end(step);
    },
  });
  expect(await f.list(own, 'others')).toMatchObject({ ended: 1 });
  expect(await f.refresh(stolen, attempt)).toMatchObject({ reason: 'absent' });
});

it('ends nothing where the own session was refreshed meanwhile', async () => {
  const f = flow();
  const other = await f.signIn(number);
  const own = await f.signIn(number);
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      f.state.around = (plain) => plain;
      await refreshed(f, own);
      return store.end(step);
    },
  });
  expect(await f.list(own, 'others')).toMatchObject({ tag: 'invalid-grant', reason: 'older-generation' });
  await refreshed(f, other);
});

it.each(['all', 'others'] as const)('an end of %s whose answer got lost comes out as done', async (end) => {
  const f = flow();
  await f.signIn(number);
  const own = await f.signIn(number);
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      await store.end(step);
      return store.end(step);
    },
  });
  expect(await f.list(own, end)).toMatchObject({ tag: 'sessions', ended: end === 'all' ? 2 : 1 });
});

it.each(['revoke', 'reuse'] as const)('a %s whose answer got lost comes out the same', async (event) => {
  const f = flow();
  const token = await f.signIn(number);
  if (event === 'reuse') await refreshed(f, token);
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      await store.end(step);
      return store.end(step);
    },
  });
  if (event === 'revoke') expect((await f.revoke(token)).tag).toMatch(/^revoked$|^nothing-to-revoke$/);
  else expect(await f.refresh(token, 'b'.repeat(16))).toMatchObject({ reason: 'reuse' });
  expect((await f.record(number)).sessions).toEqual([]);
});

it.each(['never landed', 'landed, and its answer got lost'])(
  'a revoke that %s is not confirmed',
  async (how) => {
    const f = flow();
    const token = await f.signIn(number);
    f.state.now += 100;
    f.state.around = (store) => ({
      ...store,
      end: async (step) => {
        if (how !== 'never landed') await store.end(step);
        throw new Unavailable('TABLE_NAME', 'TimeoutError');
      },
    });
    await expect(f.revoke(token)).rejects.toThrow(Unavailable);
    f.state.around = (store) => store;
    expect((await f.revoke(token)).tag).toBe(how === 'never landed' ? 'revoked' : 'nothing-to-revoke');
  },
);

it('ends every session of a number, those that start meanwhile included', async () => {
  const f = flow();
  const tokens = [await f.signIn(number), await f.signIn(number)];
  let more = '';
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      if (more === '') more = await f.signIn(number);
      return store.end(step);
    },
  });
  expect(await f.endAll(number)).toEqual({ ended: 3 });
  f.state.around = (store) => store;
  for (const token of [...tokens, more])
    expect(await f.refresh(token, attempt)).toMatchObject({ reason: 'absent' });
  expect(await f.endAll(number)).toEqual({ ended: 0 });
});

it('a test number’s list is over with the number, and waits while the controls cannot be read', async () => {
  const f = flow({ testNumbersUntil: '2027-12-31' });
  const token = await f.signIn(number, { lane: 'test' });
  expect(await f.list(token)).toMatchObject({ tag: 'invalid-grant', reason: 'test-number' });
  f.state.controls = undefined;
  expect(await f.list(token)).toMatchObject({ tag: 'temporarily-unavailable', reason: 'controls' });
  expect(await f.revoke(token)).toMatchObject({ tag: 'revoked' });
});

it('ten sessions with the longest labels and generations fit into 1 KB', async () => {
  const f = flow({ sessions: { perNumber: 10 } });
  for (let i = 0; i < 10; i += 1) await f.signIn(number, { label: 'x'.repeat(24) });
  const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
  const { sessions } = await f.record(number);
  for (const { id } of sessions) {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.tableName,
        Key: { pk: { S: f.itemKey(number) } },
        UpdateExpression: 'SET #s.g = :g, #s.a = :h, #s.p = :h, endedAt = :t',
        ExpressionAttributeNames: { '#s': `s${id}` },
        ExpressionAttributeValues: {
          ':g': { N: '4294967294' },
          ':h': { S: 'h'.repeat(11) },
          ':t': { N: '1800000100' },
        },
      }),
    );
  }
  expect((await f.record(number)).sessions).toHaveLength(10);
  expect(itemBytes((await table.read(f.itemKey(number))) ?? {})).toBeLessThanOrEqual(1024);
});

it('whoever knows the fixed code of a test number reaches none of the sessions of its owner', async () => {
  const f = flow({ testNumbersUntil: '2027-12-31', sessions: { perNumber: 1 } });
  f.state.controls = parseControls(
    JSON.stringify({ testNumbers: [{ phoneNumber: number, code: '402961', until: '2027-12-31' }] }),
  );
  const owner = await f.signIn(number, { label: 'owner' });
  f.state.now += 1;
  const tester = await f.signIn(number, { lane: 'test', label: 'tester' });
  const listed = await f.list(tester, 'all');
  expect(listed).toMatchObject({ tag: 'sessions', ended: 1, sessions: [] });
  const kept = await f.list(owner);
  expect(kept).toMatchObject({ sessions: [{ label: 'owner', current: true }] });
  f.state.now += 10;
  await f.signIn(number, { lane: 'test' });
  expect(await f.endAll(number)).toEqual({ ended: 2 });
  expect(await f.refresh(owner, attempt)).toMatchObject({ tag: 'invalid-grant' });
});

it('lists the sessions that are not over: the newest sign-in first, and those of one second by their ids', async () => {
  const f = flow();
  await f.signIn(number, { label: 'over' });
  f.state.now += 30 * daySeconds;
  const token = await f.signIn(number, { label: 'same second' });
  for (let i = 0; i < 3; i += 1) await f.signIn(number, { label: 'same second' });
  f.state.now += 10 * daySeconds;
  await f.signIn(number, { label: 'newest' });
  f.state.now += 20 * daySeconds;
  expect((await f.record(number)).sessions).toHaveLength(6);
  const listed = await f.list(token);
  if (listed.tag !== 'sessions') throw new Error(listed.tag);
  const [newest, ...others] = listed.sessions;
  expect(newest).toMatchObject({ label: 'newest' });
  expect(others.map(({ label }) => label)).toEqual(Array.from({ length: 4 }, () => 'same second'));
  const ids = others.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
});

it('ends nothing, and says so, where others were ended meanwhile and the own session is still there', async () => {
  const f = flow();
  await f.signIn(number);
  const own = await f.signIn(number);
  f.state.around = (store) => ({
    ...store,
    end: async (step) => ({ tag: 'refused', record: (await store.read(step.phoneKey)) ?? noSessions }),
  });
  // Nothing but a damaged item refuses an end whose condition holds.
  expect(await f.list(own, 'all')).toMatchObject({ tag: 'temporarily-unavailable', reason: 'damaged' });
  f.state.around = (store) => store;
  expect(await f.list(own)).toMatchObject({ sessions: [{}, {}] });
});

it('shows and ends nothing with a damaged session, and keeps it for who mends it', async () => {
  const f = flow();
  const other = await f.signIn(number);
  const own = await f.signIn(number);
  const ownId = await ownIdOf(f, own);
  const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { pk: { S: f.itemKey(number) } },
      UpdateExpression: 'SET #s.b = :text',
      ExpressionAttributeNames: { '#s': `s${ownId}` },
      ExpressionAttributeValues: { ':text': { S: 'text' } },
    }),
  );
  const damaged = { tag: 'temporarily-unavailable', reason: 'damaged', phoneNumber: number };
  expect(await f.list(own)).toEqual(damaged);
  expect(await f.list(own, 'all')).toEqual(damaged);
  expect(await f.revoke(own)).toEqual(damaged);
  expect((await f.record(number)).damaged).toEqual([ownId]);
  expect(await f.refresh(other, attempt)).toMatchObject({ tag: 'refreshed' });
});

it('asks the table no more often than the limit for a revoke that it refuses without a reason', async () => {
  const f = flow();
  const token = await f.signIn(number);
  let calls = 0;
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      calls += 1;
      return { tag: 'refused', record: (await store.read(step.phoneKey)) ?? noSessions };
    },
  });
  expect(await f.revoke(token)).toMatchObject({ tag: 'temporarily-unavailable', reason: 'damaged' });
  expect(calls).toBe(maxEndTries);
});
