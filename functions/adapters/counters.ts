/**
 * Two counters with a ceiling, an item each, one write per request:
 *
 *     address#<keyed hash>#<window>   sends of one client address in one window of the clock
 *     budget#<UTC date>               sends of all numbers on one day
 *
 * A counter errs on the safe side: an add whose answer got lost may count twice. Giving back is therefore tried
 * once only: a second try of a decrement that had landed would make the ceiling softer.
 */
import type { KeyObject } from 'node:crypto';
import type { ClientAddress } from '../otp/client-address.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import { addressWindowSeconds, ttlMarginSeconds } from '../otp/policy.ts';
import type { AddressCount } from '../otp/request-otp-ports.ts';
import { applyUpdate, type Table } from './table.ts';

const daySeconds = 86_400;

interface Count {
  readonly key: string;
  readonly ceiling: number;
  /** Epoch seconds at which the counter means nothing any more. */
  readonly endsAt: number;
}

/** Counts a request of `address`; refuses it at the ceiling. `now` is epoch seconds. */
export async function countAddress(
  table: Table,
  { address, addressKey, now }: { address: ClientAddress; addressKey: KeyObject; now: number },
  signal: AbortSignal,
): Promise<AddressCount> {
  const window = Math.floor(now / addressWindowSeconds);
  const key = `address#${keyedHash(addressKey, [address.prefix])}#${window}`;
  const endsAt = (window + 1) * addressWindowSeconds;
  const isWithin = await add(table, { key, ceiling: address.ceiling, endsAt }, signal);
  return isWithin ? { tag: 'counted' } : { tag: 'refused', retryAfterSeconds: endsAt - now };
}

/** Counts a send of the day; false at the ceiling. */
export function countBudget(
  table: Table,
  { ceiling, now }: { ceiling: number; now: number },
  signal: AbortSignal,
): Promise<boolean> {
  return add(table, { key: budgetKey(now), ceiling, endsAt: endOfDay(now) }, signal);
}

/** Takes a send back out of the day in which it was counted. */
export async function giveBackBudget(table: Table, now: number, signal: AbortSignal): Promise<void> {
  const update = {
    key: budgetKey(now),
    add: ['sends :minusOne'],
    conditions: ['sends > :zero'],
    values: { ':minusOne': -1, ':zero': 0, ':ttl': endOfDay(now) + ttlMarginSeconds },
  };
  await applyUpdate({ ...table, client: table.singleTryClient() }, update, signal);
}

async function add(table: Table, { key, ceiling, endsAt }: Count, signal: AbortSignal): Promise<boolean> {
  const update = {
    key,
    add: ['sends :one'],
    conditions: ['(attribute_not_exists(sends) OR sends < :ceiling)'],
    values: { ':one': 1, ':ceiling': ceiling, ':ttl': endsAt + ttlMarginSeconds },
  };
  const { tag } = await applyUpdate(table, update, signal);
  return tag === 'written';
}

function budgetKey(now: number): string {
  return `budget#${new Date(now * 1000).toISOString().slice(0, 10)}`;
}

function endOfDay(now: number): number {
  return (Math.floor(now / daySeconds) + 1) * daySeconds;
}
