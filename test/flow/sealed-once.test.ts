/** What is sealed follows from the challenge as it is stored: whatever is proven or configured when it is asked for again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { openNumber } from '../../functions/otp/sealed-number.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const idempotencyKey = 'idempotency-key-0001';
const smsTemplates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

function accepted(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted') throw new Error(`${outcome.tag}, not accepted`);
  return outcome;
}

describe('a challenge that is asked for again with the same key', () => {
  it.each([
    [true, false],
    [false, true],
  ])('is sealed as it was stored: attested %s, then %s', async (first, again) => {
    const flow = startFlow(table);
    const asked = accepted(await flow.request(number, { idempotencyKey, isAttested: first }));
    const replayed = accepted(await flow.request(number, { idempotencyKey, isAttested: again }));
    expect(replayed.kind).toBe('replay');
    expect(replayed.requestId).toBe(asked.requestId);
    expect(openNumber(flow.identity.seal, asked.requestId)?.lane).toBe(first ? 'attested' : 'public');
    expect(flow.sent).toHaveLength(1);
  });

  it.each([
    [true, false],
    [false, true],
  ])('is sealed as it was stored: needs a session %s, then %s', async (first, again) => {
    const secret = 's'.repeat(64);
    const withSession = { smsTemplates, session: sessionFor('payment') };
    const settings = (needs: boolean) => (needs ? withSession : { smsTemplates });
    const before = startFlow(table, settings(first), undefined, `${first}${secret}`);
    const after = startFlow(table, settings(again), undefined, `${first}${secret}`);
    const asking = { idempotencyKey, purpose: 'payment' };
    const asked = accepted(await before.request(number, asking));
    const replayed = accepted(await after.request(number, asking));
    expect(replayed.requestId).toBe(asked.requestId);
    expect(openNumber(before.identity.seal, asked.requestId)?.needsSession).toBe(first);
  });

  it('keeps its lane and its session when it becomes the earlier one, and when the later one is given back', async () => {
    const flow = startFlow(table, { smsTemplates, session: sessionFor('payment') });
    const asking = { idempotencyKey, purpose: 'payment', isAttested: true };
    const asked = accepted(await flow.request(number, asking));
    flow.state.now += 31;
    const before = await flow.record(number);
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    expect((await flow.request(number)).tag).toBe('temporarily-unavailable');
    expect(await flow.record(number)).toEqual(before);
    accepted(await flow.request(number));
    expect((await flow.record(number)).earlier).toMatchObject({ lane: 'attested', needsSession: true });
    const replayed = accepted(await flow.request(number, { ...asking, isAttested: false }));
    expect(replayed.requestId).toBe(asked.requestId);
  });
});

describe("the conversion breaker's account", () => {
  it('is credited by a code whose send it was charged for, and by no other', async () => {
    const flow = startFlow(table);
    flow.state.now += 86_400 * 300;
    const account = async () => {
      const iso = new Date(flow.state.now * 1000).toISOString();
      const item = await table.read(`budget#${iso.slice(0, 10)}`);
      return Number(item?.[`unproven${iso.slice(11, 13)}`]?.N ?? 0);
    };
    const asked = accepted(await flow.request(number, { idempotencyKey, isAttested: true }));
    const replayed = accepted(await flow.request(number, { idempotencyKey }));
    expect(await account()).toBe(0);
    expect((await flow.verify(replayed.requestId, flow.lastCode())).tag).toBe('verified');
    expect(await account()).toBe(0);
    flow.state.now += 300;
    const stranger = accepted(await flow.request(number));
    flow.state.now += 31;
    // The user's own resend comes from the attested app: its code works under the stranger's id, and was not charged.
    accepted(await flow.request(number, { isAttested: true, previousRequestId: stranger.requestId }));
    expect(await account()).toBe(30);
    expect((await flow.verify(stranger.requestId, flow.lastCode())).tag).toBe('verified');
    expect(await account()).toBe(30);
    expect(asked.requestId).toBe(replayed.requestId);
  });
});
