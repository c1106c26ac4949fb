import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawChallengeId, requestIdOf, requestIdSchema } from '../../functions/otp/request-id.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const templates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

function idOf(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted')
    throw new Error(`expected an accepted request, got ${JSON.stringify(outcome)}`);
  return outcome.requestId;
}

describe('verify-otp', () => {
  it('accepts the right code once', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    expect(await flow.verify(requestId, flow.lastCode())).toMatchObject({
      tag: 'verified',
      phoneNumber: number,
      purpose: 'sign-in',
      verifiedAt: flow.state.now,
    });
    expect(await flow.verify(requestId, flow.lastCode())).toEqual({
      tag: 'expired-code',
      reason: 'not-live',
    });
  });

  it('tells how many attempts are left, and refuses the sixth whatever the code', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    for (const attemptsRemaining of [4, 3, 2, 1, 0]) {
      expect(await flow.verify(requestId, flow.wrongCode())).toEqual({
        tag: 'incorrect-code',
        attemptsRemaining,
      });
    }
    expect(await flow.verify(requestId, flow.lastCode())).toEqual({
      tag: 'too-many-attempts',
      reason: 'number',
      retryAfterSeconds: 600,
    });
  });

  it('does not reset the attempts by a resend', async () => {
    const flow = startFlow(table);
    const first = idOf(await flow.request(number));
    for (let i = 0; i < 3; i += 1) await flow.verify(first, flow.wrongCode());
    flow.state.now += 30;
    const second = idOf(await flow.request(number, { previousRequestId: first }));
    expect(await flow.verify(second, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 1,
    });
  });

  it('resets the attempts by a success', async () => {
    const flow = startFlow(table);
    const first = idOf(await flow.request(number));
    for (let i = 0; i < 4; i += 1) await flow.verify(first, flow.wrongCode());
    expect((await flow.verify(first, flow.lastCode())).tag).toBe('verified');
    flow.state.now += 30;
    const second = idOf(await flow.request(number));
    expect(await flow.verify(second, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
    });
  });

  it('expires a code at its last second, not before', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    flow.state.now += 299;
    expect((await flow.verify(requestId, flow.wrongCode())).tag).toBe('incorrect-code');
    flow.state.now += 1;
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('expired-code');
  });

  it('counts no attempt for a code that has expired, whichever slot holds it', async () => {
    const flow = startFlow(table);
    const first = idOf(await flow.request(number));
    flow.state.now += 30;
    const second = idOf(await flow.request(number));
    for (const [requestId, expiresIn] of [
      [first, 270],
      [second, 30],
    ] as const) {
      flow.state.now += expiresIn;
      await flow.verify(requestId, flow.lastCode());
      expect((await flow.record(number)).tried[0]).toBe(0);
    }
  });

  it('lets no code win that expires between its count and its consume, whichever slot holds it', async () => {
    const flow = startFlow(table);
    await flow.request(number);
    flow.state.now += 30;
    await flow.request(number);
    const { latest, earlier } = await flow.record(number);
    for (const challenge of [earlier, latest]) {
      if (challenge === undefined) throw new Error('no challenge');
      const { id: challengeId, hash, purpose, expiresAt: now } = challenge;
      const phoneKey = flow.itemKey(number).slice('phone#'.length);
      const step = { lane: 'public', phoneKey, challengeId, hash, purpose, consumedBy: 'somebody' } as const;
      expect((await flow.store.consume({ ...step, now })).tag).toBe('refused');
    }
  });

  it('gives the one answer for unknown and forged ids, and counts nothing for them', async () => {
    const flow = startFlow(table);
    await flow.request(number);
    const before = await flow.record(number);
    const unknown = requestIdOf(
      flow.identity.seal,
      { id: drawChallengeId(), lane: 'public', needsSession: false },
      flow.phone(number),
    );
    const forged = v.parse(requestIdSchema, randomBytes(47).toString('base64url'));
    expect((await flow.verify(unknown, flow.lastCode())).tag).toBe('expired-code');
    expect((await flow.verify(forged, flow.lastCode())).tag).toBe('expired-code');
    expect(await flow.record(number)).toEqual(before);
  });
});

describe('a resend of the user', () => {
  it('lets either code win under either id, and ends both with the win', async () => {
    for (const usesOldId of [true, false]) {
      for (const usesOldCode of [true, false]) {
        const flow = startFlow(table);
        const first = idOf(await flow.request(number));
        const firstCode = flow.lastCode();
        flow.state.now += 30;
        const second = idOf(await flow.request(number, { previousRequestId: first }));
        const secondCode = flow.lastCode();
        const id = usesOldId ? first : second;
        expect((await flow.verify(id, usesOldCode ? firstCode : secondCode)).tag).toBe('verified');
        for (const [deadId, deadCode] of [
          [first, firstCode],
          [second, secondCode],
        ] as const) {
          expect((await flow.verify(deadId, deadCode)).tag).toBe('expired-code');
        }
      }
    }
  });

  it('for another purpose shares no code', async () => {
    const flow = startFlow(table, { smsTemplates: templates });
    const signIn = idOf(await flow.request(number));
    const signInCode = flow.lastCode();
    flow.state.now += 30;
    const payment = idOf(await flow.request(number, { previousRequestId: signIn, purpose: 'payment' }));
    expect((await flow.verify(payment, signInCode)).tag).toBe('incorrect-code');
    expect(await flow.verify(payment, flow.lastCode())).toMatchObject({
      tag: 'verified',
      purpose: 'payment',
    });
  });

  it('that names an id of another number is no resend', async () => {
    const flow = startFlow(table);
    const foreign = idOf(await flow.request('+919876543211'));
    const first = idOf(await flow.request(number));
    const firstCode = flow.lastCode();
    flow.state.now += 30;
    const second = idOf(await flow.request(number, { previousRequestId: foreign }));
    expect((await flow.verify(second, firstCode)).tag).toBe('incorrect-code');
    expect((await flow.verify(first, firstCode)).tag).toBe('verified');
  });
});

describe("a stranger's request for the number", () => {
  it("leaves the user's code working, and cannot use it", async () => {
    const flow = startFlow(table);
    const user = idOf(await flow.request(number));
    const userCode = flow.lastCode();
    flow.state.now += 30;
    const stranger = idOf(await flow.request(number));
    expect((await flow.verify(stranger, userCode)).tag).toBe('incorrect-code');
    expect((await flow.verify(user, userCode)).tag).toBe('verified');
  });
});

describe('a lost answer', () => {
  const key = 'idempotency-key-0001';

  it('can be asked for again with the same key for 60 s, and gives the same token id', async () => {
    const flow = startFlow(table, { smsTemplates: templates });
    const requestId = idOf(await flow.request(number, { purpose: 'payment' }));
    const code = flow.lastCode();
    const won = await flow.verify(requestId, code, key);
    flow.state.now += 60;
    expect(await flow.verify(requestId, code, key)).toEqual(won);
    flow.state.now += 1;
    expect((await flow.verify(requestId, code, key)).tag).toBe('expired-code');
  });

  it('is not given to another key, another code or no key', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    const code = flow.lastCode();
    await flow.verify(requestId, code, key);
    expect((await flow.verify(requestId, code, 'idempotency-key-0002')).tag).toBe('expired-code');
    expect((await flow.verify(requestId, flow.wrongCode(), key)).tag).toBe('expired-code');
    expect((await flow.verify(requestId, code)).tag).toBe('expired-code');
  });

  it('is still given after a new code was asked for', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    const code = flow.lastCode();
    const won = await flow.verify(requestId, code, key);
    flow.state.now += 31;
    await flow.request(number);
    expect(await flow.verify(requestId, code, key)).toEqual(won);
  });
});

describe('a code secret that this worker does not know', () => {
  it('is never called a wrong code', async () => {
    const flow = startFlow(table);
    const requestId = idOf(await flow.request(number));
    const challenge = (await flow.record(number)).latest;
    if (challenge === undefined) throw new Error('no challenge');
    flow.state.now += 30;
    const foreign = { ...challenge, id: drawChallengeId(), keyVersion: 'another-version' };
    await flow.store.reserve({
      lane: 'public',
      phoneKey: flow.itemKey(number).slice(6),
      now: flow.state.now,
      challenge: foreign,
    });
    const foreignId = requestIdOf(
      flow.identity.seal,
      { id: foreign.id, lane: 'public', needsSession: false },
      flow.phone(number),
    );
    expect(await flow.verify(foreignId, flow.lastCode())).toMatchObject({
      tag: 'temporarily-unavailable',
      reason: 'code-key-unknown',
    });
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('verified');
  });
});

describe('a code that is bound to a session', () => {
  const session = sessionFor('payment');
  const payer = { subject: 'user-7', context: { amount: 500 } };
  const asked = async () => {
    const flow = startFlow(table, { smsTemplates: templates, session });
    const requestId = idOf(await flow.request(number, { purpose: 'payment', caller: payer }));
    return { flow, requestId, code: flow.lastCode() };
  };

  it('asks for the session before it counts an attempt', async () => {
    const { flow, requestId, code } = await asked();
    expect(await flow.verify(requestId, code)).toEqual({ tag: 'unauthorized', reason: 'session missing' });
    expect((await flow.record(number)).tried.filter((at) => at > 0)).toEqual([]);
  });

  it.each([
    ['another user', { ...payer, subject: 'user-8' }],
    ['another payment', { ...payer, context: { amount: 501 } }],
    ['no payment', { subject: payer.subject }],
  ])('is wrong for %s, and right for its own, whom the win names', async (_, caller) => {
    const { flow, requestId, code } = await asked();
    expect((await flow.verify(requestId, code, undefined, caller)).tag).toBe('incorrect-code');
    expect(await flow.verify(requestId, code, undefined, payer)).toMatchObject({
      tag: 'verified',
      purpose: 'payment',
      caller: payer,
    });
  });
});
