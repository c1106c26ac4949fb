import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedCalls, type Operations, operationsPerFlow } from '../../bench/operations.ts';
import { withoutExtras } from '../../bench/workbench.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';

let stack: LocalStack;
let operations: readonly Operations[];

beforeAll(async () => {
  stack = await startLocalStack({ settings: withoutExtras });
  operations = await operationsPerFlow(stack);
});
afterAll(() => stack.stop());

describe('what a flow asks of the table', () => {
  it('finds the connection that an init made by one read', () => {
    expect(operations.find(({ flow }) => flow === 'init of request-otp')?.reads).toBe(1);
  });

  it.each(Object.entries(allowedCalls).map(([flow, { writes, reads }]) => [flow, writes, reads] as const))(
    'by %s is at most %i writes of one unit and %i reads, and nothing else',
    (flow, writes, reads) => {
      const asked = operations.find((of) => of.flow === flow);
      expect(asked).toMatchObject({ others: 0, writeUnits: asked?.writes });
      expect(asked?.writes).toBeLessThanOrEqual(writes);
      expect(asked?.reads).toBeLessThanOrEqual(reads);
    },
  );
});
