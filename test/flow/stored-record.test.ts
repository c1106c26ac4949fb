import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemBytes } from '../../bench/item-bytes.ts';
import { codeVersion, startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

describe("a number's item", () => {
  it('stays under 1 KB, one write unit, with every attribute filled', async () => {
    const purpose = 'p'.repeat(32);
    const flow = startFlow(table, {
      smsTemplates: {
        'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
        [purpose]: { default: '11111111-1111-4111-8111-111111111111' },
      },
    });
    const phoneKey = flow.itemKey('+919876543210').slice('phone#'.length);
    const lane = 'public';
    const challenge = (i: number) => ({
      id: `${i}`.padStart(22, 'i'),
      hash: `${i}`.padStart(22, 'h'),
      keyVersion: codeVersion,
      expiresAt: flow.state.now + 300,
      purpose,
      idempotency: `${i}`.padStart(11, 'k'),
      lane: 'attested' as const,
      needsSession: true,
      after: 'a'.repeat(22),
    });
    for (let i = 0; i < 10; i += 1) {
      flow.state.now += 86_400;
      await flow.store.reserve({ lane, phoneKey, now: flow.state.now, challenge: challenge(i) });
    }
    const { hash } = challenge(9);
    const consumedBy = 'c'.repeat(22);
    await flow.store.consume({ lane, phoneKey, hash, purpose, consumedBy, now: flow.state.now });
    for (const i of [10, 11]) {
      flow.state.now += 86_401;
      await flow.store.reserve({
        lane,
        phoneKey,
        now: flow.state.now,
        challenge: { ...challenge(i), expiresAt: flow.state.now + 9e6 },
      });
    }
    for (let i = 0; i < 20; i += 1) {
      flow.state.now += 7_201;
      const nonce = `${i}`.padStart(11, 'n');
      await flow.store.count({ lane, phoneKey, challengeId: challenge(11).id, nonce, now: flow.state.now });
    }
    // A deployment without test numbers, which is the default, has no marks of theirs.
    const asked = 'm'.repeat(11);
    const marks = [`${asked}0000`, `${asked}1111`] as const;
    await flow.store.mark({ lane: 'device', phoneKey, now: flow.state.now, asked, marks });
    const item = await table.read(flow.itemKey('+919876543210'));
    if (item === undefined) throw new Error('no item');
    const names = Object.keys(item);
    expect(names).toHaveLength(1 + 10 + 20 + 5 + 8 + 7 + 2 + 1 + 3 + 1);
    expect(Object.values(item).filter(({ S, N }) => S === '-' || N === '0')).toEqual([]);
    expect(itemBytes(item)).toBeLessThan(1024);
    console.info(`a full item: ${itemBytes(item)} bytes, ${names.length} attributes`);
  });

  it('is kept for its longest window and a day, and so are the counters beside it', async () => {
    const flow = startFlow(table);
    await flow.request('+919876543213');
    const item = await table.read(flow.itemKey('+919876543213'));
    expect(Number(item?.['ttl']?.N)).toBe(flow.state.now + 86_400 + 86_400);
    const day = new Date(flow.state.now * 1000).toISOString().slice(0, 10);
    const budget = await table.read(`budget#${day}`);
    expect(Number(budget?.['ttl']?.N)).toBe((Math.floor(flow.state.now / 86_400) + 2) * 86_400);
  });
});
