/**
 * The guess breaker: wrong codes that are guessed all over the place, a few for each number, are seen in their sum.
 * Each wrong code of a stranger is counted for the hour, in one write that tells the worker the sum; above the ceiling
 * the worker lets one stranger's guess through every so often, and asks the table each time.
 *
 * The first guess at a code always passes: somebody paid an SMS for it, which the budget bounds, and nine users in ten
 * need no second one. The slots are for the others, and an address that is itself the flood gets none: it is counted
 * while the breaker is open, and only then. What the number's own limits refuse never comes here.
 *
 * What it costs in exactness: a worker learns the sum by its own wrong guesses, so each may let one more through after
 * the ceiling is reached. What fails here is not the user's affair: the statistics of a table that is down stop nobody.
 */

import type { WindowCount } from '../otp/request-otp-ports.ts';
import type { Guesses } from '../otp/verify-otp-ports.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import type { Settings } from '../settings/settings.ts';
import type { GuessAccount } from './budget-store.ts';

/** What a worker knows of the current hour; it lives as long as the worker. */
export interface GuessMemory {
  /** Hours since the epoch. */
  hour: number;
  wrongGuesses: number;
}

interface Breaker {
  readonly settings: Pick<Settings, 'guessBreaker' | 'conversionBreaker'>;
  readonly account: GuessAccount;
  readonly memory: GuessMemory;
  /** Counts a guess of the request's address; asked only while the breaker is open. */
  readonly countAddress: (now: number) => Promise<WindowCount>;
  /** Told when a statistic could not be written, by the name of what went wrong. */
  readonly onNotCounted: (reason: string) => void;
  /** Told when the ceiling is reached or passed, whether it is enforced or only observed. */
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
  const { mode, wrongGuessesPerHour, trickleSeconds } = settings.guessBreaker;
  const learn = (now: number, wrongGuesses: number): void => {
    Object.assign(memory, { hour: Math.floor(now / hourSeconds), wrongGuesses });
    if (wrongGuesses >= wrongGuessesPerHour) onOpen();
  };
  const isOpen = (now: number): boolean =>
    memory.hour === Math.floor(now / hourSeconds) && memory.wrongGuesses >= wrongGuessesPerHour;
  const tried = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      onNotCounted(error instanceof Unavailable ? error.reason : nameOf(error));
      return undefined;
    });
  return {
    admit: async ({ now, isFirst }) => {
      if (mode !== 'enforce' || isFirst || !isOpen(now)) return 0;
      // The wait is that of everybody: which of the two refused does not show.
      if ((await tried(countAddress(now)))?.tag === 'refused') return trickleSeconds;
      const trickle = await tried(account.trickle(now));
      if (trickle === undefined) return 0;
      learn(now, trickle.wrongGuesses);
      return trickle.isLetThrough ? 0 : trickleSeconds;
    },
    right: async (now) => {
      if (settings.conversionBreaker.mode !== 'off') await tried(account.right(now));
    },
    wrong: async (now) => {
      if (mode === 'off') return;
      const wrongGuesses = await tried(account.wrong(now));
      if (wrongGuesses !== undefined) learn(now, wrongGuesses);
    },
  };
}
