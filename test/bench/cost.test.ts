/** The prices of a sign-in and of a refresh, which depend on counted calls and bytes and on no machine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CostItem, costFigures, costItems, sumOf } from '../../bench/cost.ts';
import { withoutExtras } from '../../bench/workbench.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';

let stacks: LocalStack[] = [];
let items: readonly CostItem[];
beforeAll(async () => {
  stacks = [await startLocalStack({ settings: withoutExtras }), await startLocalStack({})];
  const [plain, defaults] = stacks;
  if (plain === undefined || defaults === undefined) throw new Error('no stack');
  items = await costItems(plain, defaults);
}, 240_000);
afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
});

/** USD. The goals. */
const maxUsdOfSignIns = 10;
const maxUsdOfRefreshes = 2.7;

it('a million sign-ins, and a million refreshes, cost no more than their goals', () => {
  for (const { id, figure, goal } of costFigures(items)) console.info(`${id}: ${figure}, goal ${goal}`);
  for (const { kind, usd, item } of items) console.info(`${kind}: ${usd.toFixed(2)} ${item}`);
  expect(sumOf(items, 'by traffic')).toBeLessThanOrEqual(maxUsdOfSignIns);
  expect(sumOf(items, 'a refresh')).toBeLessThanOrEqual(maxUsdOfRefreshes);
});

it('the bill has a line for each extra, and lines for a refresh and for a month', () => {
  const extras = items.filter(({ kind }) => kind === 'an extra').map(({ item }) => item);
  expect(extras).toHaveLength(2);
  expect(extras.join()).toMatch(/known devices.*conversion breaker/);
  expect(
    items.filter(({ kind, item }) => kind === 'a refresh' && item.includes('1 write unit')),
  ).toHaveLength(1);
  expect(sumOf(items, 'a month')).toBeGreaterThan(0);
  for (const { item, lever } of items) expect(lever, item).not.toBe('');
});
