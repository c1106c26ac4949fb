/** Which limit it was does not show: the answers are one answer, apart from their id and the seconds. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../support/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../support/sign-in.ts';

let stack: LocalStack;
const settings = { sendsPerIpv4Address: 8, sendsPerDay: 20, sendsPerHour: 20 };
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings });
  stack.pool('request-otp').stopClock((Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200);
  stack.pool('verify-otp').stopClock((Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200);
});
afterAll(() => stack.stop());

/** All that a client sees, with what may differ blotted out. */
function shape({ status, headers, text }: Reply, requestId: string): unknown {
  const seen = Object.entries(headers).filter(([name]) => !['date', 'retry-after'].includes(name));
  const blotted = (all: string): string =>
    all.replaceAll(requestId, 'id').replace(/"retryAfterSeconds":[0-9]+/, '"retryAfterSeconds":n');
  return {
    status,
    headers: blotted(JSON.stringify(seen)).replace(/"content-length","[0-9]+"/, ''),
    text: blotted(text),
  };
}

it('a 429 of sends, attempts, the address and the provider is the same', async () => {
  const [bySends, byAttempts, byProvider] = [freshNumber(), freshNumber(), freshNumber()];
  await ask(stack, bySends, { from: '127.0.0.2' });
  const { requestId } = (await ask(stack, byAttempts, { from: '127.0.0.2' })).json;
  const wrong = otherThan(codeFor(stack, byAttempts));
  for (let i = 0; i < 5; i += 1) await type(stack, requestId, wrong);
  stack.provider.control({ exhaustNumber: byProvider });
  for (let i = 0; i < 8; i += 1) await ask(stack, bySends, { from: '127.0.0.4' });
  const replies = [
    await ask(stack, bySends, { from: '127.0.0.3' }),
    await ask(stack, byAttempts, { from: '127.0.0.3' }),
    await ask(stack, byProvider, { from: '127.0.0.3' }),
    await ask(stack, freshNumber(), { from: '127.0.0.4' }),
  ];
  const [first, ...others] = replies.map((reply) => shape(reply, reply.json.instance));
  expect(replies.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
  for (const other of others) expect(other).toEqual(first);
});
