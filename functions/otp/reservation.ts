/**
 * Claims an intention for a challenge: reserves a send before anything is sent, marks the challenge where its lane has an
 * item of its own, and finds out whether the same intention was begun before, here or in another lane (`intention.ts`
 * has the rule). Releases it when nothing was sent.
 *
 * Reserve and mark are two writes to two items; the one to the `phone#` item decides. A challenge that loses there is
 * released before anybody hears of it. A reserve that never answered may have landed, so it is released once and the app
 * told to try again. Giving back is best effort: if it fails, the quota stays spent, which is the safe side.
 *
 * It is long because claim and release are two sides of one thing.
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
  /** The record that it replaced; unknown when the write that landed was not the one that answered. */
  readonly before: PhoneRecord | undefined;
  /** The challenge that this one made the earlier one, if it lives. */
  readonly other: Challenge | undefined;
  /** The lane's own limits on sends, instead of the policy's. */
  readonly sendLimits: readonly Limit[] | undefined;
  /** The number's sends, this one included, and its attempts: newest first. */
  readonly sent: readonly number[];
  readonly tried: readonly number[];
}

/** Nothing was done: the number does not know the device any longer. */
export interface UnknownDevice {
  readonly tag: 'unknown-device';
}

/** What became of a reserve. */
type Reserved =
  | { readonly tag: 'claimed'; readonly reservation: Reservation }
  | { readonly tag: 'refused'; readonly record: PhoneRecord }
  /** Nobody knows whether it landed, or whether its lane was decided. It was released once, and nothing was sent. */
  | { readonly tag: 'unknown' };

/** What became of a claim. */
type Claim = Reserved | UnknownDevice | { readonly tag: 'begun'; readonly begun: Begun };

type GivingBack = Pick<RequestOtpPorts, 'store' | 'now' | 'tell'>;

/** Reserves, and marks what has an item of its own, unless the intention is known. */
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
    // Who was told that they are unknown stays so, whatever the settings of tomorrow: best effort.
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
  // A mark that was void a moment ago and is another one by now has a challenge behind it.
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

/** Marks a challenge of another item before anything is sent; releases it where its intention is known already. */
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

/** A lane's own marks do not refuse it. */
function withoutLane(record: PhoneRecord, lane: MarkedLane): PhoneRecord {
  return { ...record, marks: record.marks.filter((mark) => mark.lane !== lane) };
}

/** What is released. */
type Releasable = Pick<Reservation, 'lane' | 'phoneKey' | 'challenge' | 'before' | 'sendLimits'>;

/** Gives the challenge back, and with it the send, unless the provider counts it all the same. */
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
