/**
 * A worker that has seen the provider fail several times in a row stops sending. Users then get their 503 at once instead
 * of after four seconds, and the provider and the table get no useless calls. Every few seconds one worker sends one SMS as
 * a probe. The workers take turns through a mark in the table, one turn at a time for all of them. After an accepted probe
 * the worker updates the mark, and the others send again when they next read it.
 *
 * Until its first five failures a worker makes no call to the table. Between two reads of the mark it refuses without a
 * call. The breaker queues nothing, so stale codes cannot go out later. It runs no timer, so a freeze of the worker changes
 * nothing: a pause that passed meanwhile is over.
 */

import type { SendOutcome } from '../otp/send-outcome.ts';
import { type Clock, openPause } from '../runtime/moment.ts';
import { breakerFailures, probePauseSeconds, unusedTurnSeconds } from '../settings/fixed-numbers.ts';

/** What the workers share; `now` is epoch seconds. */
export interface ProviderMark {
  /** Takes a turn, if the latest is old enough; gives how often the provider was found back, either way. */
  takeTurn(now: number): Promise<{ readonly isTaken: boolean; readonly recoveries: number }>;
  /** Tells the others that the provider is back. */
  tellRecovered(now: number): Promise<void>;
}

/** A probe makes one call to the provider, unless it meets a key that this worker has not tried yet. */
export type SendKind = 'ordinary' | 'probe';

export interface ProviderBreaker {
  /**
   * Seconds for which nothing is sent; 0 when the next send goes through. Asks the table only when this worker is in
   * trouble and its last look is some seconds old; throws when that fails.
   */
  pausedSeconds(mark: ProviderMark): Promise<number>;
  /** Begins a send, and uses up the worker's turn if it has one. Ask {@link pausedSeconds} first. */
  claim(): SendKind;
  /** Takes note of the outcome of a send. Gives `paused` where a failure has left the worker paused. */
  report(mark: ProviderMark, kind: SendKind, outcome: SendOutcome): Promise<'paused' | 'open'>;
}

/** A breaker for one worker. */
export function openProviderBreaker(clock: Clock): ProviderBreaker {
  const epochSeconds = (): number => Math.floor(clock.wallSeconds());
  const pause = openPause(clock);
  /** Runs while this worker has a turn that it has not used. */
  const turn = openPause(clock);
  let failures = 0;
  let recoveriesSeen: number | undefined;

  const isInTrouble = (): boolean => failures >= breakerFailures;
  const recover = (): void => {
    failures = 0;
    pause.end();
    recoveriesSeen = undefined;
  };

  return {
    pausedSeconds: async (mark) => {
      if (!isInTrouble()) return 0;
      // The request that took the turn may have been refused before it could send: the next one sends in its place.
      if (turn.isOn) return 0;
      if (pause.isOn) return pause.secondsLeft;
      const { isTaken, recoveries } = await mark.takeTurn(epochSeconds());
      const isBack = recoveriesSeen !== undefined && recoveries !== recoveriesSeen;
      recoveriesSeen = recoveries;
      if (isBack) recover();
      else if (isTaken) turn.begin(unusedTurnSeconds);
      else pause.begin(probePauseSeconds);
      return pause.secondsLeft;
    },
    claim: () => {
      turn.end();
      return isInTrouble() ? 'probe' : 'ordinary';
    },
    report: async (mark, kind, outcome) => {
      switch (healthOf(outcome)) {
        case 'well':
          // The others find out by themselves where this fails; the user's SMS is on its way.
          if (kind === 'probe') await mark.tellRecovered(epochSeconds()).catch(() => undefined);
          recover();
          return 'open';
        case 'ill':
          failures += 1;
          if (!isInTrouble()) return 'open';
          pause.begin(probePauseSeconds);
          return 'paused';
        case 'unknown':
          return 'open';
      }
    },
  };
}

/** What an outcome says of the provider as a whole: nothing, where it is about one number, one text or the rate. */
function healthOf(outcome: SendOutcome): 'well' | 'ill' | 'unknown' {
  switch (outcome.tag) {
    case 'accepted':
      return 'well';
    case 'unconfirmed':
    case 'failed':
      return 'ill';
    case 'number-limited':
      return 'unknown';
    case 'refused':
      switch (outcome.cause) {
        case 'key':
        case 'account':
        case 'balance':
        case 'carrier':
        case 'unreachable':
          return 'ill';
        case 'request':
        case 'throttled':
          return 'unknown';
      }
  }
}
