/** Every way in which a refresh can go, over a real table server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const attempt = 'a'.repeat(16);
const another = 'b'.repeat(16);
const daySeconds = 86_400;

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(async () => table.stop());

const flow = (...args: Parameters<typeof startSessionFlow> extends [unknown, ...infer R] ? R : never) =>
  startSessionFlow(table, ...args);

async function refreshed(f: ReturnType<typeof flow>, token: string, by?: string) {
  const outcome = await f.refresh(token, by);
  if (outcome.tag !== 'refreshed') throw new Error(`${outcome.tag} ${JSON.stringify(outcome)}`);
  return outcome;
}

it('gives the next generation, which refreshes again', async () => {
  const f = flow();
  const first = await f.signIn(number);
  f.state.now += 1000;
  const one = await refreshed(f, first, attempt);
  expect(one.isReplay).toBe(false);
  expect(one.grant.refreshToken).not.toBe(first);
  expect(one.grant).toMatchObject({ begunAt: 1_800_000_100, issuedAt: 1_800_001_100, isTest: false });
  expect(one.grant.expiresAt).toBe(1_800_001_100 + 900);
  f.state.now += 1000;
  const two = await refreshed(f, one.grant.refreshToken, another);
  expect(two.grant.tokenId).not.toBe(one.grant.tokenId);
  expect(two.grant.sessionId).toBe(one.grant.sessionId);
  const [session] = (await f.record(number)).sessions;
  expect(session).toMatchObject({ generation: 2, refreshedAt: 1_800_002_100, begunAt: 1_800_000_100 });
  expect(session?.attempt).not.toBe(session?.attemptBefore);
});

it('gives the same answer again to the same attempt, at any time, without a write', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const one = await refreshed(f, token, attempt);
  const before = await table.read(f.itemKey(number));
  f.state.now += 59 * daySeconds;
  const again = await refreshed(f, token, attempt);
  expect(again).toEqual({ ...one, isReplay: true });
  expect(await table.read(f.itemKey(number))).toEqual(before);
});

it('gives the same answer again without attempts for 30 s, and not later', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const one = await refreshed(f, token);
  f.state.now += 30;
  expect(await f.refresh(token)).toEqual({ ...one, isReplay: true });
  f.state.now += 1;
  expect(await f.refresh(token)).toMatchObject({ tag: 'invalid-grant', reason: 'reuse' });
  expect((await f.record(number)).sessions).toEqual([]);
});

it.each([
  ['another attempt', attempt, another],
  ['an attempt after none', undefined, attempt],
  ['no attempt after one', attempt, undefined],
])('finds reuse at once by %s', async (_, first, second) => {
  const f = flow();
  const other = await f.signIn(number);
  const token = await f.signIn(number);
  const one = await refreshed(f, token, first);
  expect(await f.refresh(token, second)).toMatchObject({ tag: 'invalid-grant', reason: 'reuse' });
  expect(await f.refresh(one.grant.refreshToken, attempt)).toMatchObject({ reason: 'absent' });
  const record = await f.record(number);
  expect(record.endedAt).toBe(f.state.now + 1);
  expect(record.sessions).toHaveLength(1);
  expect(await f.refresh(other, attempt)).toMatchObject({ tag: 'refreshed' });
});

it('takes what a dead socket delivers late for no reuse, for 300 s', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const one = await refreshed(f, token, attempt);
  const two = await refreshed(f, one.grant.refreshToken, another);
  f.state.now += 300;
  const before = await table.read(f.itemKey(number));
  expect(await f.refresh(token, attempt)).toMatchObject({ tag: 'temporarily-unavailable', reason: 'late' });
  expect(await table.read(f.itemKey(number))).toEqual(before);
  // Another attempt with that token is none of its owner's.
  f.state.now += 1;
  expect(await f.refresh(token, attempt)).toMatchObject({ tag: 'invalid-grant', reason: 'reuse' });
  expect(await f.refresh(two.grant.refreshToken, attempt)).toMatchObject({ reason: 'absent' });
});

it('finds reuse where two generations lie between, for the attempt of neither', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const one = await refreshed(f, token, attempt);
  const two = await refreshed(f, one.grant.refreshToken, another);
  await refreshed(f, two.grant.refreshToken, attempt);
  expect(await f.refresh(token, attempt)).toMatchObject({ reason: 'reuse' });
});

it('does not take clients without attempts for late ones', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const one = await refreshed(f, token);
  await refreshed(f, one.grant.refreshToken);
  expect(await f.refresh(token)).toMatchObject({ reason: 'reuse' });
});

it('ends a reused session although its thief goes on refreshing', async () => {
  const f = flow();
  const token = await f.signIn(number);
  let stolen = (await refreshed(f, token, attempt)).grant.refreshToken;
  f.state.around = (store) => ({
    ...store,
    end: async (step) => {
      f.state.around = (plain) => plain;
      stolen = (await refreshed(f, stolen, another)).grant.refreshToken;
      return store.end(step);
    },
  });
  expect(await f.refresh(token, another)).toMatchObject({ reason: 'reuse' });
  expect(await f.refresh(stolen, attempt)).toMatchObject({ reason: 'absent' });
});

it.each([
  ['idle', 60 * daySeconds, 'idle'],
  ['over', 180 * daySeconds, 'absolute'],
])('refuses a session that is %s, and lets it live a second before', async (_, seconds, reason) => {
  const f = flow();
  let token = await f.signIn(number);
  const begunAt = f.state.now;
  while (f.state.now + 50 * daySeconds < begunAt + seconds) {
    f.state.now += 50 * daySeconds;
    token = (await refreshed(f, token, attempt)).grant.refreshToken;
  }
  const at = reason === 'idle' ? f.state.now + 60 * daySeconds : begunAt + seconds;
  f.state.now = at;
  expect(await f.refresh(token, attempt)).toMatchObject({ tag: 'invalid-grant', reason });
  f.state.now = at - 1;
  const last = await refreshed(f, token, attempt);
  expect(last.grant.expiresAt).toBe(reason === 'idle' ? at - 1 + 900 : at);
});

it('refuses sessions begun before notBefore, and no others', async () => {
  const f = flow();
  const token = await f.signIn(number);
  f.state.rules = { ...f.state.rules, notBefore: f.state.now };
  const one = await refreshed(f, token, attempt);
  f.state.rules = { ...f.state.rules, notBefore: f.state.now + 1 };
  expect(await f.refresh(one.grant.refreshToken, attempt)).toMatchObject({ reason: 'not-before' });
  // The same answer again is no way around it.
  expect(await f.refresh(token, attempt)).toMatchObject({ reason: 'not-before' });
});

it('refuses a denied number without a call, and gives all back afterwards', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const controls = f.state.controls;
  f.state.controls = { sending: 'everybody', denied: ['+9198'], testNumbers: [] };
  const { around } = f.state;
  f.state.around = (store) => ({ ...store, refresh: () => Promise.reject(new Error('called')) });
  expect(await f.refresh(token, attempt)).toEqual({ tag: 'denied', phoneNumber: number });
  f.state.around = around;
  f.state.controls = controls;
  await refreshed(f, token, attempt);
});

it('denies nobody while the controls cannot be read', async () => {
  const f = flow();
  const token = await f.signIn(number);
  f.state.controls = undefined;
  await refreshed(f, token, attempt);
});

it('heals a table that was restored from a backup', async () => {
  const f = flow();
  let token = await f.signIn(number);
  for (let i = 0; i < 3; i += 1) token = (await refreshed(f, token, attempt)).grant.refreshToken;
  const { id } = (await f.record(number)).sessions[0] ?? { id: '' };
  await setMember(f.itemKey(number), id, 'g', { N: '1' });
  const next = await refreshed(f, token, another);
  expect((await f.record(number)).sessions[0]).toMatchObject({ generation: 4 });
  expect(await refreshed(f, token, another)).toEqual({ ...next, isReplay: true });
});

it('answers 503 for a damaged session and never ends it', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const { id } = (await f.record(number)).sessions[0] ?? { id: '' };
  await setMember(f.itemKey(number), id, 'g', { S: 'x' });
  expect(await f.refresh(token, attempt)).toMatchObject({
    tag: 'temporarily-unavailable',
    reason: 'damaged',
  });
});

it('answers 503, and ends nothing, where the table refuses the generation that it has', async () => {
  const f = flow();
  const token = await f.signIn(number);
  f.state.around = (store) => ({
    ...store,
    refresh: async () => ({ tag: 'refused', record: await f.record(number) }),
  });
  expect(await f.refresh(token, attempt)).toMatchObject({
    tag: 'temporarily-unavailable',
    reason: 'damaged',
  });
  f.state.around = (store) => store;
  await refreshed(f, token, attempt);
});

it('a test number’s session says so, and is over with the number', async () => {
  const f = flow({ testNumbersUntil: '2027-12-31' });
  const until = (day: string) => ({
    sending: 'everybody' as const,
    denied: [],
    testNumbers: [{ phoneNumber: f.phone(number), code: '183629', until: day, perDay: 10 }],
  });
  f.state.controls = until('2027-01-15') as never;
  const token = await f.signIn(number, { lane: 'test' });
  f.state.now = Date.UTC(2027, 0, 16) / 1000 - 1;
  const one = await refreshed(f, token, attempt);
  expect(one.grant.isTest).toBe(true);
  const two = await refreshed(f, one.grant.refreshToken, attempt);
  expect(two.grant.isTest).toBe(true);
  f.state.now += 1;
  expect(await f.refresh(two.grant.refreshToken, attempt)).toMatchObject({ reason: 'test-number' });
  f.state.controls = until('2027-01-16') as never;
  await refreshed(f, two.grant.refreshToken, attempt);
  f.state.controls = undefined;
  expect(await f.refresh(two.grant.refreshToken, attempt)).toMatchObject({
    tag: 'temporarily-unavailable',
    reason: 'controls',
  });
});

it('60 parallel refreshes with one attempt write once and get one answer', async () => {
  const f = flow();
  const token = await f.signIn(number);
  const outcomes = await Promise.all(Array.from({ length: 60 }, () => refreshed(f, token, attempt)));
  expect(outcomes.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  expect(new Set(outcomes.map(({ grant }) => JSON.stringify(grant))).size).toBe(1);
});

async function setMember(key: string, id: string, member: string, value: { N: string } | { S: string }) {
  const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { pk: { S: key } },
      UpdateExpression: `SET #s.${member} = :value`,
      ExpressionAttributeNames: { '#s': `s${id}` },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}
