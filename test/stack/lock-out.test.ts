/**
 * A stranger who spends all that a number's public lane has, and the owner, whose device goes on signing in. The clocks
 * stand still at each edge.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/threat-model.md'), 'utf8').replace(
  /\s+/g,
  ' ',
);
const daySeconds = 86_400;
const noon = (Math.floor(Date.now() / 86_400_000) + 2) * daySeconds + 43_200;
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings: { devicesPerNumber: 2 } });
});
afterAll(() => stack.stop());

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds - Date.now() / 1000 });
}

const askAs = (deviceToken: string, phoneNumber: string): Promise<Reply> =>
  ask(stack, phoneNumber, { headers: { 'doorcode-device': deviceToken } });

/** Signs a stranger in; gives the token of the device. */
async function signIn(phoneNumber: string): Promise<string> {
  const { requestId } = (await ask(stack, phoneNumber)).json;
  const { status, json } = await type(stack, requestId, codeFor(stack, phoneNumber));
  expect(status).toBe(200);
  expect(json.deviceToken).toMatch(/^[A-Za-z0-9_-]{63}$/);
  return json.deviceToken;
}

async function returns(deviceToken: string, phoneNumber: string): Promise<void> {
  const asked = await askAs(deviceToken, phoneNumber);
  expect(asked.status).toBe(202);
  const won = await type(stack, asked.json.requestId, codeFor(stack, phoneNumber));
  expect(won.status).toBe(200);
  expect(won.json.deviceToken).toBeUndefined();
}

/** Spends all sends of the day; gives the seconds after which each went out, and the wait after the last. */
async function spendSends(phoneNumber: string, startsAt: number): Promise<readonly [number[], number]> {
  const sentAt: number[] = [];
  let now = startsAt;
  for (;;) {
    at(now);
    const { status, json } = await ask(stack, phoneNumber);
    if (status !== 202) return [sentAt, json.retryAfterSeconds];
    sentAt.push(now - startsAt);
    if (json.resendAfterSeconds > 3600) return [sentAt, json.resendAfterSeconds];
    now += json.resendAfterSeconds;
  }
}

describe('a number whose public sends of the day a stranger has spent', () => {
  it('still signs its device in, and nobody else’s; strangers wait as the threat model says, to the second', async () => {
    const phoneNumber = freshNumber();
    at(noon - daySeconds);
    const deviceToken = await signIn(phoneNumber);
    const other = freshNumber();
    const tokenOfOther = await signIn(other);
    const [sentAt, wait] = await spendSends(phoneNumber, noon);
    const [last, ...earlier] = [...sentAt].reverse();
    expect(page).toContain(`${earlier.reverse().join(', ')} and ${last} s; then`);
    expect(page).toContain('for 22 h 49 min 30 s');
    expect(wait).toBe(22 * 3600 + 49 * 60 + 30);

    const { requestId } = (await askAs(tokenOfOther, other)).json;
    const altered = `${deviceToken.startsWith('A') ? 'B' : 'A'}${deviceToken.slice(1)}`;
    const madeUp = randomBytes(47).toString('base64url');
    for (const notIts of [tokenOfOther, altered, madeUp, requestId, '', 'x'.repeat(5000)]) {
      expect((await askAs(notIts, phoneNumber)).status).toBe(429);
    }
    await returns(deviceToken, phoneNumber);

    const recoversAt = noon + (last ?? 0) + wait;
    at(recoversAt - 1);
    expect((await ask(stack, phoneNumber)).json.retryAfterSeconds).toBe(1);
    at(recoversAt);
    expect((await ask(stack, phoneNumber)).status).toBe(202);
  });
});

describe('a number whose public attempts a stranger has spent', () => {
  it('still signs its device in; strangers wait ten minutes, to the second', async () => {
    const phoneNumber = freshNumber();
    at(noon);
    const deviceToken = await signIn(phoneNumber);
    at(noon + 300);
    const { requestId } = (await ask(stack, phoneNumber)).json;
    const wrong = otherThan(codeFor(stack, phoneNumber));
    for (let i = 0; i < 5; i += 1) expect((await type(stack, requestId, wrong)).status).toBe(422);
    expect((await type(stack, requestId, wrong)).json.retryAfterSeconds).toBe(600);
    await returns(deviceToken, phoneNumber);
    at(noon + 899);
    expect((await ask(stack, phoneNumber)).json.retryAfterSeconds).toBe(1);
    at(noon + 900);
    expect((await ask(stack, phoneNumber)).status).toBe(202);
  });
});

describe('a device', () => {
  it('that others have followed is forgotten, and asks as a stranger', async () => {
    const phoneNumber = freshNumber();
    const tokens: string[] = [];
    for (const seconds of [0, 300, 600]) {
      at(noon + seconds);
      tokens.push(await signIn(phoneNumber));
    }
    const [first = '', second = '', third = ''] = tokens;
    at(noon + 601);
    expect((await askAs(first, phoneNumber)).status).toBe(429);
    at(noon + 1200);
    await returns(second, phoneNumber);
    at(noon + 1800);
    await returns(third, phoneNumber);
  });

  it('has limits of its own', async () => {
    const phoneNumber = freshNumber();
    at(noon);
    const deviceToken = await signIn(phoneNumber);
    at(noon + 300);
    expect((await askAs(deviceToken, phoneNumber)).status).toBe(202);
    const again = await askAs(deviceToken, phoneNumber);
    expect([again.status, again.json.retryAfterSeconds]).toEqual([429, 30]);
    // What it spends is not the strangers': they have one send of the provider's three left.
    expect((await ask(stack, phoneNumber)).status).toBe(202);
  });

  it('gets its token again with the same idempotency key, and none when it could not be remembered', async () => {
    const [phoneNumber, unlucky] = [freshNumber(), freshNumber()];
    at(noon);
    const { requestId } = (await ask(stack, phoneNumber)).json;
    const key = 'one-tap-on-a-button';
    const answers = [
      await type(stack, requestId, codeFor(stack, phoneNumber), key),
      await type(stack, requestId, codeFor(stack, phoneNumber), key),
    ];
    const [one, two] = answers.map(({ json }) => json.deviceToken);
    expect(one).toMatch(/^[A-Za-z0-9_-]{63}$/);
    expect(two).toBe(one);

    const asked = (await ask(stack, unlucky)).json;
    // Of the writes of this sign-in, count and consume pass; the others are remember and the breaker's account.
    stack.faults.add({ service: 'dynamodb', mode: 'error-500', function: 'verify-otp', skip: 2 });
    const won = await type(stack, asked.requestId, codeFor(stack, unlucky));
    stack.faults.clear();
    expect(won.status).toBe(200);
    expect(won.json.accessToken.split('.')).toHaveLength(3);
    expect(won.json.deviceToken).toBeUndefined();
  });
});
