/**
 * Time, to the second: the functions' clocks stand still at each edge, so that no test depends on how fast it runs.
 * What the threat model promises in figures is measured here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
const page = readFileSync(join(import.meta.dirname, '../../docs/threat-model.md'), 'utf8').replace(
  /\s+/g,
  ' ',
);
/** A midnight that no other test counts on, and a noon, UTC; the signing keys are older than both. */
const midnight = (Math.floor(Date.now() / 86_400_000) + 9) * 86_400;
const noon = midnight - 7 * 86_400 + 43_200;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
afterAll(() => stack.stop());

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds - Date.now() / 1000 });
}

async function askAt(
  seconds: number,
  phoneNumber: string,
  idempotencyKey?: string,
): Promise<readonly [number, number]> {
  at(seconds);
  const { status, json } = await ask(
    stack,
    phoneNumber,
    idempotencyKey === undefined ? {} : { idempotencyKey },
  );
  return [status, json.retryAfterSeconds ?? json.resendAfterSeconds];
}

describe('a code', () => {
  it('works in its 300th second and not in its 301st', async () => {
    const [early, late] = [freshNumber(), freshNumber()];
    at(noon);
    const ids = [(await ask(stack, early)).json, (await ask(stack, late)).json];
    expect(ids[0].expiresInSeconds).toBe(300);
    at(noon + 299);
    expect((await type(stack, ids[0].requestId, codeFor(stack, early))).status).toBe(200);
    at(noon + 300);
    expect((await type(stack, ids[1].requestId, codeFor(stack, late))).json.type).toBe(
      'urn:doorcode:expired-code',
    );
  });

  it('that won is answered again for 60 s with the same idempotency key, and no longer', async () => {
    const [number, key] = [freshNumber(), 'intention-of-the-user'];
    at(noon);
    const { requestId } = (await ask(stack, number)).json;
    const code = codeFor(stack, number);
    expect((await type(stack, requestId, code, key)).status).toBe(200);
    at(noon + 60);
    expect((await type(stack, requestId, code, key)).status).toBe(200);
    at(noon + 61);
    expect((await type(stack, requestId, code, key)).status).toBe(422);
  });
});

describe('the sends of a number', () => {
  it('come back exactly when the answer said, through all five default limits', async () => {
    const number = freshNumber();
    let now = noon;
    const sentAt: number[] = [];
    const waits: number[] = [];
    for (let send = 0; send < 10; send += 1) {
      const [status, wait] = await askAt(now, number);
      expect(status).toBe(202);
      sentAt.push(now - noon);
      waits.push(wait);
      const [tooEarly, stillToWait] = await askAt(now + wait - 1, number);
      expect([tooEarly, stillToWait]).toEqual([429, 1]);
      now += wait;
    }
    // As the threat model says it, with the wait after the last.
    const [last, ...others] = [...sentAt].reverse();
    expect(page).toContain(`${others.reverse().join(', ')} and ${last} s; then`);
    expect(page).toContain('for 22 h 49 min 30 s');
    expect(86_400 - 4230).toBe(22 * 3600 + 49 * 60 + 30);
    // 1 in 30 s, 2 in 5 min, 3 in 10 min, 5 in an hour, 10 in a day.
    expect(sentAt).toEqual([0, 30, 300, 600, 630, 3600, 3630, 3900, 4200, 4230]);
    expect(waits.at(-1)).toBe(86_400 - 4230);
  });
});

describe('the attempts of a number', () => {
  it('come back exactly when the answer said, and no resend resets them', async () => {
    const number = freshNumber();
    at(noon);
    const { requestId } = (await ask(stack, number)).json;
    const wrong = otherThan(codeFor(stack, number));
    const left: unknown[] = [];
    for (let i = 0; i < 5; i += 1) left.push((await type(stack, requestId, wrong)).json.attemptsRemaining);
    expect(left).toEqual([4, 3, 2, 1, 0]);
    const refused = await type(stack, requestId, wrong);
    expect([refused.status, refused.json.retryAfterSeconds]).toEqual([429, 600]);
    expect(await askAt(noon + 599, number)).toEqual([429, 1]);
    expect((await askAt(noon + 600, number))[0]).toBe(202);
  });

  it('lock the number for ten minutes when 5 are spent, for an hour when 10, for a day when 20', async () => {
    const number = freshNumber();
    const spendFiveAt = async (now: number): Promise<number> => {
      at(now);
      const { requestId } = (await ask(stack, number)).json;
      const wrong = otherThan(codeFor(stack, number));
      for (let i = 0; i < 5; i += 1) expect((await type(stack, requestId, wrong)).status).toBe(422);
      return (await type(stack, requestId, wrong)).json.retryAfterSeconds;
    };
    expect(await spendFiveAt(noon)).toBe(600);
    expect(await spendFiveAt(noon + 600)).toBe(3000);
    expect(await spendFiveAt(noon + 3600)).toBe(600);
    expect(await spendFiveAt(noon + 4200)).toBe(82_200);
    expect(await askAt(noon + 86_399, number)).toEqual([429, 1]);
    expect((await askAt(noon + 86_400, number))[0]).toBe(202);
  });
});

describe('an idempotency key', () => {
  it('is remembered as long as its challenge lives', async () => {
    const [number, key] = [freshNumber(), 'one-tap-on-a-button'];
    await askAt(noon, number, key);
    const sms = stack.provider.sends.length;
    expect((await askAt(noon + 299, number, key))[0]).toBe(202);
    expect(stack.provider.sends).toHaveLength(sms);
    expect((await askAt(noon + 300, number, key))[0]).toBe(202);
    expect(stack.provider.sends).toHaveLength(sms + 1);
  });
});

describe('the budget of a day', () => {
  it('ends at midnight UTC, to the second', async () => {
    await stack.update({ settings: { sendsPerDay: 2 } });
    for (const expected of [202, 202]) expect((await askAt(midnight - 1, freshNumber()))[0]).toBe(expected);
    expect(await askAt(midnight - 1, freshNumber())).toEqual([503, 1]);
    expect(await askAt(midnight - 7200, freshNumber())).toEqual([503, 3600]);
    expect((await askAt(midnight, freshNumber()))[0]).toBe(202);
    await stack.update();
  });
});

describe('the window of a client address', () => {
  it('is ten minutes of the clock', async () => {
    const start = noon + 86_400 + 1200;
    await stack.update({ settings: { sendsPerIpv4Address: 1 } });
    expect((await askAt(start, freshNumber()))[0]).toBe(202);
    expect(await askAt(start + 599, freshNumber())).toEqual([429, 1]);
    expect((await askAt(start + 600, freshNumber()))[0]).toBe(202);
    await stack.update();
  });
});

describe('workers whose clocks are 120 s apart', () => {
  const skewSeconds = 120;

  it('move a code’s expiry by the skew and no more', async () => {
    const [number, other] = [freshNumber(), freshNumber()];
    stack.pool('request-otp').stopClock(noon + skewSeconds);
    const ids = [(await ask(stack, number)).json, (await ask(stack, other)).json];
    stack.pool('verify-otp').stopClock(noon + 299 + skewSeconds);
    expect((await type(stack, ids[0].requestId, codeFor(stack, number))).status).toBe(200);
    stack.pool('verify-otp').stopClock(noon + 300 + skewSeconds);
    expect((await type(stack, ids[1].requestId, codeFor(stack, other))).status).toBe(422);
  });

  // Each step back ages every secret, which is then read before the request goes on.
  it('move a limit by the skew and no more', { timeout: 180_000 }, async () => {
    const number = freshNumber();
    const limits = [
      { count: 2, windowSeconds: 300 },
      { count: 3, windowSeconds: 600 },
      { count: 5, windowSeconds: 3600 },
      { count: 10, windowSeconds: 86_400 },
    ];
    const accepted: number[] = [];
    const sendsSince = (time: number): number => accepted.filter((sentAt) => sentAt > time).length;
    for (let step = 0; step < 260; step += 1) {
      const now = noon + step * 20;
      // The request is served by one worker or by the other, which is ahead.
      const [status] = await askAt(now + (step % 3 === 0 ? skewSeconds : 0), number);
      if (status === 202) {
        accepted.push(now);
        for (const { count, windowSeconds } of limits) {
          expect(sendsSince(now - (windowSeconds - skewSeconds))).toBeLessThanOrEqual(count);
        }
      } else {
        const isDue = [{ count: 1, windowSeconds: 30 }, ...limits].some(
          ({ count, windowSeconds }) => sendsSince(now - windowSeconds - skewSeconds) >= count,
        );
        expect(isDue).toBe(true);
      }
    }
    expect(accepted.length).toBeGreaterThan(5);
  });
});
