/** The guess breaker, enforced and open, as it is deployed: with the rights that the template grants, and no others. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';

const trickleSeconds = 3_600;
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: { guessBreaker: { mode: 'enforce', wrongGuessesPerHour: 1, trickleSeconds } },
  });
});
afterAll(() => stack.stop());

it('lets fresh codes through, refuses further guesses, and gives what it refuses back', async () => {
  const number = freshNumber();
  const { json } = await ask(stack, number);
  const wrong = otherThan(codeFor(stack, number));
  expect((await type(stack, json.requestId, wrong)).json).toMatchObject({ attemptsRemaining: 4 });
  expect((await type(stack, json.requestId, wrong)).json).toMatchObject({ attemptsRemaining: 3 });
  for (let i = 0; i < 6; i += 1) {
    const refused = await type(stack, json.requestId, codeFor(stack, number));
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({
      type: 'urn:doorcode:too-many-attempts',
      retryAfterSeconds: trickleSeconds,
    });
  }
  const other = freshNumber();
  const fresh = await ask(stack, other);
  expect((await type(stack, fresh.json.requestId, codeFor(stack, other))).status).toBe(200);
  expect(stack.awsCalls.filter(({ keyPrefix }) => keyPrefix === 'guess')).toHaveLength(1 + 6);
  const failed = stack.logLines.filter(({ line }) => /not-counted|not-given-back|unavailable/.test(line));
  expect(failed).toEqual([]);
});
