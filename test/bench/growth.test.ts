import { expect, it } from 'vitest';
import { growth, loads } from '../../bench/growth.ts';

it('no item that all callers share gets more than two thirds of what DynamoDB takes, at any rate', () => {
  expect(loads().map(({ perSecond }) => perSecond)).toContain(3_000);
  for (const { busiestWrites, perSecond } of loads()) {
    expect(busiestWrites, `${perSecond} flows a second`).toBeLessThanOrEqual(667);
    expect(busiestWrites).toBeGreaterThan(0);
  }
  expect(growth().figure.isMet).toBe(true);
});
