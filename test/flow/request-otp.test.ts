import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const key = 'idempotency-key-0001';
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

function accepted(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted')
    throw new Error(`expected an accepted request, got ${JSON.stringify(outcome)}`);
  return outcome;
}

describe('request-otp', () => {
  it('sends a code and tells how long it lives and when another may be asked for', async () => {
    const flow = startFlow(table);
    const outcome = accepted(await flow.request(number));
    expect(outcome).toMatchObject({ expiresInSeconds: 300, resendAfterSeconds: 30, delivery: 'accepted' });
    expect(flow.sent).toHaveLength(1);
    flow.state.now += 30;
    expect(accepted(await flow.request(number)).resendAfterSeconds).toBe(270);
  });

  it('stores no number and no code', async () => {
    const flow = startFlow(table);
    await flow.request(number);
    const item = JSON.stringify(await table.read(flow.itemKey(number)));
    expect(item).not.toContain('9876543210');
    expect(item).not.toContain(flow.lastCode());
  });

  it('admits exactly what the limits say, to the second, and tells the exact wait', async () => {
    const flow = startFlow(table);
    const start = flow.state.now;
    const acceptedAt: number[] = [];
    for (let i = 0; i < 14; i += 1) {
      const outcome = await flow.request(number);
      if (outcome.tag === 'too-many-requests') {
        expect(outcome.reason).toBe('sends');
        flow.state.now += outcome.retryAfterSeconds - 1;
        expect((await flow.request(number)).tag).toBe('too-many-requests');
        flow.state.now += 1;
        continue;
      }
      acceptedAt.push(flow.state.now - start);
    }
    expect(acceptedAt).toEqual([0, 30, 300, 600, 630, 3600, 3630]);
    expect(flow.sent).toHaveLength(7);
  });

  it('refuses a number whose guesses are spent: the SMS would be wasted', async () => {
    const flow = startFlow(table);
    const { requestId } = accepted(await flow.request(number));
    for (let i = 0; i < 5; i += 1) await flow.verify(requestId, flow.wrongCode());
    flow.state.now += 300;
    expect(await flow.request(number)).toEqual({
      tag: 'too-many-requests',
      retryAfterSeconds: 300,
      reason: 'attempts',
      detail: 'public: 5 in 600 s',
    });
    flow.state.now += 300;
    expect((await flow.request(number)).tag).toBe('accepted');
  });

  it('refuses an address at its ceiling until its window ends, without touching the number', async () => {
    const flow = startFlow(table);
    const address = { prefix: '198.51.100.9', ceiling: 2 };
    expect((await flow.request(number, {}, address)).tag).toBe('accepted');
    expect((await flow.request('+919876543211', {}, address)).tag).toBe('accepted');
    const waits = 600 - (flow.state.now % 600);
    expect(await flow.request('+919876543212', {}, address)).toEqual({
      tag: 'too-many-requests',
      retryAfterSeconds: waits,
      reason: 'address',
    });
    expect(await table.read(flow.itemKey('+919876543212'))).toBeUndefined();
    flow.state.now += waits;
    expect((await flow.request('+919876543212', {}, address)).tag).toBe('accepted');
  });
});

describe('an idempotency key', () => {
  it('gets the same request, and no second SMS, while the challenge lives', async () => {
    const flow = startFlow(table);
    const first = accepted(await flow.request(number, { idempotencyKey: key }));
    flow.state.now += 35;
    const again = accepted(await flow.request(number, { idempotencyKey: key }));
    expect(again).toMatchObject({
      requestId: first.requestId,
      expiresInSeconds: 265,
      delivery: 'unconfirmed',
    });
    expect(again.kind).toBe('replay');
    expect(flow.sent).toHaveLength(1);
  });

  it('still does after another request in between', async () => {
    const flow = startFlow(table);
    const first = accepted(await flow.request(number, { idempotencyKey: key }));
    flow.state.now += 31;
    const other = accepted(await flow.request(number, { idempotencyKey: 'idempotency-key-0002' }));
    flow.state.now += 5;
    expect(accepted(await flow.request(number, { idempotencyKey: key })).requestId).toBe(first.requestId);
    expect(other.requestId).not.toBe(first.requestId);
    expect(flow.sent).toHaveLength(2);
  });

  it('is one SMS in whatever language it is asked for again', async () => {
    const flow = startFlow(table);
    const first = accepted(
      await flow.request(number, { idempotencyKey: key, locale: 'en', platform: 'ios' }),
    );
    flow.state.now += 31;
    for (const again of [{ locale: 'hi' }, { locale: 'ta-IN', platform: 'web' }, {}] as const) {
      const repeated = accepted(await flow.request(number, { idempotencyKey: key, ...again }));
      expect(repeated.requestId).toBe(first.requestId);
    }
    expect(flow.sent).toHaveLength(1);
    expect(flow.sent[0]).toMatchObject({ locale: 'en', platform: 'ios' });
  });

  it('is refused for another purpose', async () => {
    const flow = startFlow(table, {
      smsTemplates: {
        'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
        payment: { default: '11111111-1111-4111-8111-111111111111' },
      },
    });
    await flow.request(number, { idempotencyKey: key });
    expect((await flow.request(number, { idempotencyKey: key, purpose: 'payment' })).tag).toBe(
      'idempotency-mismatch',
    );
  });

  it('means nothing for another number', async () => {
    const flow = startFlow(table);
    const first = accepted(await flow.request(number, { idempotencyKey: key }));
    const other = accepted(await flow.request('+919876543211', { idempotencyKey: key }));
    expect(other.requestId).not.toBe(first.requestId);
    expect(flow.sent).toHaveLength(2);
  });

  it('is free again when the challenge has expired', async () => {
    const flow = startFlow(table);
    const first = accepted(await flow.request(number, { idempotencyKey: key }));
    flow.state.now += 300;
    expect(accepted(await flow.request(number, { idempotencyKey: key })).requestId).not.toBe(first.requestId);
    expect(flow.sent).toHaveLength(2);
  });
});

describe('a definite refusal of the provider', () => {
  it('gives everything back: the send, the earlier challenge with its key, and the budget', async () => {
    const flow = startFlow(table);
    const earlier = accepted(await flow.request(number, { idempotencyKey: key }));
    const earlierCode = flow.lastCode();
    flow.state.now += 31;
    const before = await flow.record(number);
    const spent = await flow.budget();
    flow.state.nextOutcome = { tag: 'refused', cause: 'balance', retryAfterSeconds: undefined };
    const refused = await flow.request(number);
    expect(refused).toEqual({
      tag: 'temporarily-unavailable',
      retryAfterSeconds: 5,
      reason: 'provider-balance',
    });
    expect(await flow.record(number)).toEqual(before);
    expect(await flow.budget()).toBe(spent);
    expect(accepted(await flow.request(number, { idempotencyKey: key })).requestId).toBe(earlier.requestId);
    expect((await flow.request(number)).tag).toBe('accepted');
    expect((await flow.verify(earlier.requestId, earlierCode)).tag).toBe('verified');
  });

  it('by its number limit keeps the send counted, and gives the rest back', async () => {
    const flow = startFlow(table);
    flow.state.nextOutcome = { tag: 'number-limited', retryAfterSeconds: 300 };
    expect(await flow.request(number)).toEqual({
      tag: 'too-many-requests',
      retryAfterSeconds: 300,
      reason: 'provider-number-limit',
    });
    const record = await flow.record(number);
    expect(record.sent[0]).toBe(flow.state.now);
    expect(record.latest).toBeUndefined();
    expect((await flow.request(number)).tag).toBe('too-many-requests');
  });
});

describe('an unclear answer of the provider', () => {
  it('without an answer keeps the code, and calls the delivery unconfirmed', async () => {
    const flow = startFlow(table);
    flow.state.nextOutcome = { tag: 'unconfirmed' };
    const { requestId, delivery } = accepted(await flow.request(number));
    expect(delivery).toBe('unconfirmed');
    expect(flow.sent).toHaveLength(1);
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('verified');
  });

  it('that is no success keeps the code, and tells the request id with the refusal', async () => {
    const flow = startFlow(table);
    flow.state.nextOutcome = { tag: 'failed', retryAfterSeconds: undefined };
    const outcome = await flow.request(number);
    if (outcome.tag !== 'temporarily-unavailable' || outcome.requestId === undefined)
      throw new Error('no request id');
    expect(outcome.retryAfterSeconds).toBe(30);
    expect((await flow.verify(outcome.requestId, flow.lastCode())).tag).toBe('verified');
  });
});

describe("the day's budget", () => {
  it('stops all numbers when it is spent, and gives the number its send back', async () => {
    const flow = startFlow(table, { sendsPerDay: 2 });
    flow.state.now += 86_400 * 30;
    expect((await flow.request(number)).tag).toBe('accepted');
    expect((await flow.request('+919876543211')).tag).toBe('accepted');
    const refused = await flow.request('+919876543212');
    expect(refused).toMatchObject({
      tag: 'temporarily-unavailable',
      reason: 'budget',
      detail: 'public day',
      // To the next full hour, like every other refusal of a budget.
      retryAfterSeconds: 3600 - (flow.state.now % 3600),
    });
    expect((await flow.record('+919876543212')).sent[0]).toBe(0);
    flow.state.now += 86_400 - (flow.state.now % 86_400);
    expect((await flow.request('+919876543212')).tag).toBe('accepted');
  });
});
