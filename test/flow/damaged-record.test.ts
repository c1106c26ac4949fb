/**
 * Times that no worker of ours would write, or one whose clock is two minutes off: nothing that a client is told exceeds
 * the setting that it comes from, and it is a whole number.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

let next = 0;
const freshNumber = (): string => {
  next += 1;
  return `+91${9_100_000_000 + next}`;
};
const idempotencyKey = 'an-intention-of-a-user';
const longestWindowSeconds = 86_400;

/** Puts `value` into attributes of an item, as a mistake or an attacker with a right to the table would. */
async function damage(pk: string, names: readonly string[], value: string): Promise<void> {
  await table.client.send(
    new UpdateItemCommand({
      TableName: table.tableName,
      Key: { pk: { S: pk } },
      UpdateExpression: `SET ${names.map((name) => `${name} = :value`).join(', ')}`,
      ExpressionAttributeValues: { ':value': { N: value } },
    }),
  );
}

function expectTold(seconds: number | undefined, atMost: number): void {
  expect(Number.isInteger(seconds)).toBe(true);
  expect(seconds).toBeGreaterThanOrEqual(0);
  expect(seconds).toBeLessThanOrEqual(atMost);
}

function expectSane(outcome: RequestOtpOutcome): void {
  if ('retryAfterSeconds' in outcome) expectTold(outcome.retryAfterSeconds, longestWindowSeconds);
  if (outcome.tag !== 'accepted') return;
  expectTold(outcome.expiresInSeconds, 300);
  expectTold(outcome.resendAfterSeconds, longestWindowSeconds);
}

describe.each(['9.9e125', '-9.9e125', '1e-130', '1800000200.75', '99999999999'])(
  'with %s for a time',
  (value) => {
    it.each([
      ['the sends', Array.from({ length: 10 }, (_, i) => `sent${i}`)],
      ['the attempts', Array.from({ length: 20 }, (_, i) => `tried${i}`)],
      ['the expiry', ['newExpires', 'oldExpires']],
      ['the last success', ['lastVerifiedAt']],
    ])('in %s, answers stay within the settings', async (_, names) => {
      const flow = startFlow(table);
      const number = freshNumber();
      const first = await flow.request(number, { idempotencyKey });
      if (first.tag !== 'accepted') throw new Error(first.tag);
      await damage(flow.itemKey(number), names, value);
      expectSane(await flow.request(number, { idempotencyKey }));
      expectSane(await flow.request(number));
      const verified = await flow.verify(first.requestId, flow.lastCode(), idempotencyKey);
      if ('retryAfterSeconds' in verified) expectTold(verified.retryAfterSeconds, longestWindowSeconds);
      await damage(flow.itemKey(number), names, value);
      const again = await flow.verify(first.requestId, flow.lastCode(), idempotencyKey);
      if (again.tag === 'verified') expect(Math.abs(again.verifiedAt - flow.state.now)).toBeLessThan(300);
    });
  },
);

describe('a worker whose clock is two minutes ahead', () => {
  it('stores a challenge that another worker tells no longer than codes live', async () => {
    const flow = startFlow(table);
    const number = freshNumber();
    flow.state.now += 120;
    await flow.request(number, { idempotencyKey });
    flow.state.now -= 120;
    expect(await flow.request(number, { idempotencyKey })).toMatchObject({
      kind: 'replay',
      expiresInSeconds: 300,
      resendAfterSeconds: 30,
    });
    expect(await flow.request(number)).toMatchObject({ tag: 'too-many-requests', retryAfterSeconds: 30 });
  });

  it('has a win that another worker answers again', async () => {
    const flow = startFlow(table);
    const asked = await flow.request(freshNumber());
    if (asked.tag !== 'accepted') throw new Error(asked.tag);
    flow.state.now += 120;
    const won = await flow.verify(asked.requestId, flow.lastCode(), idempotencyKey);
    flow.state.now -= 119;
    const again = await flow.verify(asked.requestId, flow.lastCode(), idempotencyKey);
    expect(again).toEqual(won);
  });
});

it('an answer after the clock was set back tells no more than the code lives', async () => {
  const flow = startFlow(table);
  flow.state.onSend = () => {
    flow.state.now -= 400;
  };
  expectSane(await flow.request(freshNumber()));
});
