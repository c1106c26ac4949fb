/**
 * The flow of verify-otp: it admits the caller, counts the attempt, compares, and consumes. Then the endpoint signs.
 *
 * It counts before it compares, so that parallel guesses cannot exceed the limits. It consumes before the endpoint signs,
 * so that a code wins once. If an answer got lost, to the app or from the table, the retry finds its own mark and goes on.
 *
 * The file is long because it holds one flow, read from top to bottom.
 */
import { randomBytes } from 'node:crypto';
import { remaining, waitSeconds } from '../limits/sliding-window.ts';
import { replaySeconds, retryAfterFaultSeconds, workerSkewSeconds } from '../settings/fixed-numbers.ts';
import { maxChangeTries, withoutAttemptsAt } from './attempts.ts';
import { boundParts, type Caller } from './caller.ts';
import { type Code, hashCode, isSameHash } from './code.ts';
import { turnWaitSeconds } from './guess-turn.ts';
import { canReadSession, isHonoured } from './honoured.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { winMark } from './intention.ts';
import { type Challenge, liveChallenges, type PhoneRecord } from './number-record.ts';
import { ownChallengeIds, ownChallenges } from './own-challenges.ts';
import type { OpenedRequestId } from './request-id.ts';
import type { Verified, VerifyOtp, VerifyOtpOutcome, VerifyOtpPorts } from './verify-otp-ports.ts';
import { isStranger, win } from './win.ts';

/** 64 bits are enough to tell a handful of counts apart, and the item must stay under 1 KB. */
const nonceBytes = 8;

/** The values that the steps of one request share. */
interface Attempt extends OpenedRequestId {
  readonly phoneKey: string;
  readonly code: Code;
  /** Marks our count in the item. */
  readonly nonce: string;
  /** Marks our win in the item. */
  readonly consumedBy: string;
  readonly caller: Caller;
}

/** The record that a step left, and when. */
interface Seen {
  readonly record: PhoneRecord;
  /** Epoch seconds. */
  readonly now: number;
}

const outdated = { tag: 'expired-code', reason: 'outdated' } as const satisfies VerifyOtpOutcome;

/**
 * Runs the flow. Only the holder of a live id learns of the limits; anybody else is told that the id has expired. Throws when
 * the table cannot be reached; an attempt may have been counted then.
 */
export async function verifyOtp(ports: VerifyOtpPorts, input: VerifyOtp): Promise<VerifyOtpOutcome> {
  const { opened, code, context } = input;
  if (opened === undefined) return { tag: 'expired-code', reason: 'forged' };
  const { needsSession } = opened;
  if (needsSession && !canReadSession(ports.settings)) return outdated;
  const admission = await ports.admit({ needsSession });
  if (admission.tag !== 'admitted') return admission;
  const caller = { subject: admission.subject, context };
  const attempt = {
    ...opened,
    code,
    caller,
    phoneKey: phoneKeyOf(ports.identity, opened.phoneNumber),
    nonce: randomBytes(nonceBytes).toString('base64url'),
    consumedBy: winMark(ports.identity, { ...input, ...opened, caller }),
  };
  const { lane, phoneKey, challengeId, nonce } = attempt;
  const now = ports.now();
  const { tag, record } = await ports.store.count({ lane, phoneKey, challengeId, nonce, now });
  const isCounted = tag === 'written' || record.attemptBy === nonce;
  const [own, ...resent] = ownChallenges(record, challengeId, now);
  if (isCounted && own !== undefined) return compare(ports, attempt, { record, now, own, resent });
  const earlier = await earlierWin(ports, attempt, { record, now });
  if (earlier !== undefined) return earlier;
  if (own === undefined) return { tag: 'expired-code', reason: 'not-live' };
  const retryAfterSeconds = Math.max(1, waitSeconds(ports.settings.attemptLimits, record.tried, now));
  return { tag: 'too-many-attempts', retryAfterSeconds, reason: 'number' };
}

/** Compares the code with the challenge that it was typed for, and with the one that resends it or that it resends. */
async function compare(
  ports: VerifyOtpPorts,
  attempt: Attempt,
  { record, now, own, resent }: Seen & { readonly own: Challenge; readonly resent: readonly Challenge[] },
): Promise<VerifyOtpOutcome> {
  if (!isHonoured(ports.settings, own, now)) return outdated;
  const retryAfterSeconds = await turnWaitSeconds(ports, { ...attempt, record, now });
  if (retryAfterSeconds > 0) return { tag: 'too-many-attempts', retryAfterSeconds, reason: 'guess-breaker' };
  const comparisons = await Promise.all(
    [own, ...resent].map(async (challenge) => ({
      challenge,
      isMatch: await isCodeOf(ports, attempt, challenge),
    })),
  );
  const match = comparisons.find(({ isMatch }) => isMatch === true);
  if (match !== undefined) return consume(ports, attempt, match.challenge, record);
  if (comparisons.some(({ isMatch }) => isMatch === 'unknown-key')) {
    const waiting = { retryAfterSeconds: retryAfterFaultSeconds, reason: 'code-key-unknown' } as const;
    return { tag: 'temporarily-unavailable', ...waiting };
  }
  if (isStranger(attempt.lane)) await ports.guesses.wrong(now);
  const attemptsRemaining = remaining(ports.settings.attemptLimits, record.tried, now);
  return { tag: 'incorrect-code', attemptsRemaining };
}

/** Compares the code with one challenge. If the challenge's key is unknown, the code is not counted as wrong. */
async function isCodeOf(
  ports: VerifyOtpPorts,
  attempt: Attempt,
  challenge: Challenge,
): Promise<boolean | 'unknown-key'> {
  const codeKey = await ports.codeKey(challenge.keyVersion);
  if (codeKey === undefined) return 'unknown-key';
  const { id: challengeId, purpose, hash } = challenge;
  const { phoneKey, caller, code } = attempt;
  const bound = boundParts(challenge, caller);
  return isSameHash(hashCode(codeKey, { phoneKey, challengeId, purpose, bound }, code), hash);
}

/**
 * Makes the code win, and gives back the user's own attempts, in one write. Its condition is that nobody has counted since
 * the record was read. If somebody has, the flow tries again from the record that refused the write.
 */
async function consume(
  ports: VerifyOtpPorts,
  attempt: Attempt,
  match: Challenge,
  counted: PhoneRecord,
): Promise<VerifyOtpOutcome> {
  const { lane, phoneKey, challengeId, consumedBy } = attempt;
  const { hash, purpose } = match;
  const ownIds = ownChallengeIds(counted, challengeId);
  let record = counted;
  for (let tries = 1; ; tries += 1) {
    const now = ports.now();
    const attempts =
      tries < maxChangeTries
        ? { seenBy: record.attemptBy, left: withoutAttemptsAt(record, ownIds) }
        : undefined;
    const step = { lane, phoneKey, hash, purpose, consumedBy, attempts, now };
    const consumed = await ports.store.consume(step);
    if (consumed.tag === 'written') {
      return win(ports, { ...attempt, paidBy: match.lane, purpose, verifiedAt: now, isReplay: false });
    }
    record = consumed.record;
    const won = await earlierWin(ports, attempt, { record, now });
    if (won !== undefined) return won;
    if (!liveChallenges(record, now).some((challenge) => challenge.hash === hash)) {
      return { tag: 'expired-code', reason: 'lost-race' };
    }
  }
}

/** Looks for the mark of our own win: our consume had landed, or the answer to the same intention got lost. */
async function earlierWin(
  ports: VerifyOtpPorts,
  attempt: Attempt,
  { record, now }: Seen,
): Promise<Verified | undefined> {
  const { consumedBy, consumedPurpose: purpose, lastVerifiedAt: verifiedAt } = record;
  const ageSeconds = now - verifiedAt;
  const isRecent = ageSeconds <= replaySeconds && ageSeconds >= -workerSkewSeconds;
  return isRecent && isSameHash(consumedBy, attempt.consumedBy)
    ? win(ports, { ...attempt, paidBy: attempt.lane, purpose, verifiedAt, isReplay: true })
    : undefined;
}
