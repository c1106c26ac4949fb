/**
 * The largest expressions, under the settings that ask for the most. No engine that judges Doorcode counts operators, so
 * this does: an expression may be 4 KB long and have 300 operators and functions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maxLimitCount } from '../../functions/limits/limits.ts';
import { startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const maxBytes = 4096;
const maxOperators = 300;
const operators =
  /\b(?:AND|OR|NOT|IN|BETWEEN)\b|<>|<=|>=|[=<>+]|\b(?:attribute_\w+|if_not_exists|begins_with|contains|size)\b/g;
const number = '+919876543210';
const key = 'idempotency-key-0001';

let table: TestTable;
const sent: string[] = [];

beforeAll(async () => {
  const real = await startTestTable();
  const send = (command: { readonly input: object }, ...rest: readonly unknown[]): unknown => {
    const input = command.input as Readonly<Record<string, unknown>>;
    for (const name of ['UpdateExpression', 'ConditionExpression'])
      if (typeof input[name] === 'string') sent.push(input[name]);
    return real.client.send(command as never, ...(rest as []));
  };
  const client = Object.assign(Object.create(real.client), { send });
  table = { ...real, client, singleTryClient: () => client };
});
afterAll(() => table.stop());

const sizes = (expression: string) => ({
  bytes: Buffer.byteLength(expression),
  operators: (expression.match(operators) ?? []).length,
});

it('counts as DynamoDB does', () => {
  expect(sizes('SET n = if_not_exists(n, :one), m = m + :one').operators).toBe(4);
  expect(sizes('(attribute_not_exists(a) OR a <= :b) AND NOT begins_with(c, :d)').operators).toBe(6);
});

it('stays under half of what DynamoDB admits, with ten limits on everything and eight devices', async () => {
  const limits = (first: number) =>
    Array.from({ length: 10 }, (_, i) => ({ count: first + 2 * i, windowSeconds: 300 + 60_000 * i }));
  const flow = startFlow(table, {
    sendLimits: [{ count: 1, windowSeconds: 30 }, ...limits(2).slice(0, -1)],
    attemptLimits: limits(2),
    devicesPerNumber: 8,
  });
  const answers: string[] = [];
  let deviceToken: string | undefined;
  for (let i = 0; i < 3; i += 1) {
    const asked = await flow.request(number, {
      idempotencyKey: `${key}${i}`,
      ...(deviceToken && { deviceToken }),
    });
    answers.push(asked.tag);
    if (asked.tag !== 'accepted') continue;
    await flow.verify(asked.requestId, flow.wrongCode());
    const won = await flow.verify(asked.requestId, flow.lastCode(), `${key}${i}`);
    answers.push(won.tag);
    if (won.tag === 'verified') deviceToken = won.deviceToken;
    flow.state.now += 700_000;
  }
  expect(answers).toEqual(Array.from({ length: 3 }, () => ['accepted', 'verified']).flat());
  const largest = {
    bytes: Math.max(...sent.map((expression) => sizes(expression).bytes)),
    operators: Math.max(...sent.map((expression) => sizes(expression).operators)),
  };
  expect(sent.some((expression) => expression.includes(`tried${maxLimitCount - 1}`))).toBe(true);
  expect(largest.bytes).toBeLessThan(maxBytes / 2);
  expect(largest.operators).toBeLessThan(maxOperators / 2);
});
