/** A provider that fails: a worker stops sending, answers at once without a call, and sends no stale code afterwards. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breakerFailures, probePauseSeconds } from '../../functions/settings/fixed-numbers.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { ControlChange } from '../../local/startmessaging/control.ts';
import { ask, codeFor, freshNumber, smsTo, type } from '../../test-kit/sign-in.ts';

const workers = 2;
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers,
    settings: { sendsPerIpv4Address: 10_000 },
  });
});
afterAll(() => stack.stop());

/** A noon that no other test counts on, UTC. */
let noon = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200;
afterEach(async () => {
  stack.provider.control({ fault: null, account: 'active', balance: 1_000 });
  await Promise.all(['request-otp', 'verify-otp'].map((name) => stack.pool(name).restart()));
  noon += 86_400;
});

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
}

/** Table calls of request-otp so far. */
function tableCalls(): number {
  return stack.awsCalls.filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init')
    .length;
}

/** One worker after the other fails so often that it stops. */
async function failUntilPaused(): Promise<void> {
  for (let i = 0; i < breakerFailures; i += 1) expect((await ask(stack, freshNumber())).status).toBe(503);
}

it('fifty requests while it is open cost no call, send nothing, and nothing of them comes later', async () => {
  at(noon);
  const linesBefore = stack.logLines.length;
  stack.provider.control({ fault: { name: '503-carrier', times: breakerFailures } });
  await failUntilPaused();
  const [callsBefore, sendsBefore] = [tableCalls(), stack.provider.sends.length];
  const numbers = Array.from({ length: 50 }, freshNumber);
  for (const phoneNumber of numbers) {
    const reply = await ask(stack, phoneNumber);
    expect([reply.status, reply.json.retryAfterSeconds]).toEqual([503, probePauseSeconds]);
  }
  expect(tableCalls()).toBe(callsBefore);
  expect(stack.provider.sends).toHaveLength(sendsBefore);
  expect(
    stack.logLines
      .slice(linesBefore)
      .filter(
        ({ line }) => line.includes('"code":"request-otp.provider-breaker"') && line.includes('"level"'),
      ),
  ).toHaveLength(1);

  at(noon + probePauseSeconds);
  const phoneNumber = freshNumber();
  const { requestId } = (await ask(stack, phoneNumber)).json;
  expect((await type(stack, requestId, codeFor(stack, phoneNumber))).status).toBe(200);
  expect(stack.provider.sends).toHaveLength(sendsBefore + 1);
  for (const waiting of numbers) expect(smsTo(stack, waiting)).toBe(0);
});

describe('an account problem', () => {
  it.each<[string, ControlChange]>([
    ['a refused key', { fault: { name: '401' } }],
    ['a suspended account', { account: 'suspended' }],
    ['an account that is not approved', { account: 'unapproved' }],
    ['an empty wallet', { balance: 0 }],
    ['402', { fault: { name: '402-balance' } }],
  ])('(%s) pauses: 200 requests at once are no storm of calls and writes', async (_, change) => {
    at(noon);
    stack.provider.control(change);
    const [tableBefore, providerBefore] = [tableCalls(), stack.provider.sendCalls];
    const replies = await Promise.all(Array.from({ length: 200 }, () => ask(stack, freshNumber())));
    expect(replies.map(({ status }) => status)).toEqual(Array(200).fill(503));
    const providerCalls = stack.provider.sendCalls - providerBefore;
    expect(providerCalls).toBeLessThanOrEqual(workers * breakerFailures);
    // Address, reserve, budget, release and its budget: nothing for the others.
    expect(tableCalls() - tableBefore).toBeLessThanOrEqual(workers * breakerFailures * 5);
    for (const { json } of replies) expect(json.retryAfterSeconds).toBeLessThanOrEqual(5);
  });
});

it('a request that uses up its turn without a send leaves it to the next one', async () => {
  at(noon);
  const spent = freshNumber();
  expect((await ask(stack, spent)).status).toBe(202);
  stack.provider.control({ fault: { name: '500', times: breakerFailures } });
  await failUntilPaused();
  at(noon + probePauseSeconds);
  expect((await ask(stack, spent)).status).toBe(429);
  expect((await ask(stack, freshNumber())).status).toBe(202);
});

describe('a wall clock that is set', () => {
  it.each([-400, 400])('by %i s while sending is paused ends the pause', async (seconds) => {
    const pool = stack.pool('request-otp');
    pool.shiftClock(0);
    stack.provider.control({ fault: { name: '500', times: breakerFailures } });
    await failUntilPaused();
    const before = stack.provider.sendCalls;
    pool.setWallClock(seconds);
    const reply = await ask(stack, freshNumber());
    expect(reply.status).toBe(202);
    expect(stack.provider.sendCalls).toBe(before + 1);
  });
});

it('a worker that slept for an hour in the middle of an outage looks at once', async () => {
  at(noon);
  stack.provider.control({ fault: { name: '500', times: breakerFailures } });
  await failUntilPaused();
  at(noon + 3_600);
  expect((await ask(stack, freshNumber())).status).toBe(202);
});
