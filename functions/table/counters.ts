/**
 * Counters with a ceiling. Each is an item of its own, with one write per request:
 *
 *     address#<keyed hash>#<window>   sends of one client address in one window of the clock, and for an IPv6 prefix
 *                                     `numbers`, the distinct numbers it asked for, as short keyed hashes
 *     block#<keyed hash>#<window>     sends to one block of 1,000 numbers
 *     guess#<keyed hash>#<window>     guesses of one client address, while the guess breaker is open
 *
 * A counter errs on the safe side: an add whose answer got lost may count twice. A request that only repeats an answer, or
 * that something else refuses, gives its count back.
 */
import type { KeyObject } from 'node:crypto';
import type { ClientAddress } from '../limits/client-address.ts';
import { addressWindowSeconds, blockWindowSeconds, guessWindowSeconds } from '../limits/limits.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import type { Taken, WindowCount } from '../otp/request-otp-ports.ts';
import { ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import { applyUpdate, type Table, type Update } from './table.ts';

/** 36 bits, so that a few numbers practically never collide and a hundred hashes stay under 1 KB. */
const shortHashCharacters = 6;
/** The length of `+91` and ten digits without the last three. */
const blockDigits = 10;

interface Asking {
  readonly phoneNumber: PhoneNumber;
  /** The key of addresses and blocks. */
  readonly addressKey: KeyObject;
  /** Epoch seconds. */
  readonly now: number;
}

/** Counts a request of `address`; refuses it at a ceiling. */
export function countAddress(
  table: Table,
  { address, phoneNumber, addressKey, now }: Asking & { readonly address: ClientAddress },
  signal: AbortSignal,
): Promise<WindowCount> {
  const { prefix, ceiling, maxNumbers } = address;
  const named = `address#${keyedHash(addressKey, [prefix])}`;
  const number = keyedHash(addressKey, ['number', phoneNumber]).slice(0, shortHashCharacters);
  const distinct =
    maxNumbers === undefined
      ? undefined
      : {
          number,
          add: ['numbers :numbers'],
          conditions: [
            '(attribute_not_exists(numbers) OR size(numbers) < :maxNumbers OR contains(numbers, :number))',
          ],
          values: { ':numbers': [number], ':number': number, ':maxNumbers': maxNumbers },
        };
  return count(table, { named, ceiling, windowSeconds: addressWindowSeconds, now, distinct }, signal);
}

/** Counts a send to the 1,000 numbers around `phoneNumber`; refuses it at the ceiling. */
export function countBlock(
  table: Table,
  { phoneNumber, addressKey, now, ceiling }: Asking & { readonly ceiling: number },
  signal: AbortSignal,
): Promise<WindowCount> {
  const named = `block#${keyedHash(addressKey, ['block', phoneNumber.slice(0, blockDigits)])}`;
  return count(table, { named, ceiling, windowSeconds: blockWindowSeconds, now }, signal);
}

/** Counts a guess of `address`; refuses it where the address alone makes the flood. */
export function countGuess(
  table: Table,
  { address, addressKey, now }: Omit<Asking, 'phoneNumber'> & { readonly address: ClientAddress },
  signal: AbortSignal,
): Promise<WindowCount> {
  const ceiling = Math.ceil((address.ceiling * guessWindowSeconds) / addressWindowSeconds);
  const named = `guess#${keyedHash(addressKey, ['guess', address.prefix])}`;
  return count(table, { named, ceiling, windowSeconds: guessWindowSeconds, now }, signal);
}

interface Count {
  readonly named: string;
  readonly ceiling: number;
  readonly windowSeconds: number;
  readonly now: number;
  readonly distinct?:
    | (Required<Pick<Update, 'add' | 'conditions' | 'values'>> & { readonly number: string })
    | undefined;
}

async function count(
  table: Table,
  { named, ceiling, windowSeconds, now, distinct }: Count,
  signal: AbortSignal,
): Promise<WindowCount> {
  const window = Math.floor(now / windowSeconds);
  const endsAt = (window + 1) * windowSeconds;
  const update = {
    key: `${named}#${window}`,
    add: ['sends :one', ...(distinct?.add ?? [])],
    conditions: ['(attribute_not_exists(sends) OR sends < :ceiling)', ...(distinct?.conditions ?? [])],
    values: { ':one': 1, ':ceiling': ceiling, ':ttl': endsAt + ttlMarginSeconds, ...distinct?.values },
    returns: 'ALL_OLD' as const,
  };
  const { tag, item } = await applyUpdate(table, update, signal);
  if (tag === 'refused') return { tag, retryAfterSeconds: endsAt - now };
  const { key } = update;
  const number = distinct?.number;
  const isNewNumber = number !== undefined && !item?.['numbers']?.SS?.includes(number);
  const taken = { key, ttl: update.values[':ttl'], ...(isNewNumber && { newNumber: number }) };
  return { tag: 'counted', taken };
}

/** Takes one count back. It tries only once, because a repeated write could let one request above the ceiling through. */
export async function giveBackCount(
  table: Table,
  { key, ttl, newNumber }: Taken,
  signal: AbortSignal,
): Promise<void> {
  const update: Update = {
    key,
    add: ['sends :minusOne'],
    delete: newNumber === undefined ? [] : ['numbers :numbers'],
    conditions: ['sends > :zero'],
    values: {
      ':minusOne': -1,
      ':zero': 0,
      ':ttl': ttl,
      ...(newNumber === undefined ? {} : { ':numbers': [newNumber] }),
    },
  };
  await applyUpdate({ ...table, client: table.singleTryClient() }, update, signal);
}
