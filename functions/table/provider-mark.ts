/**
 * The item `provider`, through which the workers inform each other while the provider fails. While the provider works,
 * nobody reads or writes it.
 *
 *     probedAt      epoch seconds of the latest turn: the right to send one SMS, to see whether the provider is back
 *     recoveries    how many probes have succeeded; a worker that sees a new number sends again
 *     ttl           a day after the latest turn
 *
 * A turn is a conditional write, so two workers never have the same one. This is not precise: a turn that a worker takes
 * and does not use is lost, and a worker whose write landed without an answer believes that another worker has the turn.
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
          // A worker with a wrong clock wrote a turn far in the future. It must not block the others.
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
