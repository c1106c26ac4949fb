/** The client with the local stack behind it, over a road with mishaps. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Challenge,
  countdown,
  createDoorcode,
  type DoorcodeOptions,
  memoryStorage,
} from '../../../clients/typescript/src/index.ts';
import { referencePattern } from '../../../functions/runtime/support-reference.ts';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { codeFor, freshNumber, otherThan, smsTo } from '../../../test-kit/sign-in.ts';
import { openRoad, type Road } from '../../support/road.ts';

let stack: LocalStack;
let road: Road;
let nowMs: number;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 2 });
});
afterAll(() => stack.stop());
beforeEach(() => {
  road = openRoad();
  nowMs = 5_000;
});

const phone = (options: Partial<DoorcodeOptions> = {}) =>
  createDoorcode({
    baseUrl: stack.apiUrl,
    fetch: road.fetch,
    now: () => nowMs,
    timeOfDay: () => nowMs,
    sleep: async () => undefined,
    ...options,
  });

async function sent(doorcode: ReturnType<typeof phone>, phoneNumber: string): Promise<Challenge> {
  const result = await doorcode.requestOtp({ phoneNumber });
  if (result.tag !== 'sent') throw new Error(result.tag);
  return result.challenge;
}

const keysOf = (path: string): (string | null)[] =>
  road.calls.filter(({ url }) => url.endsWith(path)).map(({ headers }) => headers.get('idempotency-key'));
const requestKeys = () => keysOf('/auth/request-otp');
const verifyKeys = () => keysOf('/auth/verify-otp');

describe('signing in', () => {
  it('takes two calls and keeps the token', async () => {
    const number = freshNumber();
    const doorcode = phone({ platform: 'android' });
    const challenge = await sent(doorcode, number);
    expect(challenge).toMatchObject({ phoneNumber: number, codeLength: 6, delivery: 'accepted' });
    const result = await doorcode.verifyOtp(challenge, codeFor(stack, number));
    if (result.tag !== 'signed-in') throw new Error(result.tag);
    expect(await doorcode.accessToken()).toBe(result.accessToken);
    expect(await doorcode.resume()).toBeUndefined();
    await doorcode.signOut();
    expect(await doorcode.accessToken()).toBeUndefined();
    expect(road.calls.map(({ body }) => body)).toEqual([
      { phoneNumber: number, platform: 'android' },
      { requestId: challenge.requestId, code: expect.stringMatching(/^\d{6}$/) },
    ]);
  });

  it('finds the code in a whole pasted SMS, and makes no call for one without', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const challenge = await sent(doorcode, number);
    expect(await doorcode.verifyOtp(challenge, 'see you at 5')).toEqual({ tag: 'malformed-code' });
    expect(verifyKeys()).toEqual([]);
    const sms = stack.provider.sends.findLast((send) => send.phoneNumber === number)?.text ?? '';
    expect(await doorcode.verifyOtp(challenge, sms)).toMatchObject({ tag: 'signed-in' });
  });

  it('tells a wrong code with what is left, then the wait, without asking again before it is over', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const challenge = await sent(doorcode, number);
    const wrong = otherThan(codeFor(stack, number));
    expect(await doorcode.verifyOtp(challenge, wrong)).toMatchObject({
      tag: 'incorrect-code',
      attemptsRemaining: 4,
      reference: expect.any(String),
    });
    for (const _ of [2, 3, 4, 5]) await doorcode.verifyOtp(challenge, wrong);
    const refused = await doorcode.verifyOtp(challenge, wrong);
    expect(refused).toMatchObject({ tag: 'too-many-attempts' });
    if (refused.tag !== 'too-many-attempts') throw new Error(refused.tag);
    expect(refused.retryAfterSeconds).toBeGreaterThan(590);
    const calls = road.calls.length;
    nowMs += 10_000;
    expect(await doorcode.verifyOtp(challenge, wrong)).toMatchObject({
      retryAfterSeconds: refused.retryAfterSeconds - 10,
    });
    expect(road.calls).toHaveLength(calls);
    expect(new Set(verifyKeys()).size).toBe(6);
  });

  it('tells an unknown code as expired, and forgets it', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const challenge = await sent(doorcode, number);
    const code = codeFor(stack, number);
    await doorcode.verifyOtp(challenge, code);
    expect(await phone().verifyOtp(challenge, code)).toMatchObject({ tag: 'expired-code' });
  });

  it('tells what is wrong with a number', async () => {
    expect(await phone().requestOtp({ phoneNumber: '12' })).toMatchObject({
      tag: 'invalid-request',
      errors: [{ pointer: '#/phoneNumber' }],
    });
  });
});

describe('the countdown', () => {
  it('is plain data, and counts on a clock of its own', async () => {
    const challenge = await sent(phone(), freshNumber());
    const first = countdown(challenge, nowMs);
    expect(first.resendInSeconds).toBeGreaterThanOrEqual(29);
    expect(first.expiresInSeconds).toBeGreaterThanOrEqual(299);
    expect(countdown(challenge, nowMs + 4_500).resendInSeconds).toBe(first.resendInSeconds - 4);
    expect(countdown(challenge, nowMs + 300_000)).toEqual({ resendInSeconds: 0, expiresInSeconds: 0 });
  });

  it('is a hint: a time of day that somebody set ends it, and the code still signs in', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    try {
      const number = freshNumber();
      const doorcode = phone({ timeOfDay: undefined });
      const challenge = await sent(doorcode, number);
      expect(countdown(challenge, doorcode.now()).expiresInSeconds).toBeGreaterThanOrEqual(299);
      vi.setSystemTime(86_400_000);
      expect(countdown(challenge, doorcode.now()).expiresInSeconds).toBe(0);
      expect(await doorcode.verifyOtp(challenge, codeFor(stack, number))).toMatchObject({ tag: 'signed-in' });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('at most one SMS a tap', () => {
  it.each([
    ['lose-request', 1],
    ['lose-answer', 1],
    ['gateway-503', 1],
  ] as const)('tries again with the same key after %s', async (mishap, count) => {
    const number = freshNumber();
    road.meet(mishap);
    await sent(phone(), number);
    expect(smsTo(stack, number)).toBe(count);
    expect(requestKeys()).toHaveLength(2);
    expect(new Set(requestKeys()).size).toBe(1);
  });

  it('keeps the key over further taps until an answer comes', async () => {
    const number = freshNumber();
    const doorcode = phone({ tries: 1 });
    road.meet('lose-answer');
    expect(await doorcode.requestOtp({ phoneNumber: number })).toMatchObject({ tag: 'offline' });
    expect(await sent(doorcode, number)).toMatchObject({ delivery: 'unconfirmed' });
    expect(smsTo(stack, number)).toBe(1);
    expect(new Set(requestKeys()).size).toBe(1);
  });

  it('keeps the key when the app is killed before the answer', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    road.meet('lose-answer');
    await phone({ tries: 1, storage }).requestOtp({ phoneNumber: number });
    const restarted = phone({ storage });
    expect(await restarted.resume()).toEqual({ tag: 'unanswered', phoneNumber: number });
    const challenge = await sent(restarted, number);
    expect(smsTo(stack, number)).toBe(1);
    expect(await restarted.verifyOtp(challenge, codeFor(stack, number))).toMatchObject({ tag: 'signed-in' });
  });

  it('takes two taps at once for one', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const [first, second] = await Promise.all([sent(doorcode, number), sent(doorcode, number)]);
    expect(first).toEqual(second);
    expect([smsTo(stack, number), road.calls.length]).toEqual([1, 1]);
  });

  it('waits as the server said, and asks again afterwards with the key that has no SMS yet', async () => {
    const number = freshNumber();
    const doorcode = phone();
    await sent(doorcode, number);
    const refused = await doorcode.requestOtp({ phoneNumber: number });
    if (refused.tag !== 'too-many-requests') throw new Error(refused.tag);
    expect(refused.retryAtMs).toBe(nowMs + refused.retryAfterSeconds * 1000);
    expect(await doorcode.requestOtp({ phoneNumber: number })).toMatchObject({ tag: 'too-many-requests' });
    expect(road.calls).toHaveLength(2);
    nowMs = refused.retryAtMs;
    await doorcode.requestOtp({ phoneNumber: number });
    const [first, second, third] = requestKeys();
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(smsTo(stack, number)).toBe(1);
  });

  it('gives the same token again when the answer to the code got lost', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    const doorcode = phone({ tries: 1, storage });
    const challenge = await sent(doorcode, number);
    road.meet('lose-answer', 'lose-request');
    const code = codeFor(stack, number);
    expect(await doorcode.verifyOtp(challenge, code)).toMatchObject({ tag: 'offline' });
    expect(await doorcode.verifyOtp(challenge, code)).toMatchObject({ tag: 'offline' });
    // Killed, started again, the code typed in once more.
    const restarted = phone({ storage });
    const resumed = await restarted.resume();
    if (resumed?.tag !== 'challenge') throw new Error(resumed?.tag);
    expect(await restarted.verifyOtp(resumed.challenge, code)).toMatchObject({ tag: 'signed-in' });
    expect(new Set(verifyKeys()).size).toBe(1);
  });
});

/** An answer of ours that refuses. */
const refusal = (status: number, name: string, members: object = {}) => ({
  status,
  body: { type: `urn:doorcode:${name}`, title: '-', status, detail: '-', instance: 'i-1', ...members },
});

describe('an intention', () => {
  const goesOn = [
    ['503 without an id', refusal(503, 'temporarily-unavailable', { retryAfterSeconds: 5 }), 'unavailable'],
    ['429 by a limit', refusal(429, 'too-many-requests', { retryAfterSeconds: 5 }), 'too-many-requests'],
    ['401, the session is over', refusal(401, 'unauthorized'), 'unauthorized'],
    ['403, the attestation is over', refusal(403, 'app-not-attested'), 'app-not-attested'],
    ['500', refusal(500, 'internal-error'), 'refused'],
    ['a problem of a later server', refusal(418, 'moon-phase'), 'refused'],
    ['a problem of somebody else', { status: 403, body: { type: 'about:blank', requestId: 'r' } }, 'blocked'],
    ['the gateway’s 429', { status: 429, body: { message: 'Too Many Requests' } }, 'busy'],
    ['the gateway’s 404', { status: 404, body: { message: 'Not Found' } }, 'wrong-address'],
    ['JSON with 200 that is not ours', { status: 200, body: { ok: true } }, 'captive-portal'],
  ] as const;

  it.each(goesOn)('that was sent and whose answer was lost goes on after %s', async (_, answer, tag) => {
    const number = freshNumber();
    const storage = memoryStorage();
    const doorcode = phone({ tries: 2, storage });
    // The gateway's answers are tried again by themselves: the second one is the last.
    road.meet('lose-answer', answer);
    expect(await doorcode.requestOtp({ phoneNumber: number })).toMatchObject({ tag });
    nowMs += 5_000;
    expect(await sent(phone({ storage }), number)).toMatchObject({ delivery: 'unconfirmed' });
    expect(smsTo(stack, number)).toBe(1);
    expect(new Set(requestKeys()).size).toBe(1);
  });

  it.each([
    [
      '503 with the id of an SMS that may arrive',
      refusal(503, 'temporarily-unavailable', { requestId: 'r' }),
    ],
    ['a body that will never be valid', refusal(400, 'invalid-request')],
    ['a key of another purpose', refusal(422, 'idempotency-mismatch')],
  ] as const)('ends with %s', async (_, answer) => {
    const storage = memoryStorage();
    const doorcode = phone({ storage });
    const number = freshNumber();
    road.meet(answer);
    await doorcode.requestOtp({ phoneNumber: number });
    expect((await storage.read('doorcode.under-way')) ?? '').not.toContain('"key"');
    nowMs += 30_000;
    await sent(doorcode, number);
    expect(new Set(requestKeys()).size).toBe(2);
  });

  it('ends with its SMS: the next tap is another one', async () => {
    const storage = memoryStorage();
    await sent(phone({ storage }), freshNumber());
    expect((await storage.read('doorcode.under-way')) ?? '').not.toContain('"key"');
  });

  it('to resend ends with the sign-in that made it needless; one for another number does not', async () => {
    const storage = memoryStorage();
    const doorcode = phone({ storage, tries: 1 });
    const [number, other] = [freshNumber(), freshNumber()];
    const first = await sent(doorcode, number);
    road.meet(refusal(503, 'temporarily-unavailable'));
    await doorcode.resendOtp(first);
    await doorcode.verifyOtp(first, codeFor(stack, number));
    expect(await phone({ storage }).resume()).toBeUndefined();
    const second = await sent(doorcode, freshNumber());
    road.meet('lose-request');
    await doorcode.requestOtp({ phoneNumber: other });
    await doorcode.verifyOtp(second, codeFor(stack, second.phoneNumber));
    expect(await phone({ storage }).resume()).toEqual({ tag: 'unanswered', phoneNumber: other });
  });
});

describe('a restart of the app', () => {
  it('finds the challenge, starts the pause anew, and leaves the expiry to the server', async () => {
    const number = freshNumber();
    const storage = memoryStorage();
    const { requestId } = await sent(phone({ storage }), number);
    nowMs = 3;
    const restarted = phone({ storage });
    const resumed = await restarted.resume();
    if (resumed?.tag !== 'challenge') throw new Error(resumed?.tag);
    expect(resumed.challenge).toMatchObject({ requestId, phoneNumber: number, codeLength: 6 });
    expect(countdown(resumed.challenge, nowMs).expiresInSeconds).toBeUndefined();
    expect(countdown(resumed.challenge, nowMs).resendInSeconds).toBe(30);
    expect(await restarted.verifyOtp(resumed.challenge, codeFor(stack, number))).toMatchObject({
      tag: 'signed-in',
    });
  });

  it('forgets the challenge of another number once that one is asked for', async () => {
    const storage = memoryStorage();
    await sent(phone({ storage }), freshNumber());
    const other = freshNumber();
    road.meet('lose-request');
    await phone({ storage, tries: 1 }).requestOtp({ phoneNumber: other });
    expect(await phone({ storage }).resume()).toEqual({ tag: 'unanswered', phoneNumber: other });
  });

  it('does without a storage that fails', async () => {
    const broken = async () => {
      throw new Error('the keychain is locked');
    };
    const number = freshNumber();
    const doorcode = phone({ storage: { read: broken, write: broken } });
    const challenge = await sent(doorcode, number);
    expect(await doorcode.verifyOtp(challenge, codeFor(stack, number))).toMatchObject({ tag: 'signed-in' });
    expect(await doorcode.accessToken()).toEqual(expect.any(String));
  });
});

describe('an own resend', () => {
  it('names the request before it, and either code works', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const first = await sent(doorcode, number);
    const firstCode = codeFor(stack, number);
    stack.pool('request-otp').shiftClock(31);
    nowMs += 31_000;
    const second = await doorcode.resendOtp(first);
    stack.pool('request-otp').shiftClock(0);
    if (second.tag !== 'sent') throw new Error(second.tag);
    expect(road.calls.at(-1)?.body).toMatchObject({ previousRequestId: first.requestId });
    expect(new Set(requestKeys()).size).toBe(2);
    expect(await doorcode.verifyOtp(second.challenge, firstCode)).toMatchObject({ tag: 'signed-in' });
  });
});

describe('whoever stands in between', () => {
  it.each([
    ['lose-request', 'offline'],
    ['gateway-503', 'busy'],
    ['captive-portal', 'captive-portal'],
  ] as const)('after %s says %s', async (mishap, tag) => {
    road.meet(mishap, mishap, mishap);
    expect(await phone().requestOtp({ phoneNumber: freshNumber() })).toMatchObject({ tag });
    expect(road.calls).toHaveLength(tag === 'captive-portal' ? 1 : 3);
  });

  it('that never answers is a timeout', async () => {
    road.meet('hang');
    const doorcode = phone({ timeoutMs: 30, tries: 1 });
    expect(await doorcode.requestOtp({ phoneNumber: freshNumber() })).toEqual({ tag: 'timeout' });
  });

  it('a problem of a later server is told as it is', async () => {
    road.meet('new-problem');
    expect(await phone().requestOtp({ phoneNumber: freshNumber() })).toEqual({
      tag: 'refused',
      status: 418,
      type: 'urn:doorcode:moon-phase',
      detail: 'Wait.',
      reference: 'K7MF29QX',
    });
  });
});

describe('the support reference', () => {
  it('comes with a code that is on its way, and with a refusal', async () => {
    const number = freshNumber();
    const doorcode = phone();
    const challenge = await sent(doorcode, number);
    expect(challenge.reference).toMatch(referencePattern);
    const refused = await doorcode.verifyOtp(challenge, otherThan(codeFor(stack, number)));
    expect(refused).toMatchObject({
      tag: 'incorrect-code',
      reference: expect.stringMatching(referencePattern),
    });
  });

  it('is the gateway’s id of the request where the gateway answered', async () => {
    road.meet('gateway-503', 'gateway-503', 'gateway-503');
    expect(await phone().requestOtp({ phoneNumber: freshNumber() })).toMatchObject({
      tag: 'busy',
      reference: 'gateway-id=',
    });
  });
});

describe('the provider', () => {
  it('that never answers leaves a code that may come', async () => {
    stack.provider.control({ fault: { name: 'hang-after', times: 1 } });
    const number = freshNumber();
    const doorcode = phone();
    const challenge = await sent(doorcode, number);
    expect(challenge.delivery).toBe('unconfirmed');
    expect(await doorcode.verifyOtp(challenge, codeFor(stack, number))).toMatchObject({ tag: 'signed-in' });
  });

  it('that fails is told with the wait, and with the challenge where an SMS may still come', async () => {
    stack.provider.control({ fault: { name: 'html', times: 1 } });
    const failed = await phone().requestOtp({ phoneNumber: freshNumber() });
    expect(failed).toMatchObject({
      tag: 'unavailable',
      challenge: { codeLength: 6, delivery: 'unconfirmed' },
    });
    stack.provider.control({ fault: { name: '403', times: 1 } });
    const refused = await phone().requestOtp({ phoneNumber: freshNumber() });
    expect(refused).toMatchObject({ tag: 'unavailable', retryAfterSeconds: expect.any(Number) });
    expect(refused).toHaveProperty('challenge', undefined);
  });
});

describe('what goes along', () => {
  it('are the adopter’s headers, the context on both calls, and the device token of an earlier sign-in', async () => {
    const deviceToken = `${'d'.repeat(62)}A`;
    const answers = [
      { requestId: 'r', expiresInSeconds: 300, resendAfterSeconds: 30, codeLength: 6, delivery: 'accepted' },
      { accessToken: 't', tokenType: 'Bearer', expiresInSeconds: 3600, deviceToken },
      { requestId: 'r2', expiresInSeconds: 300, resendAfterSeconds: 30, codeLength: 6, delivery: 'accepted' },
    ];
    const calls: { headers: Headers; body: unknown }[] = [];
    const storage = memoryStorage();
    const doorcode = phone({
      storage,
      headers: async () => ({ Authorization: 'Bearer session' }),
      fetch: async (_url, init) => {
        calls.push({ headers: new Headers(init.headers), body: JSON.parse(init.body) });
        return Response.json(answers.shift());
      },
    });
    const context = { payee: 'Asha', rupees: 120 };
    const asked = await doorcode.requestOtp({ phoneNumber: '+919876543210', purpose: 'payment', context });
    if (asked.tag !== 'sent') throw new Error(asked.tag);
    await doorcode.verifyOtp(asked.challenge, '123456');
    await doorcode.requestOtp({ phoneNumber: '+919876543210' });
    expect(calls.map(({ body }) => body)).toEqual([
      { phoneNumber: '+919876543210', purpose: 'payment', context },
      { requestId: 'r', code: '123456', context },
      { phoneNumber: '+919876543210' },
    ]);
    expect(calls.map(({ headers }) => headers.get('authorization'))).toEqual(Array(3).fill('Bearer session'));
    expect(calls.map(({ headers }) => headers.get('doorcode-device'))).toEqual([null, null, deviceToken]);
    expect(await storage.read('doorcode.devices')).toContain(deviceToken);
  });
});
