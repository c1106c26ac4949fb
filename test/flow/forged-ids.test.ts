/** Ids that nobody was given: they spend nothing of a known number, and cost no call. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeSchema } from '../../functions/otp/code.ts';
import { type RequestId, requestIdSchema } from '../../functions/otp/request-id.ts';
import type { Table } from '../../functions/table/table.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const guess = v.parse(codeSchema, '000000');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

/** A table that counts what is sent to it. */
function counting(real: TestTable): { table: TestTable; seen: { calls: number } } {
  const seen = { calls: 0 };
  const send: Table['client']['send'] = real.client.send.bind(real.client);
  const client = new Proxy(real.client, {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name);
      seen.calls += 1;
      return send;
    },
  });
  return { table: { ...real, client, singleTryClient: () => client }, seen };
}

const madeUp = (): RequestId => v.parse(requestIdSchema, randomBytes(47).toString('base64url'));

function altered(id: RequestId, at: number): RequestId {
  const position = at % (id.length - 1);
  const other = alphabet[(alphabet.indexOf(id.charAt(position)) + 1 + (at % 63)) % 64] ?? '';
  return v.parse(requestIdSchema, id.slice(0, position) + other + id.slice(position + 1));
}

it('10,000 made-up, altered and replayed ids leave a number’s item as it was', async () => {
  const { table: watched, seen } = counting(table);
  const flow = startFlow(watched);
  const used = await flow.request(number);
  if (used.tag !== 'accepted') throw new Error(used.tag);
  expect((await flow.verify(used.requestId, flow.lastCode())).tag).toBe('verified');
  flow.state.now += 300;
  const live = await flow.request(number);
  if (live.tag !== 'accepted') throw new Error(live.tag);
  const before = await table.read(flow.itemKey(number));

  expect(seen.calls).toBeGreaterThan(0);
  seen.calls = 0;
  for (let i = 0; i < 4900; i += 1) {
    expect(await flow.verify(madeUp(), guess)).toEqual({ tag: 'expired-code', reason: 'forged' });
    expect(await flow.verify(altered(live.requestId, i), guess)).toEqual({
      tag: 'expired-code',
      reason: 'forged',
    });
  }
  expect(seen.calls).toBe(0);

  for (let i = 0; i < 200; i += 1) {
    expect(await flow.verify(used.requestId, guess)).toEqual({ tag: 'expired-code', reason: 'not-live' });
  }
  expect(seen.calls).toBeGreaterThanOrEqual(200);
  expect(await table.read(flow.itemKey(number))).toEqual(before);
  expect((await flow.verify(live.requestId, flow.lastCode())).tag).toBe('verified');
});
