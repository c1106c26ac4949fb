/**
 * Asks the guess breaker about a guess that was counted and not yet compared. The flow asks after the count, so that a
 * guess over the number's own limits takes no turn. The number gets back an attempt that the breaker refuses.
 */

import type { Lane } from '../limits/lane.ts';
import { attemptsAt, maxChangeTries, withoutAttempt } from './attempts.ts';
import type { PhoneRecord } from './number-record.ts';
import type { VerifyOtpPorts } from './verify-otp-ports.ts';
import { isStranger } from './win.ts';

interface CountedGuess {
  readonly lane: Lane;
  readonly phoneKey: string;
  readonly challengeId: string;
  /** Marks the count in the item. */
  readonly nonce: string;
  /** The record that the count left. */
  readonly record: PhoneRecord;
  /** When it was counted, epoch seconds. */
  readonly now: number;
}

/** Seconds that a guess must wait; 0 to compare it. A guess that must wait costs its number nothing. Only strangers wait. */
export async function turnWaitSeconds(ports: VerifyOtpPorts, guess: CountedGuess): Promise<number> {
  const { lane, challengeId, record, now } = guess;
  if (!isStranger(lane)) return 0;
  const waitSeconds = await ports.guesses.admit({ now, isFirst: attemptsAt(record, challengeId) === 1 });
  if (waitSeconds > 0) await giveBack(ports, guess);
  return waitSeconds;
}

/** Gives the attempt back, best effort. If that fails, the attempt stays spent, and the app gets the same answer. */
async function giveBack({ store, tell }: VerifyOtpPorts, counted: CountedGuess): Promise<void> {
  const { lane, phoneKey, challengeId, nonce, now } = counted;
  const ownMark = `${nonce}-`;
  let { record } = counted;
  try {
    for (let tries = 1; tries <= maxChangeTries; tries += 1) {
      const left = withoutAttempt(record, { challengeId, at: now });
      const attempts = { seenBy: record.attemptBy, left };
      const given = await store.giveBack({ lane, phoneKey, now, nonce: ownMark, attempts });
      if (given.tag === 'written' || given.record.attemptBy === ownMark) return;
      record = given.record;
    }
  } catch {
    // Told below, like a register that did not come to rest.
  }
  tell('verify-otp.not-given-back');
}
