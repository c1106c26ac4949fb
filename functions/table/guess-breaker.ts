/**
 * The guess breaker, against an attacker who guesses a few codes of each of many numbers. Each wrong code of a stranger
 * counts for the hour, in one write that returns the sum. Above the ceiling the worker asks the table for each guess, and
 * the table lets one stranger's guess through every `trickleSeconds`.
 *
 * The first guess at a code always passes. Somebody paid an SMS for it, which the budget limits, and nine users in ten need
 * no second guess. The slots are for the other guesses. An address that alone makes the flood gets no slot: the breaker
 * counts addresses, but only while it is open. Guesses that the number's own limits refuse never get here.
 *
 * It is not exact: a worker learns the sum only from its own wrong guesses, so each worker may let one more through after
 * the ceiling is reached. Where the budget is divided, each shard opens at its share. A worker that has seen one of them
 * open asks the table for each guess. A failure here never refuses a user, because these counters are statistics.
 */

import type { WindowCount } from '../otp/request-otp-ports.ts';
import type { Guesses } from '../otp/verify-otp-ports.ts';
import { reasonOf } from '../runtime/unavailable.ts';
import type { Settings } from '../settings/settings.ts';
import type { GuessAccount } from './guess-account.ts';

/** What a worker has seen. It lives as long as the worker. */
export interface GuessMemory {
  /** The latest hour in which it saw the breaker open, in hours since the epoch. */
  openHour: number | undefined;
}

interface Breaker {
  readonly settings: Pick<Settings, 'guessBreaker' | 'conversionBreaker'>;
  readonly account: GuessAccount;
  readonly memory: GuessMemory;
  /** Counts a guess of the request's address; called only while the breaker is open. */
  readonly countAddress: (now: number) => Promise<WindowCount>;
  /** Called with the name of the error when the worker could not write a statistic. */
  readonly onNotCounted: (reason: string) => void;
  /** Called when the ceiling is reached or passed, in mode enforce and in mode observe. */
  readonly onOpen: () => void;
}

const hourSeconds = 3600;

/** The breaker as one request sees it. */
export function openGuesses({
  settings,
  account,
  memory,
  countAddress,
  onOpen,
  onNotCounted,
}: Breaker): Guesses {
  const { mode, trickleSeconds } = settings.guessBreaker;
  const hourOf = (now: number): number => Math.floor(now / hourSeconds);
  const learn = (now: number, isHigh: boolean): void => {
    if (!isHigh) return;
    memory.openHour = hourOf(now);
    onOpen();
  };
  const tried = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      onNotCounted(reasonOf(error));
      return undefined;
    });
  return {
    admit: async ({ now, isFirst }) => {
      if (mode !== 'enforce' || isFirst || memory.openHour !== hourOf(now)) return 0;
      // The caller gets the same wait in both cases, so it does not show which of the two refused.
      if ((await tried(countAddress(now)))?.tag === 'refused') return trickleSeconds;
      const trickle = await tried(account.trickle(now));
      if (trickle === undefined) return 0;
      learn(now, trickle.isHigh);
      return trickle.isLetThrough ? 0 : trickleSeconds;
    },
    right: async (now) => {
      if (settings.conversionBreaker.mode !== 'off') await tried(account.right(now));
    },
    wrong: async (now) => {
      if (mode === 'off') return;
      learn(now, (await tried(account.wrong(now))) ?? false);
    },
  };
}
