/**
 * The transitions of a number's item. Each is one conditional UpdateItem; each clause of its condition is
 * named by the sentence that it holds for. Nothing else writes these items.
 *
 * What may go wrong between two of them is part of the design: a reserve whose answer got lost is released, a
 * retried write finds its own id or nonce, and a hash that moved from `new` to `old` between count and consume is
 * found in either slot. The file is long because the conditions have to be read side by side.
 */

import { itemLaneOf, openItems } from '../limits/lane.ts';
import { maxLimitCount } from '../limits/limits.ts';
import { type Register, registerDepth, shift, underLimits, unshift } from '../limits/sliding-window.ts';
import { attemptTag } from '../otp/attempts.ts';
import type {
  ChallengeStore,
  ChangedAttempts,
  Consume,
  Count,
  Forget,
  GiveBack,
  PlaceMark,
  Release,
  Remember,
  Reserve,
  StorePolicy,
  Transition,
} from '../otp/challenge-store.ts';
import { idleSince, type MarkedLane, none } from '../otp/number-record.ts';
import { deviceIdleSeconds, keptAttempts, keptSends, ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import {
  markNames,
  maxDevices,
  phoneItemKey,
  readPhoneRecord,
  slotParts,
  slotValues,
  tagNames,
} from './number-item.ts';
import { applyUpdate, readItem, type Table, type Update } from './table.ts';

const slotNames = (slot: 'new' | 'old') => slotParts.map(({ part }) => `${slot}${part}`);
const attemptNames = Array.from({ length: maxLimitCount }, (_, i) => `tried${i}`);

/** The registers that `settings` ask for, and how long an item matters: its longest window and a margin. */
export function storePolicy(settings: Settings): StorePolicy {
  const { sendLimits, attemptLimits, devicesPerNumber } = settings;
  const longestWindowSeconds = Math.max(
    ...[...sendLimits, ...attemptLimits].map((limit) => limit.windowSeconds),
  );
  return {
    sends: { name: 'sent', limits: sendLimits, keeps: keptSends },
    attempts: { name: 'tried', limits: attemptLimits, keeps: keptAttempts },
    ttlSeconds: longestWindowSeconds + ttlMarginSeconds,
    deviceTtlSeconds: Math.max(longestWindowSeconds, deviceIdleSeconds) + ttlMarginSeconds,
    devices: devicesPerNumber,
    markedLanes: openItems(settings).filter((lane) => lane !== 'public'),
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
    mark: (step) => run(markUpdate(policy, step)),
    read: async (step) => readPhoneRecord(await readItem(table, phoneItemKey(step), signal)),
    release: (step) => run(releaseUpdate(policy, step)),
    count: (step) => run(countUpdate(policy, step)),
    consume: (step) => run(consumeUpdate(policy, step)),
    giveBack: (step) => run(giveBackUpdate(policy, step)),
    remember: async (step) => {
      const remembered = await run(rememberUpdate(policy, step));
      if (remembered.tag === 'written' || remembered.record.signedInAt > idleSince(step)) return remembered;
      const alone = await run(rememberAloneUpdate(policy, step));
      return alone.tag === 'written' ? alone : run(rememberUpdate(policy, step));
    },
    forget: (step) => run(forgetUpdate(policy, step)),
  };
}

/** The time after which the TTL cleanup may delete what a step writes. */
function ttlOf(
  { ttlSeconds, deviceTtlSeconds }: StorePolicy,
  { lane, now }: Pick<Count, 'lane' | 'now'>,
): number {
  return now + (lane === 'device' ? deviceTtlSeconds : ttlSeconds);
}

function sendsOf({ sends }: StorePolicy, { sendLimits }: Pick<Reserve, 'sendLimits'>): Register {
  return sendLimits === undefined ? sends : { ...sends, limits: sendLimits };
}

function reserveUpdate(policy: StorePolicy, step: Reserve): Update {
  const { now, challenge, deviceHash } = step;
  const sends = sendsOf(policy, step);
  const sendsLeft = underLimits(sends, now);
  const attemptsLeft = underLimits(policy.attempts, now);
  const newSend = shift(sends, now);
  const isKnownDevice = [
    `(${deviceNames(policy)
      .map((name) => `${name} = :device`)
      .join(' OR ')})`,
    'signedInAt > :idleSince',
  ];
  const notOurOwnRetry = ['newId', 'oldId'].map((id) => `(attribute_not_exists(${id}) OR ${id} <> :newId)`);
  const { idempotency: asked } = challenge;
  const isMarkable = asked !== none && itemLaneOf(step.lane) === 'public' && policy.markedLanes.length > 0;
  return {
    key: phoneItemKey(step),
    set: [
      ...newSend.clauses,
      ...slotParts.map(({ part, placeholder }) => `old${part} = if_not_exists(new${part}, ${placeholder})`),
      ...slotNames('new').map((name) => `${name} = :${name}`),
      'newAfter = :newAfter',
    ],
    remove: deviceHash === undefined ? [] : forgottenNames(policy),
    conditions: [
      ...sendsLeft.clauses,
      ...attemptsLeft.clauses,
      ...notOurOwnRetry,
      ...(step.sendLimits === undefined ? ['(attribute_not_exists(oldExpires) OR oldExpires <= :now)'] : []),
      ...(asked === none ? [] : notAsked(':newAsked')),
      ...(isMarkable ? notMarked(policy.markedLanes, ':newAsked') : []),
      ...(deviceHash === undefined ? [] : isKnownDevice),
      ...(step.isClosed ? [neverHolds] : []),
    ],
    values: {
      ...sendsLeft.numbers,
      ...attemptsLeft.numbers,
      ...newSend.numbers,
      ...slotValues('new', challenge),
      ':newAfter': challenge.after,
      ':none': none,
      ':never': 0,
      ...(deviceHash === undefined ? {} : { ':device': deviceHash, ':idleSince': idleSince(step) }),
      ...(isMarkable ? { ':voidMark': step.voidMark ?? none } : {}),
      ':ttl': ttlOf(policy, step),
    },
    returns: 'ALL_OLD',
  };
}

/** No live slot was asked for with the key whose hash is `asked`. */
function notAsked(asked: string): readonly string[] {
  return ['new', 'old'].map(
    (slot) => `(attribute_not_exists(${slot}Asked) OR ${slot}Asked <> ${asked} OR ${slot}Expires <= :now)`,
  );
}

/** No mark of `lanes` has the key whose hash is `asked`, but for one that is known to be void. */
function notMarked(lanes: readonly MarkedLane[], asked: string): readonly string[] {
  return lanes
    .flatMap((lane) => markNames[lane])
    .map(
      (name) =>
        `(attribute_not_exists(${name}) OR NOT begins_with(${name}, ${asked}) OR ${name} = :voidMark)`,
    );
}

/** The partition key is never the placeholder. */
const neverHolds = 'pk = :none';

/** The lane's marks become those of its two live challenges, so nothing has to take one away. */
function markUpdate(policy: StorePolicy, { phoneKey, now, lane, asked, marks, voidMark }: PlaceMark): Update {
  const [latest, earlier] = markNames[lane];
  const others = policy.markedLanes.filter((other) => other !== lane);
  return {
    key: phoneItemKey({ lane: 'public', phoneKey }),
    set: [`${latest} = :latest`, `${earlier} = :earlier`],
    conditions: [...notAsked(':asked'), ...notMarked(others, ':asked')],
    values: {
      ':latest': marks[0],
      ':earlier': marks[1],
      ':asked': asked,
      ':now': now,
      ...(others.length > 0 ? { ':voidMark': voidMark ?? none } : {}),
      ':ttl': ttlOf(policy, { lane: 'public', now }),
    },
  };
}

/** The old slot holds what the new one held before the reserve; what the old one held comes from `before`. */
function releaseUpdate(policy: StorePolicy, step: Release): Update {
  const { challengeId, before, keeps } = step;
  const sends = sendsOf(policy, step);
  const oldest = before?.sent[registerDepth(sends) - 1] ?? 0;
  const sendGivenBack = keeps === 'send' ? { clauses: [], numbers: {} } : unshift(sends, oldest);
  return {
    key: phoneItemKey(step),
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
      ':ttl': ttlOf(policy, step),
    },
  };
}

function countUpdate(policy: StorePolicy, step: Count): Update {
  const { now, challengeId, nonce } = step;
  const attemptsLeft = underLimits(policy.attempts, now);
  const newAttempt = shift(policy.attempts, now);
  const isLive =
    '((newId = :challengeId AND newExpires > :now) OR (oldId = :challengeId AND oldExpires > :now))';
  const notOurOwnRetry = '(attribute_not_exists(attemptBy) OR attemptBy <> :nonce)';
  return {
    key: phoneItemKey(step),
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
      ':ttl': ttlOf(policy, step),
    },
    returns: 'ALL_NEW',
  };
}

function consumeUpdate(policy: StorePolicy, step: Consume): Update {
  const { lane, now, hash, purpose, consumedBy, attempts } = step;
  const changed = attempts && changedAttempts(attempts);
  return {
    key: phoneItemKey(step),
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
      ':ttl': ttlOf(policy, step),
    },
  };
}

function giveBackUpdate(policy: StorePolicy, step: GiveBack): Update {
  const { set, remove, conditions, values } = changedAttempts(step.attempts);
  return {
    key: phoneItemKey(step),
    set: [...set, 'attemptBy = :nonce'],
    remove,
    conditions,
    values: { ...values, ':nonce': step.nonce, ':ttl': ttlOf(policy, step) },
  };
}

/** Replaces the register of attempts, if it still equals the one that the worker read. */
function changedAttempts({
  seenBy,
  left: { tried, triedBy },
}: ChangedAttempts): Required<Pick<Update, 'set' | 'remove' | 'conditions' | 'values'>> {
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

/**
 * Puts a device before the others; the oldest falls out. A device that is there stays where it is. Refused where the
 * others have been idle for too long: they are forgotten then, not put behind the new one.
 */
function rememberUpdate(policy: StorePolicy, step: Remember): Update {
  const names = deviceNames(policy);
  const older = names.slice(1).map((name, i) => `${name} = if_not_exists(${names[i]}, :none)`);
  return {
    key: phoneItemKey({ lane: 'device', ...step }),
    set: ['device0 = :device', ...older, 'signedInAt = :now'],
    remove: forgottenNames(policy),
    conditions: [
      ...names.map((name) => `(attribute_not_exists(${name}) OR ${name} <> :device)`),
      '(attribute_not_exists(signedInAt) OR signedInAt > :idleSince)',
    ],
    values: {
      ':device': step.deviceHash,
      ':now': step.now,
      ':idleSince': idleSince(step),
      ...(older.length > 0 ? { ':none': none } : {}),
      ':ttl': ttlOf(policy, { lane: 'device', ...step }),
    },
  };
}

/** Forgets devices that have been idle for too long, and makes one known. */
function rememberAloneUpdate(policy: StorePolicy, step: Remember): Update {
  return {
    key: phoneItemKey({ lane: 'device', ...step }),
    set: ['device0 = :device', 'signedInAt = :now'],
    remove: forgottenNames({ devices: 1 }),
    conditions: ['signedInAt <= :idleSince'],
    values: {
      ':device': step.deviceHash,
      ':now': step.now,
      ':idleSince': idleSince(step),
      ':ttl': ttlOf(policy, { lane: 'device', ...step }),
    },
  };
}

/** Forgets for good the devices past the number that the settings know, so that no later settings revive them. */
function forgetUpdate(policy: StorePolicy, step: Forget): Update {
  return {
    key: phoneItemKey({ lane: 'device', ...step }),
    remove: forgottenNames(policy),
    conditions: [`attribute_exists(device${policy.devices})`],
    values: { ':ttl': ttlOf(policy, { lane: 'device', ...step }) },
  };
}

function deviceNames({ devices }: Pick<StorePolicy, 'devices'>): readonly string[] {
  return Array.from({ length: devices }, (_, i) => `device${i}`);
}

function forgottenNames({ devices }: Pick<StorePolicy, 'devices'>): readonly string[] {
  return deviceNames({ devices: maxDevices }).slice(devices);
}
