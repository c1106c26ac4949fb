/**
 * What the workers tell each other while the provider is in trouble: item `provider`, which nobody reads or writes while
 * all is well.
 *
 *     probedAt      epoch seconds of the latest turn: the right to send one SMS, to see whether the provider is back
 *     recoveries    how many probes have found it back; a worker that sees another number than before sends again
 *     ttl           a day after the latest turn
 *
 * A turn is a conditional write, so two workers never have the same. It trades precision away: a turn that was taken
 * and not used is lost, and a turn whose write landed without an answer counts as somebody else's.
 */

import type { ProviderMark } from '../provider/breaker.ts';
import { probeClockSkewSeconds, probeSpacingSeconds, ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import { applyUpdate, type Table } from './table.ts';

const key = 'provider';

/** The mark of one request: its calls end with `signal` and throw `Unavailable`. */
export function openProviderMark(table: Table, signal: AbortSignal): ProviderMark {
  return {
    takeTurn: async (now) => {
      const { tag, item } = await applyUpdate(
        table,
        {
          key,
          set: ['probedAt = :now'],
          // A turn far in the future was taken by a worker whose clock is wrong: it must not hold up the others.
          conditions: ['(attribute_not_exists(probedAt) OR probedAt <= :since OR probedAt > :ahead)'],
          values: {
            ':now': now,
            ':since': now - probeSpacingSeconds,
            ':ahead': now + probeClockSkewSeconds,
            ':ttl': now + ttlMarginSeconds,
          },
          returns: 'ALL_NEW',
        },
        signal,
      );
      return { isTaken: tag === 'written', recoveries: Number(item?.['recoveries']?.N ?? 0) };
    },
    tellRecovered: async (now) => {
      const values = { ':one': 1, ':ttl': now + ttlMarginSeconds };
      await applyUpdate(table, { key, add: ['recoveries :one'], conditions: [], values }, signal);
    },
  };
}
