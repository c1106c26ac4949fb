/**
 * Claims an intention for a challenge, and releases it when nothing was sent. A claim reserves a send, marks the challenge
 * where its lane has an item of its own, and finds out whether the same intention began before, in this lane or another
 * (`intention.ts` has the rule).
 *
 * Reserve and mark are two writes to two items. The write to the `phone#` item decides. A challenge that loses there is
 * released before any answer names it. A reserve without an answer may have landed, so it is released once, and the app is
 * told to try again. Giving back is best effort: if it fails, the quota stays spent, which is the safe side.
 *
 * The file is long because a release has to undo exactly what a claim did.
 */

import { itemLaneOf, type Lane } from '../limits/lane.ts';
import type { Limit } from '../limits/limits.ts';
import type { Reserve } from './challenge-store.ts';
import { type Begun, begunIn, findBegun, followMark } from './intention.ts';
import {
  type Challenge,
  isLive,
  knowsDevice,
  type LatestChallenge,
  type MarkedLane,
  markText,
  none,
  type PhoneRecord,
} from './number-record.ts';
import type { Admitted, NotGivenBack, RequestOtpPorts } from './request-otp-ports.ts';

/** A reserve that has landed. */
export interface Reservation {
  readonly lane: Lane;
  readonly phoneKey: string;
  readonly challenge: LatestChallenge;
  /** Epoch seconds. */
  readonly reservedAt: number;
  /** The record that it replaced. Unknown when an earlier try of the same write landed. */
  readonly before: PhoneRecord | undefined;
  /** The challenge that became the earlier one, if it lives. */
  readonly other: Challenge | undefined;
  /** The lane's own limits on sends, instead of the policy's. */
  readonly sendLimits: readonly Limit[] | undefined;
  /** The number's sends, this one included, and its attempts: newest first. */
  readonly sent: readonly number[];
  readonly tried: readonly number[];
}

/** Nothing was written, because the number no longer knows the device. */
export interface UnknownDevice {
  readonly tag: 'unknown-device';
}

/** The result of a reserve. */
type Reserved =
  | { readonly tag: 'claimed'; readonly reservation: Reservation }
  | { readonly tag: 'refused'; readonly record: PhoneRecord }
  /** It is unknown whether the write landed. It was released once, and nothing was sent. */
  | { readonly tag: 'unknown' };

/** The result of a claim. */
type Claim = Reserved | UnknownDevice | { readonly tag: 'begun'; readonly begun: Begun };

type GivingBack = Pick<RequestOtpPorts, 'store' | 'now' | 'tell'>;

/** Reserves a send, and marks the challenge where its lane has an item of its own, unless the intention is known. */
export async function claim(ports: RequestOtpPorts, input: Admitted, step: Reserve): Promise<Claim> {
  const { phoneKey, now, deviceHash, challenge } = step;
  const reserved = await reserve(ports, step);
  if (reserved.tag === 'unknown') return reserved;
  if (reserved.tag === 'claimed') return markClaim(ports, reserved.reservation);
  const { record } = reserved;
  const own = begunIn(record, challenge.idempotency, now);
  if (own !== undefined) return { tag: 'begun', begun: own };
  const { devicesPerNumber } = ports.settings;
  if (deviceHash !== undefined && !knowsDevice(record, { deviceHash, devicesPerNumber, now })) {
    // A device that was refused must stay unknown, also under later settings that remember more. Best effort.
    const isPast = record.devices.length > devicesPerNumber;
    if (isPast) await ports.store.forget({ phoneKey, now }).catch(() => undefined);
    return { tag: 'unknown-device' };
  }
  const except = itemLaneOf(step.lane);
  if (except !== 'public') {
    const begun = await findBegun(ports, input, { now, except });
    return begun === undefined ? reserved : { tag: 'begun', begun };
  }
  const followed = await followMark(ports, record, { phoneKey, asked: challenge.idempotency, now });
  if (followed === undefined) return reserved;
  if ('challenge' in followed) return { tag: 'begun', begun: followed };
  // The void mark was replaced meanwhile, and the new mark has a challenge behind it.
  if (step.voidMark !== undefined) return { tag: 'unknown' };
  return claim(ports, input, { ...step, voidMark: followed.text });
}

/** Reserves a send for the challenge of `step`. */
async function reserve(ports: GivingBack, step: Reserve): Promise<Reserved> {
  const { lane, phoneKey, challenge, now, sendLimits } = step;
  const common = { lane, phoneKey, challenge, sendLimits, reservedAt: now };
  const transition = await ports.store.reserve(step).catch(() => undefined);
  if (transition === undefined) {
    await release(ports, { ...common, before: undefined }, 'nothing');
    return { tag: 'unknown' };
  }
  const { tag, record } = transition;
  const { sent, tried, latest, earlier } = record;
  const living = (other: Challenge | undefined) => (isLive(other, now) ? other : undefined);
  if (tag === 'written') {
    const landed = { before: record, other: living(latest), sent: [now, ...sent], tried };
    return { tag: 'claimed', reservation: { ...common, ...landed } };
  }
  if (![latest?.id, earlier?.id].includes(challenge.id)) return { tag: 'refused', record };
  const other = living(latest?.id === challenge.id ? earlier : undefined);
  return { tag: 'claimed', reservation: { ...common, before: undefined, other, sent, tried } };
}

/** Marks a challenge of another item before anything is sent. Releases it if its intention is already known. */
async function markClaim(
  ports: RequestOtpPorts,
  reservation: Reservation,
  voidMark: string = none,
): Promise<Claim> {
  const { challenge, other, phoneKey, reservedAt: now } = reservation;
  const lane = itemLaneOf(reservation.lane);
  const asked = challenge.idempotency;
  if (lane === 'public' || asked === none) return { tag: 'claimed', reservation };
  const marks = [markText(challenge), markText(other)] as const;
  const marked = await ports.store
    .mark({ phoneKey, now, lane, asked, marks, voidMark })
    .catch(() => undefined);
  if (marked?.tag === 'written') return { tag: 'claimed', reservation };
  const found =
    marked &&
    (begunIn(marked.record, asked, now) ??
      (await followMark(ports, withoutLane(marked.record, lane), { phoneKey, asked, now }).catch(
        () => undefined,
      )));
  if (found !== undefined && 'text' in found && voidMark === none) {
    return markClaim(ports, reservation, found.text);
  }
  await release(ports, reservation, 'nothing');
  return found !== undefined && 'challenge' in found ? { tag: 'begun', begun: found } : { tag: 'unknown' };
}

/** The record without a lane's own marks, because these do not refuse the lane. */
function withoutLane(record: PhoneRecord, lane: MarkedLane): PhoneRecord {
  return { ...record, marks: record.marks.filter((mark) => mark.lane !== lane) };
}

/** The members of a reservation that a release needs. */
type Releasable = Pick<Reservation, 'lane' | 'phoneKey' | 'challenge' | 'before' | 'sendLimits'>;

/** Removes the challenge and gives back its send. With `keeps: 'send'` the send stays counted, because the provider counts it. */
export async function release(
  ports: GivingBack,
  { challenge, lane, phoneKey, before, sendLimits }: Releasable,
  keeps: 'nothing' | 'send',
): Promise<void> {
  const step = { lane, phoneKey, now: ports.now(), challengeId: challenge.id, before, keeps, sendLimits };
  await givenBack(ports, 'send', ports.store.release(step));
}

/** Waits for `work`; if it fails, what it should have given back stays spent. */
export async function givenBack(
  { tell }: Pick<RequestOtpPorts, 'tell'>,
  what: NotGivenBack,
  work: Promise<unknown>,
): Promise<void> {
  await work.catch(() => tell('request-otp.not-given-back', what));
}
