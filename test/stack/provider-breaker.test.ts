/** A provider that fails: a worker stops sending, answers at once without a call, and sends no stale code afterwards. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breakerFailures } from '../../functions/otp/policy.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, smsTo, type } from '../support/sign-in.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
afterAll(() => stack.stop());

it('fifty requests while it is open cost no call, send nothing, and nothing of them comes later', async () => {
  const noon = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200;
  const at = (seconds: number): void => {
    for (const name of ['request-otp', 'verify-otp']) stack.pool(name).stopClock(seconds);
  };
  at(noon);
  stack.provider.control({ fault: { name: '503-carrier', times: breakerFailures } });
  for (let i = 0; i < breakerFailures; i += 1) expect((await ask(stack, freshNumber())).status).toBe(503);

  const tableCalls = (): number => stack.awsCalls.filter(({ service }) => service === 'dynamodb').length;
  const [callsBefore, sendsBefore] = [tableCalls(), stack.provider.sends.length];
  const numbers = Array.from({ length: 50 }, freshNumber);
  for (const phoneNumber of numbers) {
    const reply = await ask(stack, phoneNumber);
    expect([reply.status, reply.json.retryAfterSeconds]).toEqual([503, 5]);
  }
  expect(tableCalls()).toBe(callsBefore);
  expect(stack.provider.sends).toHaveLength(sendsBefore);
  expect(
    stack.logLines.filter(
      ({ line }) => line.includes('"code":"request-otp.provider-breaker"') && line.includes('"level"'),
    ),
  ).toHaveLength(1);

  at(noon + 6);
  const phoneNumber = freshNumber();
  const { requestId } = (await ask(stack, phoneNumber)).json;
  expect((await type(stack, requestId, codeFor(stack, phoneNumber))).status).toBe(200);
  expect(stack.provider.sends).toHaveLength(sendsBefore + 1);
  for (const waiting of numbers) expect(smsTo(stack, waiting)).toBe(0);
});
