/**
 * Test numbers in a running stack: for the review of an app, and for CI. A fixed code opens an account, so everything
 * that bounds it is measured here: end date, quota, guess limits, one whole number, and never the provider.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { linesOf } from '../../test-kit/provider-key.ts';
import { ask, codeFor, freshNumber, smsTo, type } from '../../test-kit/sign-in.ts';
import { budgetSpent } from '../../test-kit/stored.ts';
import { countOf, dayIn, putControls } from '../../test-kit/stored-controls.ts';

const today = Math.floor(Date.now() / 86_400_000);
/** Noon of a day that is far enough for all tests, UTC; each test has a day of its own. */
let noon = (today + 2) * 86_400 + 43_200;
const until = dayIn(60);
const endsAt = (today + 61) * 86_400;
const code = '402961';
let stack: LocalStack;
beforeAll(async () => {
  // It starts without test numbers, and takes them by an update: a later one can switch them off.
  stack = await startLocalStack({ workers: 1 });
  await takeTestNumbers();
});
beforeEach(() => {
  noon += 2 * 86_400;
  at(noon);
});
afterAll(() => stack.stop());

const takeTestNumbers = (): Promise<void> => stack.update({ settings: { testNumbersUntil: dayIn(300) } });

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
}

/** Makes a number a test number, and gives it. */
async function testNumber(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const phoneNumber = freshNumber();
  await putControls(stack, { testNumbers: [{ phoneNumber, code, until, ...more }] });
  return phoneNumber;
}

const claimsOf = (accessToken: string) =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

describe('a test number', () => {
  it('signs in with its fixed code and no SMS; the token and both metrics say so', async () => {
    const number = await testNumber();
    const before = stack.logLines.length;
    const asked = await ask(stack, number);
    expect(asked.status).toBe(202);
    const typed = await type(stack, asked.json.requestId, code);
    expect(typed.status).toBe(200);
    const claims = claimsOf(typed.json.accessToken);
    expect(claims).toMatchObject({ test: true });
    expect(JSON.stringify(claims)).not.toContain(number.slice(-10));
    expect(smsTo(stack, number)).toBe(0);
    await expect.poll(() => countOf(stack, 'verify-otp.test-number', before)).toBe(1);
    expect(countOf(stack, 'request-otp.test-number', before)).toBe(1);
    for (const other of ['request-otp.sent', 'verify-otp.verified'] as const)
      expect(countOf(stack, other, before), other).toBe(0);
    expect(stack.logLines.slice(before).filter(({ line }) => line.includes(code))).toEqual([]);
  });

  it('that is somebody’s number never gives their sub, at the win or when it is answered again', async () => {
    const victim = freshNumber();
    const real = await ask(stack, victim);
    const signedIn = await type(stack, real.json.requestId, codeFor(stack, victim));
    const { sub, jti } = claimsOf(signedIn.json.accessToken);
    await putControls(stack, { testNumbers: [{ phoneNumber: victim, code, until }] });
    at(noon + 86_400);
    const { requestId } = (await ask(stack, victim)).json;
    const key = 'a-key-of-my-own-1';
    const tokens = [await type(stack, requestId, code, key), await type(stack, requestId, code, key)];
    const [won, again] = tokens.map(({ json }) => claimsOf(json.accessToken));
    expect(won).toMatchObject({ test: true });
    expect(again).toEqual(won);
    expect(won.sub).not.toBe(sub);
    expect(won.jti).not.toBe(jti);
    expect(won).not.toHaveProperty('phone_number');
    expect(smsTo(stack, victim)).toBe(1);
  });

  it('is answered in the shape of every other number, whose token says nothing of tests', async () => {
    const [number, other] = [await testNumber(), freshNumber()];
    const [asked, askedOther] = [await ask(stack, number), await ask(stack, other)];
    expect(Object.keys(asked.json)).toEqual(Object.keys(askedOther.json));
    const typed = await type(stack, askedOther.json.requestId, codeFor(stack, other));
    expect(claimsOf(typed.json.accessToken)).not.toHaveProperty('test');
  });

  it('has its quota of a day, which comes back to the second', async () => {
    const number = await testNumber({ perDay: 3 });
    for (const after of [0, 1, 2]) {
      at(noon + after);
      expect((await ask(stack, number)).status).toBe(202);
    }
    const before = stack.logLines.length;
    const refused = await ask(stack, number);
    expect([refused.status, refused.json.retryAfterSeconds]).toEqual([429, 86_400 - 2]);
    await expect.poll(() => countOf(stack, 'request-otp.test-number-refused', before)).toBe(1);
    at(noon + 86_399);
    expect((await ask(stack, number)).json.retryAfterSeconds).toBe(1);
    at(noon + 86_400);
    expect((await ask(stack, number)).status).toBe(202);
    expect(smsTo(stack, number)).toBe(0);
  });

  it('works to the last second of its last day, and then neither asks nor signs in', async () => {
    const number = await testNumber();
    at(endsAt - 1);
    const { status, json } = await ask(stack, number);
    expect([status, json.expiresInSeconds]).toEqual([202, 1]);
    at(endsAt);
    expect((await type(stack, json.requestId, code)).json.type).toBe('urn:doorcode:expired-code');
    const before = stack.logLines.length;
    const refused = await ask(stack, number);
    expect([refused.status, refused.json.type]).toEqual([429, 'urn:doorcode:too-many-requests']);
    await expect.poll(() => linesOf(stack, 'request-otp.test-number-refused', before)).toHaveLength(1);
    expect(smsTo(stack, number)).toBe(0);
  });

  it('works no longer than the deployment’s own last day, whatever its own says', async () => {
    await stack.update({ settings: { testNumbersUntil: dayIn(30) } });
    try {
      const number = await testNumber();
      at((today + 31) * 86_400 - 1);
      const { status, json } = await ask(stack, number);
      expect([status, json.expiresInSeconds]).toEqual([202, 1]);
      at((today + 31) * 86_400);
      expect((await type(stack, json.requestId, code)).json.type).toBe('urn:doorcode:expired-code');
      expect([(await ask(stack, number)).status, smsTo(stack, number)]).toEqual([429, 0]);
    } finally {
      await takeTestNumbers();
    }
  });

  it('is refused, and gets no SMS, where the deployment takes none', async () => {
    const number = await testNumber();
    await stack.update();
    try {
      at(noon);
      expect((await ask(stack, number)).status).toBe(429);
      expect(smsTo(stack, number)).toBe(0);
    } finally {
      await takeTestNumbers();
    }
  });

  it('has the guess limits of every other number', async () => {
    const number = await testNumber();
    const { requestId } = (await ask(stack, number)).json;
    const left: unknown[] = [];
    for (let i = 0; i < 5; i += 1) left.push((await type(stack, requestId, '000000')).json.attemptsRemaining);
    expect(left).toEqual([4, 3, 2, 1, 0]);
    const refused = await type(stack, requestId, code);
    expect([refused.status, refused.json.type]).toEqual([429, 'urn:doorcode:too-many-attempts']);
    at(noon + 600);
    const again = (await ask(stack, number)).json;
    expect((await type(stack, again.requestId, code)).status).toBe(200);
  });

  it('is counted for its address like every other number, takes nothing from the budget, and no limit of others', async () => {
    const number = await testNumber();
    // Past the refresh of the controls, which is a call of its own.
    await ask(stack, number);
    const [calls, budget] = [stack.awsCalls.length, await budgetSpent(stack)];
    const { requestId } = (await ask(stack, number)).json;
    await type(stack, requestId, '000000');
    await type(stack, requestId, code);
    const toTable = stack.awsCalls
      .slice(calls)
      .filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init');
    const ofTheFlow = toTable.filter(({ function: name }) => name === 'request-otp');
    expect(ofTheFlow.map(({ keyPrefix }) => keyPrefix)).toEqual(['address', 'test', 'budget']);
    expect(await budgetSpent(stack)).toBe(budget);
    const ofVerify = toTable.filter(({ function: name }) => name === 'verify-otp');
    expect(new Set(ofVerify.map(({ keyPrefix }) => keyPrefix))).toEqual(new Set(['test']));
  });

  it('is switched off with every other number, denied with every other number, and told to wait like every other one', async () => {
    const phoneNumber = freshNumber();
    const testNumbers = [{ phoneNumber, code, until }];
    await putControls(stack, { sending: 'nobody', testNumbers });
    const [refused, other] = [await ask(stack, phoneNumber), await ask(stack, freshNumber())];
    expect([refused.status, refused.json.retryAfterSeconds]).toEqual([503, other.json.retryAfterSeconds]);
    at(noon + 302);
    await putControls(stack, { denied: [phoneNumber], testNumbers });
    expect((await ask(stack, phoneNumber)).status).toBe(429);
    at(noon + 604);
    await putControls(stack, { testNumbers });
    const [asked, plain] = [await ask(stack, phoneNumber), await ask(stack, freshNumber())];
    expect([asked.status, asked.json.resendAfterSeconds]).toEqual([202, plain.json.resendAfterSeconds]);
    expect(smsTo(stack, phoneNumber)).toBe(0);
  });

  it('cannot be a prefix: such controls are malformed, and those before stay in force', async () => {
    const number = await testNumber();
    await putControls(stack, { testNumbers: [{ phoneNumber: '+91900000', code, until }] });
    expect((await ask(stack, number)).status).toBe(202);
    const ordinary = freshNumber();
    const { requestId } = (await ask(stack, ordinary)).json;
    expect(smsTo(stack, ordinary)).toBe(1);
    const sent = codeFor(stack, ordinary);
    if (sent !== code) expect((await type(stack, requestId, code)).status).toBe(422);
  });

  it.each(['111111', '123456', '150893'])(
    'with the code %s is an ordinary number; the other controls are obeyed, and the log says so without it',
    async (guessable) => {
      const [weak, good, denied] = [freshNumber(), freshNumber(), freshNumber()];
      await putControls(stack, {
        denied: [denied],
        testNumbers: [
          { phoneNumber: weak, code: guessable, until },
          { phoneNumber: good, code, until },
        ],
      });
      const lines = stack.logLines.length;
      expect((await ask(stack, good)).status).toBe(202);
      expect((await ask(stack, denied)).status).toBe(429);
      const { status, json } = await ask(stack, weak);
      expect([status, smsTo(stack, weak), smsTo(stack, good)]).toEqual([202, 1, 0]);
      if (codeFor(stack, weak) !== guessable)
        expect((await type(stack, json.requestId, guessable)).json.type).toBe('urn:doorcode:incorrect-code');
      await expect.poll(() => linesOf(stack, 'request-otp.test-number-ignored', lines)).toHaveLength(1);
      const [line = ''] = linesOf(stack, 'request-otp.test-number-ignored', lines);
      const { code: told, reason, dependency, action, ...others } = JSON.parse(line).message;
      expect(told).toBe('request-otp.test-number-ignored');
      expect(reason).toMatch(/^(one or two digits repeated|digits that count up or down|a date)$/);
      expect([dependency, others]).toEqual(['CONTROLS_SECRET_ARN', { requestId: 'worker' }]);
      expect(action).toContain('npm run controls');
      expect(stack.logLines.filter((written) => written.line.includes(weak.slice(-10)))).toEqual([]);
    },
  );

  it('whose secret’s code is taken out signs nobody in by asking anew', async () => {
    const number = await testNumber();
    await ask(stack, number);
    await putControls(stack, {});
    at(noon + 301);
    const { requestId } = (await ask(stack, number)).json;
    expect(smsTo(stack, number)).toBe(1);
    const sent = codeFor(stack, number);
    if (sent !== code) expect((await type(stack, requestId, code)).status).toBe(422);
  });
});
