/** The lane of returning devices, on a real table: what it is exempt from, and what it is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import type { VerifyOtpOutcome } from '../../functions/otp/verify-otp-ports.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const narrow = { prefix: '203.0.113.9', ceiling: 1 };
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

function accepted(outcome: RequestOtpOutcome) {
  if (outcome.tag !== 'accepted') throw new Error(`${outcome.tag}, not accepted`);
  return outcome;
}

function verified(outcome: VerifyOtpOutcome) {
  if (outcome.tag !== 'verified') throw new Error(`${outcome.tag}, not verified`);
  return outcome;
}

/** Signs in as a stranger; gives the token of the device. */
async function becomeKnown(flow: Flow, phoneNumber = number): Promise<string> {
  const { requestId } = accepted(await flow.request(phoneNumber));
  const { deviceToken } = verified(await flow.verify(requestId, flow.lastCode()));
  flow.state.now += 31;
  return String(deviceToken);
}

/** A day of its own for each test: the budget's item is shared. */
let day = 0;
function startDay(settings: Parameters<typeof startFlow>[1] = {}): Flow {
  day += 1;
  const flow = startFlow(table, settings);
  flow.state.now += day * 86_400 * 7;
  return flow;
}

describe('a returning device', () => {
  it('gets a code when strangers have spent the public limits, and its code wins once', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    await flow.request(number);
    expect((await flow.request(number)).tag).toBe('too-many-requests');
    const { requestId } = accepted(await flow.request(number, { deviceToken }));
    expect(verified(await flow.verify(requestId, flow.lastCode())).deviceToken).toBeUndefined();
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('expired-code');
  });

  it('has all its guesses when strangers have spent theirs', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    const stranger = accepted(await flow.request(number));
    const device = accepted(await flow.request(number, { deviceToken }));
    for (let i = 0; i < 6; i += 1) await flow.verify(stranger.requestId, flow.wrongCode());
    expect(await flow.verify(device.requestId, flow.wrongCode())).toEqual({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
    });
  });

  it('is given its send back by a definite refusal', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    flow.state.nextOutcome = { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined };
    expect((await flow.request(number, { deviceToken })).tag).toBe('temporarily-unavailable');
    accepted(await flow.request(number, { deviceToken }));
  });

  it('is a stranger with a token that was altered', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    accepted(await flow.request(number));
    const altered = (deviceToken.startsWith('A') ? 'B' : 'A') + deviceToken.slice(1);
    for (const token of [altered, `${deviceToken}A`, 'x', ''])
      expect((await flow.request(number, { deviceToken: token })).tag).toBe('too-many-requests');
  });

  it('is past the client address and the block of its number, which strangers have spent', async () => {
    const flow = startDay({ sendsPerNumberBlock: 2 });
    const deviceToken = await becomeKnown(flow);
    await flow.request('+919876543211', {}, narrow);
    expect(await flow.request('+919876543212')).toMatchObject({ tag: 'too-many-requests', reason: 'block' });
    expect(await flow.request(number, {}, narrow)).toMatchObject({
      tag: 'too-many-requests',
      reason: 'address',
    });
    const { requestId } = accepted(await flow.request(number, { deviceToken }, narrow));
    const won = verified(await flow.verify(requestId, flow.lastCode()));
    expect(won.deviceToken).toBeUndefined();
  });

  it('is past the conversion breaker, and past the share of strangers, to the last of the budget', async () => {
    const breaker = {
      mode: 'enforce',
      minSendsPerHour: 2,
      minVerifiedPercent: 100,
      trickleSeconds: 3600,
    } as const;
    const flow = startDay({ conversionBreaker: breaker, sendsPerHour: 5, strangersBudgetPercent: 80 });
    const deviceToken = await becomeKnown(flow);
    const reasons: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const outcome = await flow.request(`+91900000000${i}`);
      if (outcome.tag === 'temporarily-unavailable') reasons.push(`${outcome.reason} (${outcome.detail})`);
    }
    expect(reasons[0]).toBe('conversion (public conversion)');
    accepted(await flow.request(number, { deviceToken }));
    const spent = await flow.budget();
    expect(spent).toBe(1 + 4 - reasons.length + 1);
  });

  it('is counted in the budget, and waits like everybody when all of it is spent', async () => {
    const flow = startDay({ sendsPerDay: 2, strangersBudgetPercent: 50 });
    const deviceToken = await becomeKnown(flow);
    expect(await flow.request('+919876543219')).toMatchObject({ reason: 'budget', detail: 'public day' });
    accepted(await flow.request(number, { deviceToken }));
    flow.state.now += 31;
    expect(await flow.request(number, { deviceToken })).toMatchObject({
      reason: 'budget',
      detail: 'device day',
    });
  });

  it('has limits of its own, and its guesses take nothing from strangers', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    const { requestId } = accepted(await flow.request(number, { deviceToken }));
    expect(await flow.request(number, { deviceToken })).toMatchObject({
      tag: 'too-many-requests',
      reason: 'sends',
      retryAfterSeconds: 30,
    });
    const wrong = flow.wrongCode();
    for (let left = 4; left >= 0; left -= 1) {
      expect(await flow.verify(requestId, wrong)).toEqual({ tag: 'incorrect-code', attemptsRemaining: left });
    }
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('too-many-attempts');
    const asStranger = accepted(await flow.request(number));
    expect((await flow.verify(asStranger.requestId, flow.lastCode())).tag).toBe('verified');
  });

  it('is known by the five newest sign-ins, and by a sixth the oldest is forgotten', async () => {
    const flow = startDay({
      sendLimits: [
        { count: 1, windowSeconds: 30 },
        { count: 2, windowSeconds: 300 },
      ],
    });
    const tokens: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      tokens.push(await becomeKnown(flow));
      flow.state.now += 300;
    }
    const lanes: string[] = [];
    for (const deviceToken of tokens) {
      const before = await flow.record(number);
      accepted(await flow.request(number, { deviceToken }));
      lanes.push((await flow.record(number)).sent[0] === before.sent[0] ? 'device' : 'public');
      flow.state.now += 301;
    }
    expect(lanes).toEqual(['public', 'device', 'device', 'device', 'device', 'device']);
  });

  it('is a stranger to another deployment, and with another number', async () => {
    const flow = startDay();
    const foreign = await becomeKnown(startDay());
    const another = await becomeKnown(flow, '+919876543218');
    for (const deviceToken of [foreign, another]) {
      const before = await flow.record(number);
      accepted(await flow.request(number, { deviceToken }));
      expect((await flow.record(number)).sent[0]).not.toBe(before.sent[0]);
      flow.state.now += 301;
    }
  });

  it('gets one token for one win, however often the answer is given', async () => {
    const flow = startDay();
    const { requestId } = accepted(await flow.request(number));
    const key = 'one-intention-of-the-user';
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => flow.verify(requestId, flow.lastCode(), key)),
    );
    const tokens = outcomes.flatMap((outcome) => (outcome.tag === 'verified' ? [outcome.deviceToken] : []));
    expect(tokens.length).toBeGreaterThan(1);
    expect(new Set(tokens).size).toBe(1);
    const item = await table.read(flow.itemKey(number).replace('phone#', 'device#'));
    expect(
      Object.keys(item ?? {}).filter((name) => name.startsWith('device') && item?.[name]?.S !== '-'),
    ).toEqual(['device0']);
  });

  it('keeps a stranger’s resend out of its lane', async () => {
    const flow = startDay();
    const deviceToken = await becomeKnown(flow);
    const stranger = accepted(await flow.request(number));
    const strangersCode = flow.lastCode();
    const own = accepted(await flow.request(number, { deviceToken, previousRequestId: stranger.requestId }));
    const outcome = await flow.verify(own.requestId, strangersCode);
    expect(outcome.tag).toBe(strangersCode === flow.lastCode() ? 'verified' : 'incorrect-code');
  });

  it('leaves an item under 1 KB, with every register, slot and device full', async () => {
    const flow = startDay();
    for (let i = 0; i < 5; i += 1) {
      await becomeKnown(flow);
      flow.state.now += 86_400;
    }
    const deviceToken = await becomeKnown(flow);
    for (let i = 0; i < 11; i += 1) {
      flow.state.now += 86_401;
      const { requestId } = accepted(
        await flow.request(number, { deviceToken, idempotencyKey: `key-number-${i}-of-the-app` }),
      );
      for (let guess = 0; guess < 2; guess += 1) await flow.verify(requestId, flow.wrongCode());
    }
    const item = (await table.read(flow.itemKey(number).replace('phone#', 'device#'))) ?? {};
    const bytes = Object.entries(item).reduce(
      (sum, [name, value]) =>
        sum +
        name.length +
        (value.S === undefined ? Math.ceil(String(value.N).length / 2) + 1 : value.S.length),
      0,
    );
    expect(Object.keys(item)).toEqual(expect.arrayContaining(['sent9', 'tried19', 'device4', 'oldHash']));
    expect(bytes).toBeLessThan(1024);
  });
});

describe('the guess breaker', () => {
  it('lets one stranger’s guess through now and then, once too many were wrong, and no device waits', async () => {
    const guessBreaker = { mode: 'enforce', wrongGuessesPerHour: 3, trickleSeconds: 60 } as const;
    const flow = startDay({ guessBreaker });
    const deviceToken = await becomeKnown(flow);
    for (let i = 0; i < 3; i += 1) {
      const { requestId } = accepted(await flow.request(`+91900000010${i}`));
      expect((await flow.verify(requestId, flow.wrongCode())).tag).toBe('incorrect-code');
    }
    expect(flow.told).toContain('guesses-high');
    const stranger = accepted(await flow.request('+919000000109'));
    const strangersCode = flow.lastCode();
    // The first guess at a code passes, the second one takes the turn of a minute.
    for (let i = 0; i < 2; i += 1)
      expect((await flow.verify(stranger.requestId, flow.wrongCode())).tag).toBe('incorrect-code');
    expect(await flow.verify(stranger.requestId, strangersCode)).toEqual({
      tag: 'too-many-attempts',
      retryAfterSeconds: 60,
      reason: 'guess-breaker',
    });
    const { requestId } = accepted(await flow.request(number, { deviceToken }));
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('verified');
    flow.state.now += 60;
    expect((await flow.verify(stranger.requestId, strangersCode)).tag).toBe('verified');
  });

  it('that only observes tells it and stops nobody', async () => {
    const flow = startDay({ guessBreaker: { mode: 'observe', wrongGuessesPerHour: 1 } });
    const { requestId } = accepted(await flow.request(number));
    await flow.verify(requestId, flow.wrongCode());
    expect(flow.told).toContain('guesses-high');
    expect((await flow.verify(requestId, flow.lastCode())).tag).toBe('verified');
  });
});
