/**
 * Claims an intention for a challenge: reserves it, marks it where its lane has an item of its own, and finds out whether
 * the same intention was begun before, here or in another lane. `intention.ts` has the rule.
 *
 * Reserve and mark are two writes to two items; the one to the `phone#` item decides. A challenge that loses there is
 * released before anybody hears of it.
 */

import { itemLaneOf } from '../limits/lane.ts';
import type { Reserve } from './challenge-store.ts';
import { type Begun, begunIn, findBegun, followMark } from './intention.ts';
import { knowsDevice, type MarkedLane, markText, none, type PhoneRecord } from './number-record.ts';
import type { RequestOtp, RequestOtpPorts } from './request-otp-ports.ts';
import { type Reservation, release, reserve } from './reservation.ts';

/** What became of a claim; `unknown` was released once, and nothing was sent. */
export type Claim =
  | { readonly tag: 'claimed'; readonly reservation: Reservation }
  | { readonly tag: 'begun'; readonly begun: Begun }
  | { readonly tag: 'refused'; readonly record: PhoneRecord }
  /** Nothing was done: the number does not know the device any longer. */
  | { readonly tag: 'unknown-device' }
  | { readonly tag: 'unknown' };

/** Reserves, and marks what has an item of its own, unless the intention is known. */
export async function claim(ports: RequestOtpPorts, input: RequestOtp, step: Reserve): Promise<Claim> {
  const { phoneKey, now, deviceHash, challenge } = step;
  const reserved = await reserve(ports, step);
  if (reserved.tag === 'unknown') return reserved;
  if (reserved.tag === 'reserved') return markClaim(ports, reserved.reservation);
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
