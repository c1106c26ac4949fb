/**
 * The four transitions of a number's item. Each is one conditional UpdateItem; each clause of its condition is
 * named by the sentence that it holds for. Nothing else writes these items.
 *
 * What may go wrong between two of them is part of the design: a reserve whose answer got lost is released, a
 * retried write finds its own id or nonce, and a hash that moved from `new` to `old` between count and consume is
 * found in either slot.
 */
import type {
  ChallengeStore,
  Consume,
  Count,
  Release,
  Reserve,
  StorePolicy,
  Transition,
} from '../otp/challenge-store.ts';
import { none } from '../otp/phone-record.ts';
import { ttlMarginSeconds } from '../otp/policy.ts';
import type { Settings } from '../otp/settings.ts';
import { maxLimitCount } from '../otp/settings-shape.ts';
import { registerDepth, shift, underLimits, unshift } from '../otp/sliding-window.ts';
import { phoneItemKey, readPhoneRecord, slotParts, slotValues } from './phone-item.ts';
import { applyUpdate, type Table, type Update } from './table.ts';

const slotNames = (slot: 'new' | 'old') => slotParts.map(({ part }) => `${slot}${part}`);
const attemptNames = Array.from({ length: maxLimitCount }, (_, i) => `tried${i}`);

/** The registers that `settings` ask for, and how long an item matters: its longest window and a margin. */
export function storePolicy({ sendLimits, attemptLimits }: Settings): StorePolicy {
  const longestWindowSeconds = Math.max(
    ...[...sendLimits, ...attemptLimits].map((limit) => limit.windowSeconds),
  );
  return {
    sends: { name: 'sent', limits: sendLimits },
    attempts: { name: 'tried', limits: attemptLimits },
    ttlSeconds: longestWindowSeconds + ttlMarginSeconds,
  };
}

/** The store of one request: its calls end with `signal`. */
export function openChallengeStore(table: Table, policy: StorePolicy, signal: AbortSignal): ChallengeStore {
  const run = async (update: Update): Promise<Transition> => {
    const { tag, item } = await applyUpdate(table, update, signal);
    return { tag, record: readPhoneRecord(item) };
  };
  return {
    reserve: (step) => run(reserveUpdate(policy, step)),
    release: (step) => run(releaseUpdate(policy, step)),
    count: (step) => run(countUpdate(policy, step)),
    consume: (step) => run(consumeUpdate(policy, step)),
  };
}

function reserveUpdate(policy: StorePolicy, { phoneKey, now, challenge }: Reserve): Update {
  const sendsLeft = underLimits(policy.sends, now);
  const attemptsLeft = underLimits(policy.attempts, now);
  const newSend = shift(policy.sends, now);
  const notOurOwnRetry = ['newId', 'oldId'].map((id) => `(attribute_not_exists(${id}) OR ${id} <> :newId)`);
  const notAskedBefore = ['new', 'old'].map(
    (slot) =>
      `(attribute_not_exists(${slot}Idempotency) OR ${slot}Idempotency <> :newIdempotency OR ${slot}Expires <= :now)`,
  );
  return {
    key: phoneItemKey(phoneKey),
    set: [
      ...newSend.clauses,
      ...slotParts.map(({ part, placeholder }) => `old${part} = if_not_exists(new${part}, ${placeholder})`),
      ...slotNames('new').map((name) => `${name} = :${name}`),
      'newAfter = :newAfter',
    ],
    conditions: [
      ...sendsLeft.clauses,
      ...attemptsLeft.clauses,
      ...notOurOwnRetry,
      ...(challenge.idempotency === none ? [] : notAskedBefore),
    ],
    values: {
      ...sendsLeft.numbers,
      ...attemptsLeft.numbers,
      ...newSend.numbers,
      ...slotValues('new', challenge),
      ':newAfter': challenge.after,
      ':none': none,
      ':never': 0,
      ':ttl': now + policy.ttlSeconds,
    },
    returns: 'ALL_OLD',
  };
}

/** The old slot holds what the new one held before the reserve; what the old one held comes from `before`. */
function releaseUpdate(policy: StorePolicy, { phoneKey, now, challengeId, before, keeps }: Release): Update {
  const oldest = before?.sent[registerDepth(policy.sends) - 1] ?? 0;
  const sendGivenBack = keeps === 'send' ? { clauses: [], numbers: {} } : unshift(policy.sends, oldest);
  return {
    key: phoneItemKey(phoneKey),
    set: [
      ...sendGivenBack.clauses,
      ...slotParts.map(({ part }) => `new${part} = old${part}`),
      ...slotNames('old').map((name) => `${name} = :${name}`),
      'newAfter = :newAfter',
    ],
    conditions: ['newId = :challengeId'],
    values: {
      ...sendGivenBack.numbers,
      ...slotValues('old', before?.earlier),
      ':newAfter': before?.latest?.after ?? none,
      ':challengeId': challengeId,
      ':ttl': now + policy.ttlSeconds,
    },
  };
}

function countUpdate(policy: StorePolicy, { phoneKey, now, challengeId, nonce }: Count): Update {
  const attemptsLeft = underLimits(policy.attempts, now);
  const newAttempt = shift(policy.attempts, now);
  const isLive =
    '((newId = :challengeId AND newExpires > :now) OR (oldId = :challengeId AND oldExpires > :now))';
  const notOurOwnRetry = '(attribute_not_exists(attemptBy) OR attemptBy <> :nonce)';
  return {
    key: phoneItemKey(phoneKey),
    set: [...newAttempt.clauses, 'attemptBy = :nonce'],
    conditions: [isLive, ...attemptsLeft.clauses, notOurOwnRetry],
    values: {
      ...attemptsLeft.numbers,
      ...newAttempt.numbers,
      ':challengeId': challengeId,
      ':nonce': nonce,
      ':ttl': now + policy.ttlSeconds,
    },
    returns: 'ALL_NEW',
  };
}

function consumeUpdate(policy: StorePolicy, step: Consume): Update {
  const { phoneKey, now, challengeId, hash, purpose, consumedBy } = step;
  return {
    key: phoneItemKey(phoneKey),
    set: [
      'consumedBy = :consumedBy',
      'consumedId = :challengeId',
      'consumedPurpose = :purpose',
      'lastVerifiedAt = :now',
    ],
    remove: [...slotNames('new'), 'newAfter', ...slotNames('old'), ...attemptNames],
    conditions: ['((newHash = :hash AND newExpires > :now) OR (oldHash = :hash AND oldExpires > :now))'],
    values: {
      ':now': now,
      ':hash': hash,
      ':consumedBy': consumedBy,
      ':purpose': purpose,
      ':challengeId': challengeId,
      ':ttl': now + policy.ttlSeconds,
    },
  };
}
