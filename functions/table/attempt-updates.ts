/**
 * The writes of verify-otp to a number's items: it counts an attempt, makes a code win, and gives attempts back. A retried
 * count finds its own nonce. A hash that moved from `new` to `old` between count and consume is found in either slot.
 */
import { maxLimitCount } from '../limits/limits.ts';
import { shift, underLimits } from '../limits/sliding-window.ts';
import { attemptTag } from '../otp/attempts.ts';
import type { ChangedAttempts, Consume, Count, GiveBack, StorePolicy } from '../otp/challenge-store.ts';
import { none } from '../otp/number-record.ts';
import { type NumberUpdate, slotNames, tagNames } from './number-item.ts';

const attemptNames = Array.from({ length: maxLimitCount }, (_, i) => `tried${i}`);

/** Takes an attempt from the limits, if its challenge is live. */
export function countUpdate(policy: StorePolicy, step: Count): NumberUpdate {
  const { now, challengeId, nonce } = step;
  const attemptsLeft = underLimits(policy.attempts, now);
  const newAttempt = shift(policy.attempts, now);
  const isLive =
    '((newId = :challengeId AND newExpires > :now) OR (oldId = :challengeId AND oldExpires > :now))';
  const notOurOwnRetry = '(attribute_not_exists(attemptBy) OR attemptBy <> :nonce)';
  return {
    set: [
      ...newAttempt.clauses,
      'by0 = :tag',
      ...tagNames.slice(1).map((name, i) => `${name} = if_not_exists(by${i}, :none)`),
      'attemptBy = :nonce',
    ],
    conditions: [isLive, ...attemptsLeft.clauses, notOurOwnRetry],
    values: {
      ...attemptsLeft.numbers,
      ...newAttempt.numbers,
      ':challengeId': challengeId,
      ':tag': attemptTag(challengeId),
      ':none': none,
      ':nonce': nonce,
    },
    returns: 'ALL_NEW',
  };
}

/** Makes a code win: no challenge is left in the item. */
export function consumeUpdate(step: Consume): NumberUpdate {
  const { lane, now, hash, purpose, consumedBy, attempts } = step;
  const changed = attempts && changedAttempts(attempts);
  return {
    set: [
      'consumedBy = :consumedBy',
      'consumedPurpose = :purpose',
      'lastVerifiedAt = :now',
      ...(lane === 'device' ? ['signedInAt = :now'] : []),
      ...(changed?.set ?? []),
    ],
    remove: [...slotNames('new'), 'newAfter', ...slotNames('old'), ...(changed?.remove ?? [])],
    conditions: [
      '((newHash = :hash AND newExpires > :now) OR (oldHash = :hash AND oldExpires > :now))',
      ...(changed?.conditions ?? []),
    ],
    values: {
      ':now': now,
      ':hash': hash,
      ':consumedBy': consumedBy,
      ':purpose': purpose,
      ...changed?.values,
    },
  };
}

/** Gives back attempts that were counted and not compared. */
export function giveBackUpdate(step: GiveBack): NumberUpdate {
  const { set, remove, conditions, values } = changedAttempts(step.attempts);
  return {
    set: [...set, 'attemptBy = :nonce'],
    remove,
    conditions,
    values: { ...values, ':nonce': step.nonce },
  };
}

/** Replaces the register of attempts, if it still equals the one that the worker read. */
function changedAttempts({
  seenBy,
  left: { tried, triedBy },
}: ChangedAttempts): Required<Pick<NumberUpdate, 'set' | 'remove' | 'conditions' | 'values'>> {
  const assigned = [
    ...tried.map((time, i) => ({ name: `tried${i}`, value: time })),
    ...triedBy.map((tag, i) => ({ name: `by${i}`, value: tag })),
  ];
  return {
    set: assigned.map(({ name }) => `${name} = :${name}`),
    remove: [...attemptNames.slice(tried.length), ...tagNames.slice(triedBy.length)],
    conditions: ['attemptBy = :seenBy'],
    values: {
      ':seenBy': seenBy,
      ...Object.fromEntries(assigned.map(({ name, value }) => [`:${name}`, value])),
    },
  };
}
