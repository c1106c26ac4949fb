/**
 * What verify-otp writes to the day's items where a breaker is on: right and wrong codes of strangers. A number's codes count
 * on its own shard, where its sends do. Each shard has its share of the wrong codes of an hour, and of the slots.
 *
 * An add whose answer got lost may count twice, which is the safe side for wrong codes.
 */
import { conversionTerms } from '../limits/budget.ts';
import { shareOf } from '../limits/budget-shards.ts';
import type { Settings } from '../settings/settings.ts';
import { type BudgetPlace, numberIn, openBudgetDay, type Shard } from './budget-day.ts';
import type { Item, Table } from './table.ts';

export interface GuessAccount {
  /** A stranger's code was right. */
  right(now: number): Promise<void>;
  /** A stranger's code was wrong; gives whether there were too many in this hour. */
  wrong(now: number): Promise<boolean>;
  /** Lets one guess through every `trickleSeconds`, and each while there were not too many wrong ones. */
  trickle(now: number): Promise<{ readonly isLetThrough: boolean; readonly isHigh: boolean }>;
}

/** The account as verify-otp uses it. */
export function openGuessAccount(
  table: Table,
  { settings, ...place }: BudgetPlace & { readonly settings: Settings },
  signal: AbortSignal,
): GuessAccount {
  const { wrongGuessesPerHour, trickleSeconds } = settings.guessBreaker;
  const day = openBudgetDay(table, place, signal);
  const ceilingOf = (shard: Shard): number => Math.max(1, shareOf(wrongGuessesPerHour, shard));
  const isHigh = (item: Item | undefined, shard: Shard): boolean =>
    numberIn(item, shard.wrong) >= ceilingOf(shard);
  return {
    right: async (now) => {
      const { own } = await day.shardsAt(now);
      const values = { ':perVerified': conversionTerms(settings).perVerified };
      await day.write(own, { add: [`${own.unproven} :perVerified`], conditions: [], values });
    },
    wrong: async (now) => {
      const { own } = await day.shardsAt(now);
      const add = [`${own.wrong} :one`];
      const { item } = await day.write(own, { add, conditions: [], values: { ':one': 1 } });
      return isHigh(item, own);
    },
    trickle: async (now) => {
      const { own } = await day.shardsAt(now);
      const { wrong, shards } = own;
      const { tag, item } = await day.write(own, {
        set: ['guessedAt = :now'],
        conditions: [
          `(attribute_not_exists(${wrong}) OR ${wrong} < :ceiling OR attribute_not_exists(guessedAt) OR guessedAt <= :since)`,
        ],
        values: { ':now': now, ':since': now - trickleSeconds * shards, ':ceiling': ceilingOf(own) },
      });
      return { isLetThrough: tag === 'written', isHigh: isHigh(item, own) };
    },
  };
}
