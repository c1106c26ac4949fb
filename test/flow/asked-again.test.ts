/**
 * One intention asked again is one SMS and one requestId, whatever was proved, closed or spent since. Each row asks with
 * a key, changes the world, and asks again with the same key.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseControls } from '../../functions/otp/controls.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import type { VerifyOtpOutcome } from '../../functions/otp/verify-otp-ports.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { failingTable } from '../../prove/histories/failing-table.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { recordedTable } from '../support/recorded-table.ts';

const number = '+919876543210';
const idempotencyKey = 'idempotency-key-0001';
const code = '402961';
const wide = { prefix: '203.0.113.7', ceiling: 1_000_000 };
const home = { prefix: '203.0.113.9', ceiling: 1 };
const settings = {
  sendsPerNumberBlock: 2,
  testNumbersUntil: '2099-12-31',
  smsTemplates: {
    'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
    payment: { default: '11111111-1111-4111-8111-111111111111' },
  },
};
let table: TestTable;
const rows: Record<string, string | number>[] = [];

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(async () => {
  printTable('The same key asked again', rows);
  await table.stop();
});

function accepted(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted') throw new Error(`${JSON.stringify(outcome)}, not accepted`);
  return outcome;
}

function verified(outcome: VerifyOtpOutcome) {
  if (outcome.tag !== 'verified') throw new Error(`${outcome.tag}, not verified`);
  return outcome;
}

let day = 0;
/** A day of its own for each row: counters of days and windows are shared. */
function startDay(more: Parameters<typeof startFlow>[1] = {}): Flow {
  day += 1;
  const flow = startFlow(table, { ...settings, ...more });
  flow.state.now += day * 86_400 * 7;
  return flow;
}

/** Signs in as a stranger; gives the token of the device. */
async function becomeKnown(flow: Flow): Promise<string> {
  const { requestId } = accepted(await flow.request(number));
  const { deviceToken } = verified(await flow.verify(requestId, flow.lastCode()));
  flow.state.now += 86_400;
  return String(deviceToken);
}

const testControls = (more = {}) =>
  parseControls(
    JSON.stringify({
      testNumbers: [{ phoneNumber: number, code, until: '2099-12-31', perDay: 2 }],
      ...more,
    }),
  );

type Input = Parameters<Flow['request']>[1];
interface Lane {
  readonly name: string;
  /** Makes the world such that a request is in this lane; gives what a request brings along. */
  enter(flow: Flow, deviceToken: string): Input;
}

const lanes: readonly Lane[] = [
  { name: 'public', enter: () => ({}) },
  { name: 'attested', enter: () => ({ isAttested: true }) },
  { name: 'device', enter: (_, deviceToken) => ({ deviceToken }) },
  {
    name: 'test',
    enter: (flow) => {
      flow.state.controls = testControls();
      return {};
    },
  },
];

interface Closing {
  readonly name: string;
  /** Closes something between the first and the second call; gives where the second comes from. */
  close(flow: Flow): Promise<typeof wide> | typeof wide;
}

const closings: readonly Closing[] = [
  { name: 'nothing', close: () => wide },
  {
    name: 'paused',
    close: (flow) => {
      flow.state.pausedSeconds = 60;
      return wide;
    },
  },
  {
    name: 'switched off',
    close: (flow) => {
      flow.state.controls = { ...flow.state.controls, sending: 'nobody' };
      return wide;
    },
  },
  {
    name: 'returning devices only',
    close: (flow) => {
      flow.state.controls = { ...flow.state.controls, sending: 'returning-devices' };
      return wide;
    },
  },
  {
    name: 'denied',
    close: (flow) => {
      flow.state.controls = { ...flow.state.controls, denied: [number] };
      return wide;
    },
  },
  {
    name: 'address spent',
    close: async (flow) => {
      await flow.request('+918000000001', {}, home);
      return home;
    },
  },
  {
    name: 'block spent',
    close: async (flow) => {
      await flow.request('+919876543211');
      await flow.request('+919876543212');
      return wide;
    },
  },
];

const pairs = lanes.flatMap((first) =>
  lanes.flatMap((again) => closings.map((closing) => [first, again, closing] as const)),
);

describe('the same key', () => {
  it.each(
    pairs.map(
      ([first, again, closing]) => [first.name, again.name, closing.name, first, again, closing] as const,
    ),
  )(
    'asked %s, then %s with %s closed, is one SMS and one requestId',
    async (_, __, ___, first, again, closing) => {
      const flow = startDay();
      const deviceToken = await becomeKnown(flow);
      const before = flow.sent.length;
      flow.state.controls = parseControls('{}');
      const asked = accepted(
        await flow.request(number, { idempotencyKey, ...first.enter(flow, deviceToken) }),
      );
      flow.state.now += 2;
      flow.state.controls = parseControls('{}');
      const input = again.enter(flow, deviceToken);
      const address = await closing.close(flow);
      const others = flow.sent.filter(({ phoneNumber }) => phoneNumber !== number).length;
      const budget = await flow.budget();
      const outcome = accepted(await flow.request(number, { idempotencyKey, ...input }, address));
      const sms = flow.sent.length - others - before;
      rows.push({
        first: first.name,
        again: again.name,
        closed: closing.name,
        answer: outcome.kind,
        SMS: sms,
      });
      expect(outcome).toMatchObject({ kind: 'replay', delivery: 'unconfirmed', requestId: asked.requestId });
      expect(outcome.expiresInSeconds).toBe(asked.expiresInSeconds - 2);
      expect(sms).toBe(first.name === 'test' ? 0 : 1);
      expect(await flow.budget()).toBe(budget);
      const typed = first.name === 'test' ? code : flow.sent[before]?.code;
      expect((await flow.verify(asked.requestId, flow.code(String(typed)))).tag).toBe('verified');
    },
  );

  it.each(
    pairs.map(
      ([first, again, closing]) => [first.name, again.name, closing.name, first, again, closing] as const,
    ),
  )(
    'asked %s for sign-in, then %s for payment with %s closed, is a mismatch',
    async (_, __, ___, first, again, closing) => {
      const flow = startDay();
      const deviceToken = await becomeKnown(flow);
      flow.state.controls = parseControls('{}');
      accepted(await flow.request(number, { idempotencyKey, ...first.enter(flow, deviceToken) }));
      flow.state.controls = parseControls('{}');
      const input = again.enter(flow, deviceToken);
      const address = await closing.close(flow);
      const outcome = await flow.request(number, { idempotencyKey, purpose: 'payment', ...input }, address);
      expect(outcome.tag).toBe('idempotency-mismatch');
    },
  );
});

describe('an answer that is given again', () => {
  it('costs the address and the block nothing: 220 phones behind one address of 200, 20 of them asking twice', async () => {
    const flow = startDay({ sendsPerNumberBlock: 1_000_000 });
    const nat = { prefix: '203.0.113.10', ceiling: 200 };
    const phones = Array.from({ length: 200 }, (_, i) => `+91${8_100_000_000 + i}`);
    for (const [i, phone] of phones.entries()) {
      const key = { idempotencyKey: `${idempotencyKey}-${i}` };
      accepted(await flow.request(phone, key, nat));
      if (i < 20) expect(accepted(await flow.request(phone, key, nat)).kind).toBe('replay');
    }
    expect(flow.sent).toHaveLength(200);
    expect(await flow.request('+918100009999', {}, nat)).toMatchObject({ reason: 'address' });
  });

  it('costs the block nothing', async () => {
    const flow = startDay({ sendsPerNumberBlock: 3 });
    accepted(await flow.request(number, { idempotencyKey }));
    for (let i = 0; i < 5; i += 1) accepted(await flow.request(number, { idempotencyKey }));
    accepted(await flow.request('+919876543211'));
    accepted(await flow.request('+919876543212'));
    expect(await flow.request('+919876543213')).toMatchObject({ reason: 'block' });
  });

  it('costs an IPv6 prefix none of its distinct numbers, and gives none away that it had', async () => {
    const flow = startDay({ sendsPerNumberBlock: 1_000_000 });
    const prefix = (name: string) => ({ prefix: `2001:db8:${day}:${name}`, ceiling: 20, maxNumbers: 2 });
    accepted(await flow.request(number, { idempotencyKey }, prefix('a')));
    // The phone has moved to another network and repeats its call there; that network asks for two numbers of its own.
    accepted(await flow.request(number, { idempotencyKey }, prefix('b')));
    accepted(await flow.request('+918000000003', {}, prefix('b')));
    accepted(await flow.request('+918000000004', { idempotencyKey }, prefix('b')));
    accepted(await flow.request('+918000000004', { idempotencyKey }, prefix('b')));
    expect(await flow.request('+918000000005', {}, prefix('b'))).toMatchObject({ reason: 'address' });
  });

  it('costs the address nothing where the block refuses, and where the block is spent nothing either', async () => {
    const flow = startDay({ sendsPerNumberBlock: 1 });
    const nat = { prefix: '203.0.113.11', ceiling: 2 };
    accepted(await flow.request(number, {}, nat));
    for (let i = 0; i < 5; i += 1)
      expect(await flow.request('+919876543211', {}, nat)).toMatchObject({ reason: 'block' });
    accepted(await flow.request('+918000000006', {}, nat));
    expect(await flow.request('+918000000007', {}, nat)).toMatchObject({ reason: 'address' });
  });
});

describe('a key in the lane of a device', () => {
  it('is found by a stranger after a resend, the first one and the second one', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    const keys = ['idempotency-key-0001', 'idempotency-key-0002'];
    const ids: string[] = [];
    for (const key of keys) {
      const { requestId } = accepted(await flow.request(number, { idempotencyKey: key, deviceToken }));
      ids.push(requestId);
      // Too soon: what is refused pushes no mark out.
      const refused = await flow.request(number, { idempotencyKey: `${key}-refused`, deviceToken });
      expect(refused.tag).toBe('too-many-requests');
      flow.state.now += 31;
    }
    const again: string[] = [];
    for (const key of keys)
      again.push(accepted(await flow.request(number, { idempotencyKey: key })).requestId);
    expect(again).toEqual(ids);
    expect(flow.sent).toHaveLength(3);
  });

  it('is free again when the provider had refused, so that the next lane sends', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    expect((await flow.request(number, { idempotencyKey, deviceToken })).tag).toBe('temporarily-unavailable');
    const before = flow.sent.length;
    const asked = accepted(await flow.request(number, { idempotencyKey }));
    expect(asked.kind).toBe('sent');
    expect(accepted(await flow.request(number, { idempotencyKey, deviceToken })).requestId).toBe(
      asked.requestId,
    );
    expect(flow.sent).toHaveLength(before + 1);
  });

  it('is free again when its code was used, or has expired', async () => {
    for (const end of ['used', 'expired']) {
      const flow = startDay();
      const deviceToken = await becomeKnown(flow);
      const { requestId } = accepted(await flow.request(number, { idempotencyKey, deviceToken }));
      if (end === 'used') verified(await flow.verify(requestId, flow.lastCode()));
      else flow.state.now += 300;
      expect(accepted(await flow.request(number, { idempotencyKey })).kind, end).toBe('sent');
    }
  });

  it('is kept where an SMS may have gone, although nobody answered', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    flow.state.nextOutcome = { tag: 'failed', retryAfterSeconds: undefined };
    const failed = await flow.request(number, { idempotencyKey, deviceToken });
    const before = flow.sent.length;
    const again = accepted(await flow.request(number, { idempotencyKey }));
    expect('requestId' in failed && failed.requestId).toBe(again.requestId);
    expect(flow.sent).toHaveLength(before);
  });

  it.each(['never', 'lost'] as const)(
    'whose mark is %s written sends nothing, and the key is free',
    async (fault) => {
      const failing = failingTable(table);
      day += 1;
      const flow = startFlow(failing.table, settings);
      flow.state.now += day * 86_400 * 7;
      const deviceToken = await becomeKnown(flow);
      const before = flow.sent.length;
      failing.fail({ second: fault });
      expect(await flow.request(number, { idempotencyKey, deviceToken })).toMatchObject({
        tag: 'temporarily-unavailable',
        reason: 'reserve-unknown',
      });
      failing.fail({});
      expect(flow.sent).toHaveLength(before);
      expect(accepted(await flow.request(number, { idempotencyKey })).kind).toBe('sent');
      expect(accepted(await flow.request(number, { idempotencyKey, deviceToken })).kind).toBe('replay');
      expect(flow.sent).toHaveLength(before + 1);
    },
  );

  it('is not told apart from a new one while the table cannot be read: nothing is refused for good, nothing sent', async () => {
    const failing = failingTable(table);
    day += 1;
    const flow = startFlow(failing.table, settings);
    flow.state.now += day * 86_400 * 7;
    accepted(await flow.request(number, { idempotencyKey }));
    flow.state.pausedSeconds = 60;
    failing.fail({ first: 'never' });
    await expect(flow.request(number, { idempotencyKey })).rejects.toThrow(Unavailable);
    failing.fail({});
    expect(accepted(await flow.request(number, { idempotencyKey })).kind).toBe('replay');
    expect(flow.sent).toHaveLength(1);
  });

  it('costs three writes and no read at first; without a key two', async () => {
    const recorded = recordedTable(table);
    day += 1;
    const flow = startFlow(recorded.table, settings);
    flow.state.now += day * 86_400 * 7;
    const deviceToken = await becomeKnown(flow);
    recorded.take();
    accepted(await flow.request(number, { deviceToken }));
    expect(recorded.take()).toEqual(['write device', 'write budget']);
    flow.state.now += 31;
    accepted(await flow.request(number, { deviceToken, idempotencyKey }));
    expect(recorded.take()).toEqual(['write device', 'write phone', 'write budget']);
    accepted(await flow.request(number, { idempotencyKey }));
    expect(recorded.take()).toEqual([
      'write address',
      'write block',
      'write phone',
      'read device',
      'write address',
      'write block',
    ]);
  });
});
