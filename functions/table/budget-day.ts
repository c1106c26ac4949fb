/**
 * The items of the day's budget. The first is `budget#<UTC date>`. Where the rates need more of them, `budget#<UTC date>#1`
 * and so on have the same shape. A send is one write, and so is a typed-in code where breakers are on.
 *
 *     sends                 of the day, all callers
 *     hour00 … hour23       sends of an hour, all callers
 *     unproven00 …          the conversion breaker's counter of an hour, see `limits/budget.ts`
 *     strangerSentAt        epoch seconds of the latest send to a stranger: the breaker's trickle
 *     wrong00 …             wrong codes of strangers in an hour
 *     guessedAt             epoch seconds of the latest guess that the open guess breaker let through
 *     shards                in the first item: how many items the day has, if more than one
 *
 * A day keeps the number of items that it began with, so that a deployment with other rates neither gives the day a second
 * budget nor loses what was counted. A worker that is to divide the budget reads the first item once a day, and makes it
 * if it is the first. A worker that is not learns from its own writes to that item, and has counted at most one send there
 * by then.
 */
import { ownShard, type ShardOf } from '../limits/budget-shards.ts';
import { ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import { applyUpdate, type Item, readItem, type Table, type Update, type Updated } from './table.ts';

const daySeconds = 86_400;

/** What a worker knows of the day. It lives as long as the worker. */
export interface BudgetMemory {
  /** The key of the day's first item. */
  first: string;
  shards: number;
  /** When a shard was found spent, in epoch seconds, by lane and key. */
  readonly spentAt: Map<string, number>;
  /** When the shards together had the conversion breaker open, in epoch seconds. */
  openAt: number | undefined;
}

/** Which items a request counts on. */
export interface BudgetPlace {
  /** How many shards the rates of this deployment need. */
  readonly shards: number;
  /** The log tag of the number. */
  readonly numberTag: string;
  readonly memory: BudgetMemory;
}

/** One of the day's items, and the names of the hour's attributes. */
export interface Shard extends ShardOf {
  readonly key: string;
  readonly hour: string;
  readonly unproven: string;
  readonly wrong: string;
  readonly ttl: number;
}

/** What a worker keeps: the number of shards that its deployment sets, and what it learns. */
export function openBudgetWorld(): Omit<BudgetPlace, 'numberTag'> {
  // Not set where one is enough.
  const shards = Number(process.env['BUDGET_SHARDS']) || 1;
  return { shards, memory: { first: '', shards: 1, spentAt: new Map(), openAt: undefined } };
}

/** All shards of a day: that of the number, and the others, from a place of its own on. */
interface Shards {
  readonly own: Shard;
  readonly others: readonly Shard[];
}

export interface BudgetDay {
  /** The shards at a time in epoch seconds. */
  shardsAt(now: number): Promise<Shards>;
  write(shard: Shard, update: Omit<Update, 'key' | 'returns'>, by?: Table): Promise<Updated>;
}

/** The day's items as one request uses them. */
export function openBudgetDay(
  table: Table,
  { numberTag, memory, shards: needed }: BudgetPlace,
  signal: AbortSignal,
): BudgetDay {
  /** How many shards the day has. The first worker that is to divide it says so, before anything is counted. */
  const begin = async (key: string, ttl: number): Promise<number> => {
    if (needed === 1) return 1;
    const update: Update = {
      key,
      set: ['shards = :shards'],
      conditions: ['attribute_not_exists(pk)'],
      values: { ':shards': needed, ':ttl': ttl },
      returns: 'ALL_NEW',
    };
    return shardsIn((await readItem(table, key, signal)) ?? (await applyUpdate(table, update, signal)).item);
  };
  return {
    shardsAt: async (now) => {
      const time = new Date(now * 1000).toISOString();
      const first = `budget#${time.slice(0, 10)}`;
      const hour = time.slice(11, 13);
      const ttl = (Math.floor(now / daySeconds) + 1) * daySeconds + ttlMarginSeconds;
      if (memory.first !== first) {
        const shards = await begin(first, ttl);
        memory.spentAt.clear();
        Object.assign(memory, { first, shards });
      }
      const { shards } = memory;
      const names = { hour: `hour${hour}`, unproven: `unproven${hour}`, wrong: `wrong${hour}` };
      const shardOf = (index: number): Shard => {
        const key = index === 0 ? first : `${first}#${index}`;
        return { key, index, shards, ttl, ...names };
      };
      const own = ownShard(numberTag, shards);
      const others = Array.from({ length: shards - 1 }, (_, i) => shardOf((own + i + 1) % shards));
      return { own: shardOf(own), others };
    },
    write: async ({ key, ttl }, update, by = table) => {
      const values = { ...update.values, ':ttl': ttl };
      // The item that every write returns tells how many shards the day has.
      const written = await applyUpdate(by, { ...update, key, values, returns: 'ALL_NEW' }, signal);
      if (written.item !== undefined && key === memory.first) memory.shards = shardsIn(written.item);
      return written;
    },
  };
}

function shardsIn(first: Item | undefined): number {
  return Math.max(1, numberIn(first, 'shards'));
}

/** A number of an item; 0 where it has none. */
export function numberIn(item: Item | undefined, name: string): number {
  return Number(item?.[name]?.N ?? 0);
}
