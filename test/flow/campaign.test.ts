/** The campaign of `npm run campaign`, a hundredth of it: the same limits, the same clock, smaller budgets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSettings } from '../../functions/settings/settings.ts';
import { creditOf, dividedExtra, spendingOf } from '../../test-kit/attacker.ts';
import { type Campaign, runCampaign } from '../../test-kit/campaign.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

let table: TestTable;
beforeEach(async () => {
  table = await startTestTable();
});
afterEach(() => table.stop());

const small = {
  numbers: 60,
  addresses: 5,
  addressKind: 'ipv4',
  order: 'spread',
  requestsPerSecond: 20,
  hours: 2,
} as const;
const budget = { sendsPerDay: 40, sendsPerHour: 25 };
const everybody = { done: 10, of: 10 };

async function run(campaign: Campaign) {
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', ...campaign.settings });
  const outcome = await runCampaign(table, campaign);
  const sends = outcome.sendsByHour.reduce((all, one) => all + one, 0);
  return { outcome, sends, settings, most: spendingOf(settings) };
}

describe.each([
  { shards: 1, minSendsPerHour: 5, numbers: 60 },
  { shards: 16, minSendsPerHour: 16, numbers: 150 },
])('a campaign against a budget of $shards shards', ({ shards, minSendsPerHour, numbers }) => {
  it('is stopped by strangers’ share of the hour and of the day, while the breaker only observes', async () => {
    const settings = { ...budget, conversionBreaker: { minSendsPerHour: 10 } };
    const { outcome, sends, most } = await run({ ...small, shards, settings });
    expect(most).toMatchObject({ perHour: 20, perDay: 32 });
    expect(outcome.sendsBeforeRefusal).toBe(most.perHour);
    expect(outcome.sendsByHour[0]).toBe(most.perHour);
    expect(Math.max(...outcome.sendsByHour)).toBe(most.perHour);
    expect(sends).toBeLessThanOrEqual(most.perDay);
    expect(Object.keys(outcome.refusals).sort()).toEqual(['public day', 'public hour']);
    expect(outcome.unproven).toBeGreaterThan(0);
    expect(outcome.verifiedInFlight).toEqual(everybody);
    expect(outcome.returningDevices).toEqual({ done: 2, of: 2 });
    expect(outcome.honestAfter).toEqual(everybody);
  });

  it('is slowed to a trickle by the enforced breaker, which leaves the budget to others', async () => {
    const conversionBreaker = { mode: 'enforce', minSendsPerHour, trickleSeconds: 600 } as const;
    const roomy = { sendsPerDay: 1000 * shards, sendsPerHour: 100 * shards };
    const campaign = { ...small, shards, numbers, settings: { ...roomy, conversionBreaker } };
    const { outcome, most, settings } = await run(campaign);
    const extra = dividedExtra(settings, shards);
    expect(most.perHour).toBe(minSendsPerHour + 6);
    expect(extra).toBe(shards === 1 ? 0 : 25);
    expect(outcome.sendsBeforeRefusal).toBe(minSendsPerHour);
    // Some codes were under way, as many as the hour before admitted: they are proofs for the first hour of the
    // campaign. All its numbers would fit into the budget.
    const underWay = Math.min(10, minSendsPerHour);
    expect(outcome.verifiedInFlight).toEqual({ done: underWay, of: underWay });
    const mostAtFirst = most.perHour + creditOf(settings, underWay) + extra;
    expect(mostAtFirst).toBeLessThan(numbers);
    const [first, ...later] = outcome.sendsByHour;
    expect(first).toBeGreaterThan(most.perHour);
    expect(first).toBeLessThanOrEqual(mostAtFirst);
    expect(Math.max(...later)).toBeLessThanOrEqual(most.perHour + extra);
    expect(Object.keys(outcome.refusals)).toEqual(['public conversion']);
    expect(outcome.unproven).toBeGreaterThan(0);
    expect(outcome.returningDevices).toEqual({ done: 2, of: 2 });
    expect(outcome.honestAfter).toEqual(everybody);
  });
});

describe('a campaign', () => {
  it('of sequential numbers gets no further than their block', async () => {
    const { outcome } = await run({
      ...small,
      order: 'sequential',
      hours: 1,
      settings: { sendsPerNumberBlock: 3 },
    });
    expect(outcome.sendsBeforeRefusal).toBe(3);
    // Six windows of ten minutes.
    expect(outcome.sendsByHour).toEqual([18]);
    expect(Object.keys(outcome.refusals)).toEqual(['block']);
    expect(outcome.honestDuring).toEqual({ done: 1, of: 1 });
  });

  it('from an IPv6 /64 reaches as many numbers in ten minutes as are allowed', async () => {
    const settings = { numbersPerIpv6Prefix: 2 };
    const { outcome } = await run({ ...small, addressKind: 'ipv6', hours: 1, settings });
    expect(outcome.sendsBeforeRefusal).toBe(2 * small.addresses);
    expect(outcome.sendsByHour).toEqual([6 * 2 * small.addresses]);
    expect(Object.keys(outcome.refusals)).toEqual(['address']);
  });
});
