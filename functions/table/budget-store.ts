/**
 * The day's budget, as request-otp counts it: one write to the number's own shard (`budget-day.ts` has the items). If that
 * one is spent, the other shards have their turn, and the budget refuses when all of them are spent. A worker leaves a
 * shard that it found spent alone for some seconds, so that a refused flood costs few writes.
 *
 * Every counter errs on the safe side. An add whose answer got lost may count twice, and the worker gives back only once.
 * A send is given back to the number's own shard, wherever it was counted, because all that matters is the sum.
 */
import { type BudgetCount, ceilingsFor, conversionTerms } from '../limits/budget.ts';
import { shareOf } from '../limits/budget-shards.ts';
import type { Lane } from '../limits/lane.ts';
import { shardMemorySeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import { type BudgetPlace, numberIn, openBudgetDay, type Shard } from './budget-day.ts';
import { readItem, type Table } from './table.ts';

export interface Budget {
  /** Counts a send of `payer`, or refuses it. A test number is refused like a stranger and never counted. */
  count(payer: Lane, now: number): Promise<BudgetCount>;
  /** Removes a send from the hour in which it was counted. */
  giveBack(payer: Lane, now: number): Promise<void>;
}

/** The budget as request-otp uses it. */
export function openBudget(
  table: Table,
  { settings, ...place }: BudgetPlace & { readonly settings: Settings },
  signal: AbortSignal,
): Budget {
  const { mode, minSendsPerHour, trickleSeconds } = settings.conversionBreaker;
  const isWatched = (payer: Lane): boolean => payer === 'public' && mode !== 'off';
  const { perSend, opensAt } = conversionTerms(settings);
  const { memory } = place;
  const day = openBudgetDay(table, place, signal);

  const countOn = async (shard: Shard, payer: Lane, now: number): Promise<BudgetCount> => {
    const { hour, unproven, shards } = shard;
    const all = ceilingsFor(settings, payer);
    const ceilings = { ':day': shareOf(all.day, shard), ':hour': shareOf(all.hour, shard) };
    const opensHere = perSend * shareOf(minSendsPerHour, shard);
    const watched = isWatched(payer) && { ':now': now, ':perSend': perSend };
    const slowed = (watched || payer === 'test') &&
      mode === 'enforce' && { ':opensAt': opensHere, ':trickleSince': now - trickleSeconds * shards };
    // Without a share, a shard has room for what came back there.
    const unset = opensHere > 0 ? `attribute_not_exists(${unproven}) OR ` : '';
    const { tag, item } = await day.write(shard, {
      set: watched ? ['strangerSentAt = :now'] : [],
      add: ['sends :one', `${hour} :one`, ...(watched ? [`${unproven} :perSend`] : [])],
      conditions: [
        '(attribute_not_exists(sends) OR sends < :day)',
        `(attribute_not_exists(${hour}) OR ${hour} < :hour)`,
        ...(slowed ? [`(${unset}${unproven} < :opensAt OR strangerSentAt <= :trickleSince)`] : []),
      ],
      values: { ':one': payer === 'test' ? 0 : 1, ...ceilings, ...watched, ...slowed },
    });
    if (tag === 'written') {
      return { tag: 'counted', isUnproven: isWatched(payer) && numberIn(item, unproven) >= opensHere };
    }
    if (numberIn(item, 'sends') >= ceilings[':day']) return { tag: 'refused', reason: 'day' };
    return { tag: 'refused', reason: numberIn(item, hour) >= ceilings[':hour'] ? 'hour' : 'conversion' };
  };

  /** Whether the breaker is open over all shards, when it is open in one of them. */
  const isOpen = async (own: Shard, others: readonly Shard[], now: number): Promise<boolean> => {
    if (others.length === 0 || isFresh(memory.openAt, now)) return true;
    const items = await Promise.all([own, ...others].map(({ key }) => readItem(table, key, signal)));
    const isSumHigh = items.reduce((sum, item) => sum + numberIn(item, own.unproven), 0) >= opensAt;
    if (isSumHigh) memory.openAt = now;
    return isSumHigh;
  };

  return {
    count: async (payer, now) => {
      const { own, others } = await day.shardsAt(now);
      const { hour } = ceilingsFor(settings, payer);
      let refused: BudgetCount = { tag: 'refused', reason: 'hour' };
      // A ceiling below the number of shards leaves the last ones without a share.
      for (const shard of [own, ...others].filter((one) => shareOf(hour, one) > 0)) {
        const name = `${payer} ${shard.key}`;
        if (shard !== own && isFresh(memory.spentAt.get(name), now)) continue;
        const counted = await countOn(shard, payer, now);
        if (counted.tag === 'counted') {
          // A statistic that cannot be read stops no send.
          const isUnproven = counted.isUnproven && (await isOpen(own, others, now).catch(() => true));
          return { tag: 'counted', isUnproven };
        }
        memory.spentAt.set(name, now);
        if (shard === own) refused = counted;
      }
      return refused;
    },
    giveBack: async (payer, now) => {
      const { own } = await day.shardsAt(now);
      const watched = isWatched(payer) && { ':lessUnproven': -perSend };
      const add = [
        'sends :minusOne',
        `${own.hour} :minusOne`,
        ...(watched ? [`${own.unproven} :lessUnproven`] : []),
      ];
      const values = { ':minusOne': -1, ':zero': 0, ...watched };
      const singleTry = { ...table, client: table.singleTryClient() };
      await day.write(own, { add, conditions: ['sends > :zero'], values }, singleTry);
    },
  };
}

/** Whether what was seen at `at` still holds. A time in the future is of a clock that was put back. */
function isFresh(at: number | undefined, now: number): boolean {
  return at !== undefined && at <= now && now - at < shardMemorySeconds;
}
