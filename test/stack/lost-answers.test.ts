/** Radio silence, moved clocks and failing dependencies, between the functions and what they call. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, otherThan, smsTo, type } from '../../test-kit/sign-in.ts';

const key = 'intention-of-the-user';
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack();
});
beforeEach(() => {
  stack.faults.clear();
  setClock(0);
});
afterAll(() => stack.stop());

function setClock(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(seconds);
}

describe('an idempotency key', () => {
  it('buys no second SMS after 35 s, nor after another request in between', async () => {
    const number = freshNumber();
    const first = await ask(stack, number, { idempotencyKey: key });
    setClock(35);
    const again = await ask(stack, number, { idempotencyKey: key });
    expect(again.json).toMatchObject({ requestId: first.json.requestId, delivery: 'unconfirmed' });
    expect(again.json.expiresInSeconds).toBeLessThanOrEqual(265);
    expect((await ask(stack, number)).status).toBe(202);
    setClock(70);
    expect((await ask(stack, number, { idempotencyKey: key })).json.requestId).toBe(first.json.requestId);
    expect(smsTo(stack, number)).toBe(2);
  });

  it('gives the token again when its answer got lost', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const code = codeFor(stack, number);
    stack.faults.add({ service: 'dynamodb', function: 'verify-otp', skip: 1, times: 2, mode: 'lose-answer' });
    expect((await type(stack, json.requestId, code, key)).status).toBe(503);
    const again = await type(stack, json.requestId, code, key);
    const andAgain = await type(stack, json.requestId, code, key);
    expect([again.status, andAgain.status]).toEqual([200, 200]);
    expect(decodeJwt(andAgain.json.accessToken).jti).toBe(decodeJwt(again.json.accessToken).jti);
  });
});

describe('an answer of the table that gets lost once', () => {
  it.each([
    ['the address count', 0],
    ['the reserve', 1],
    ['the budget count', 2],
  ])('at %s of a request is not noticed', async (_, skip) => {
    const number = freshNumber();
    stack.faults.add({ service: 'dynamodb', function: 'request-otp', skip, times: 1, mode: 'lose-answer' });
    const asked = await ask(stack, number);
    expect(asked.status).toBe(202);
    expect(smsTo(stack, number)).toBe(1);
    expect((await type(stack, asked.json.requestId, codeFor(stack, number))).status).toBe(200);
  });

  it.each([
    ['the count', 0],
    ['the consume', 1],
  ])('at %s of a verify is not noticed', async (_, skip) => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    stack.faults.add({ service: 'dynamodb', function: 'verify-otp', skip, times: 1, mode: 'lose-answer' });
    expect((await type(stack, json.requestId, codeFor(stack, number))).status).toBe(200);
  });
});

describe('a table that is out of reach', () => {
  it.each(['refuse', 'throttle', 'error-500', 'garbage', 'hang', 'reset'] as const)(
    'by %s gives 503 in time, sends nothing, and signs nobody in',
    async (mode) => {
      const number = freshNumber();
      const { json } = await ask(stack, number);
      const code = codeFor(stack, number);
      stack.faults.add({ service: 'dynamodb', mode });
      const other = freshNumber();
      const startedAtMs = performance.now();
      const replies = [await ask(stack, other), await type(stack, json.requestId, code)];
      expect(performance.now() - startedAtMs).toBeLessThan(2 * 5_500);
      for (const reply of replies) {
        expect(reply.status).toBe(503);
        expect(reply.json).toMatchObject({ type: 'urn:doorcode:temporarily-unavailable', status: 503 });
        expect(reply.headers['retry-after']).toBe('5');
      }
      expect(smsTo(stack, other)).toBe(0);
      stack.faults.clear();
      expect((await type(stack, json.requestId, code)).status).toBe(200);
    },
  );

  it('for the budget alone gives the number its send back', async () => {
    const number = freshNumber();
    stack.faults.add({ service: 'dynamodb', function: 'request-otp', skip: 2, times: 2, mode: 'error-500' });
    expect((await ask(stack, number)).status).toBe(503);
    expect((await ask(stack, number)).status).toBe(202);
    expect(smsTo(stack, number)).toBe(1);
  });
});

describe('the attempt budget', () => {
  it('is whole again exactly when the refusal said so', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const wrong = otherThan(codeFor(stack, number));
    for (let i = 0; i < 5; i += 1) await type(stack, json.requestId, wrong);
    const refused = await type(stack, json.requestId, wrong);
    expect(refused.json.type).toBe('urn:doorcode:too-many-attempts');
    expect(refused.headers['retry-after']).toBe(String(refused.json.retryAfterSeconds));
    setClock(refused.json.retryAfterSeconds + 1);
    expect((await ask(stack, number)).status).toBe(202);
  });
});
