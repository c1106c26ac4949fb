/**
 * The writes of request-otp to a number's items: it reserves a send, marks it for the other lanes, and releases it. A
 * reserve whose answer got lost is released; a retried reserve finds its own id.
 */
import { itemLaneOf } from '../limits/lane.ts';
import { type Register, registerDepth, shift, underLimits, unshift } from '../limits/sliding-window.ts';
import type { PlaceMark, Release, Reserve, StorePolicy } from '../otp/challenge-store.ts';
import { idleSince, type MarkedLane, none } from '../otp/number-record.ts';
import { deviceNames, forgottenNames } from './device-updates.ts';
import { markNames, type NumberUpdate, slotNames, slotParts, slotValues } from './number-item.ts';

function sendsOf({ sends }: StorePolicy, { sendLimits }: Pick<Reserve, 'sendLimits'>): Register {
  return sendLimits === undefined ? sends : { ...sends, limits: sendLimits };
}

/** Takes a send from the limits, and stores its challenge. The latest one becomes the earlier one. */
export function reserveUpdate(policy: StorePolicy, step: Reserve): NumberUpdate {
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
export function markUpdate(
  policy: StorePolicy,
  { now, lane, asked, marks, voidMark }: PlaceMark,
): NumberUpdate {
  const [latest, earlier] = markNames[lane];
  const others = policy.markedLanes.filter((other) => other !== lane);
  return {
    set: [`${latest} = :latest`, `${earlier} = :earlier`],
    conditions: [...notAsked(':asked'), ...notMarked(others, ':asked')],
    values: {
      ':latest': marks[0],
      ':earlier': marks[1],
      ':asked': asked,
      ':now': now,
      ...(others.length > 0 ? { ':voidMark': voidMark ?? none } : {}),
    },
  };
}

/** The old slot holds what the new one held before the reserve; what the old one held comes from `before`. */
export function releaseUpdate(policy: StorePolicy, step: Release): NumberUpdate {
  const { challengeId, before, keeps } = step;
  const sends = sendsOf(policy, step);
  const oldest = before?.sent[registerDepth(sends) - 1] ?? 0;
  const sendGivenBack = keeps === 'send' ? { clauses: [], numbers: {} } : unshift(sends, oldest);
  return {
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
    },
  };
}
