/** What sessions cost at the table (R9, row 14): every call of a transition, and the bytes of a full item. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { itemBytes } from '../../bench/item-bytes.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const attempt = 'a'.repeat(16);
const another = 'b'.repeat(16);

let server: TestTable;
let table: TestTable;
let calls: string[] = [];
beforeAll(async () => {
  server = await startTestTable();
  const send = (command: object): Promise<unknown> => {
    calls.push(command.constructor.name.replace('Command', ''));
    return server.client.send(command as never);
  };
  const client: DynamoDBClient = Object.assign(Object.create(server.client), { send });
  table = { ...server, client, singleTryClient: () => client };
});
afterAll(() => server.stop());
beforeEach(() => {
  calls = [];
});

async function costOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  calls = [];
  await work();
  return calls;
}

// An item under 1 KB: each write is one unit, a refused one too, and each read half a unit.
it('a start is one write, and one more where sessions go for it', async () => {
  const f = startSessionFlow(table);
  const win = { challengeId: 'a challenge', idempotencyKey: 'idempotency-key-0001' };
  expect(await costOf(() => f.start(number, win))).toEqual(['UpdateItem']);
  expect(await costOf(() => f.start(number, win))).toEqual(['UpdateItem']);
  for (let i = 1; i < f.state.rules.perNumber; i += 1) await f.signIn(number);
  expect(await costOf(() => f.signIn(number))).toEqual(['UpdateItem', 'UpdateItem']);
});

it('a refresh is one write, however it goes, and reuse is one more', async () => {
  const f = startSessionFlow(table);
  const token = await f.signIn(number);
  expect(await costOf(() => f.refresh(token, attempt))).toEqual(['UpdateItem']);
  expect(await costOf(() => f.refresh(token, attempt))).toEqual(['UpdateItem']);
  expect(await costOf(() => f.refresh(token, another))).toEqual(['UpdateItem', 'UpdateItem']);
  expect(await costOf(() => f.refresh(token, another))).toEqual(['UpdateItem']);
});

it('a sign-out is one write, a list one read, and an end one write more', async () => {
  const f = startSessionFlow(table);
  const token = await f.signIn(number);
  await f.signIn(number);
  f.state.now += 1;
  expect(await costOf(() => f.list(token))).toEqual(['GetItem']);
  expect(await costOf(() => f.list(token, 'others'))).toEqual(['GetItem', 'UpdateItem']);
  expect(await costOf(() => f.revoke(token))).toEqual(['UpdateItem']);
});

it('a forged token costs nothing', async () => {
  const f = startSessionFlow(table);
  const token = `${(await f.signIn(number)).slice(0, -1)}${'A'}`.replace(/^./, 'B');
  expect(
    await costOf(async () => [await f.refresh(token, attempt), await f.revoke(token), await f.list(token)]),
  ).toEqual([]);
});

it('ten sessions with the longest labels fit into one unit', async () => {
  const f = startSessionFlow(table, {
    sessions: { accessTokenSeconds: 900, idleDays: 60, absoluteDays: 180, perNumber: 10, inBrowsers: false },
  });
  for (let i = 0; i < 10; i += 1) {
    const token = await f.signIn(number, { label: `${i}`.repeat(24) });
    const once = await f.refresh(token, attempt);
    if (once.tag === 'refreshed') await f.refresh(once.grant.refreshToken, another);
  }
  f.state.now += 1;
  const item = (await server.read(f.itemKey(number))) ?? {};
  const sessions = Object.values(item).flatMap(({ M }) => (M === undefined ? [] : [M]));
  expect(sessions).toHaveLength(10);
  for (const map of sessions) map['g'] = { N: '4294967294' };
  expect(itemBytes({ ...item, endedAt: { N: '1800000000' } })).toBeLessThanOrEqual(1024);
});
