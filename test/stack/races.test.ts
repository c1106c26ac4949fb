/**
 * Races through the HTTP front: four processes per function, limits of gateway and address raised by the ordinary
 * settings, so that the number's own limits decide.
 */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, otherThan, smsTo, type } from '../../test-kit/sign-in.ts';

const workers = 4;
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: { requestRatePerSecond: 10_000, verifyRatePerSecond: 10_000, sendsPerIpv4Address: 1_000_000 },
  });
});
afterAll(() => stack.stop());

const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));
function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe(`with ${workers} processes per function`, () => {
  it('200 parallel requests for one number buy one SMS', async () => {
    const number = freshNumber();
    const replies = await times(200, () => ask(stack, number));
    expect(tally(replies.map(({ status }) => status))).toEqual({ 202: 1, 429: 199 });
    expect(smsTo(stack, number)).toBe(1);
    expect(stack.pool('request-otp').pids).toHaveLength(workers);
  });

  it('200 parallel guesses are five counted ones', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const wrong = otherThan(codeFor(stack, number));
    const replies = await times(200, () => type(stack, json.requestId, wrong));
    expect(tally(replies.map(({ status }) => status))).toEqual({ 422: 5, 429: 195 });
    const left = replies.filter(({ status }) => status === 422).map((reply) => reply.json.attemptsRemaining);
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(stack.pool('verify-otp').pids).toHaveLength(workers);
  });

  it('100 parallel right codes with one idempotency key are one win', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const code = codeFor(stack, number);
    const replies = await times(100, () => type(stack, json.requestId, code, 'one-intention-of-the-user'));
    const tokens = replies
      .filter(({ status }) => status === 200)
      .map((reply) => decodeJwt(reply.json.accessToken));
    expect(tokens.length).toBeGreaterThan(1);
    expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(1);
    expect(new Set(tokens.map(({ iat }) => iat)).size).toBe(1);
  });

  it('100 parallel right codes without a key are one token', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const code = codeFor(stack, number);
    const replies = await times(100, () => type(stack, json.requestId, code));
    const counts = tally(replies.map(({ status }) => status));
    expect(counts[200]).toBe(1);
    expect((counts[422] ?? 0) + (counts[429] ?? 0)).toBe(99);
  });
});
