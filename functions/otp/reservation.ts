/**
 * Reserve and release: a send is taken from the limits before anything is sent, and given back when nothing was.
 *
 * A reserve that never answered may have landed, so it is released once and the app told to try again. Giving
 * back is best effort: if it fails, the quota stays spent, which is the safe side.
 */

import type { Lane } from '../limits/lane.ts';
import type { Limit } from '../limits/limits.ts';
import { waitSeconds } from '../limits/sliding-window.ts';
import { toldSeconds } from '../limits/told-seconds.ts';
import { maxCodeLifetimeSeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import type { ChallengeStore } from './challenge-store.ts';
import { type Challenge, isLive, type LatestChallenge, type PhoneRecord } from './number-record.ts';
import type { NotGivenBack, RequestOtpPorts } from './request-otp-ports.ts';

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

export type Reserved =
  | { readonly tag: 'reserved'; readonly reservation: Reservation }
  | { readonly tag: 'refused'; readonly record: PhoneRecord }
  | { readonly tag: 'unknown' };

type GivingBack = Pick<RequestOtpPorts, 'store' | 'now' | 'onNotGivenBack'>;

/** Reserves a send for `challenge`. */
export async function reserve(
  ports: GivingBack,
  step: Parameters<ChallengeStore['reserve']>[0],
): Promise<Reserved> {
  const { lane, phoneKey, challenge, now, sendLimits } = step;
  const { store } = ports;
  const transition = await store.reserve(step).catch(() => undefined);
  if (transition === undefined) {
    const { id: challengeId } = challenge;
    const unknown = {
      lane,
      phoneKey,
      now,
      challengeId,
      before: undefined,
      keeps: 'nothing',
      sendLimits,
    } as const;
    await givenBack(ports, 'send', store.release(unknown));
    return { tag: 'unknown' };
  }
  const { tag, record } = transition;
  const { tried } = record;
  const living = (earlier: Challenge | undefined) => (isLive(earlier, now) ? earlier : undefined);
  const common = { lane, phoneKey, challenge, sendLimits, reservedAt: now, tried };
  if (tag === 'written') {
    const sent = [now, ...record.sent];
    return {
      tag: 'reserved',
      reservation: { ...common, before: record, other: living(record.latest), sent },
    };
  }
  const isOurs = [record.latest?.id, record.earlier?.id].includes(challenge.id);
  if (!isOurs) return { tag: 'refused', record };
  const other = living(record.latest?.id === challenge.id ? record.earlier : undefined);
  return { tag: 'reserved', reservation: { ...common, before: undefined, other, sent: record.sent } };
}

/** Gives the challenge back, and with it the send, unless the provider counts it all the same. */
export async function release(
  ports: GivingBack,
  { lane, phoneKey, challenge, before, sendLimits }: Reservation,
  keeps: 'nothing' | 'send',
): Promise<void> {
  const step = { lane, phoneKey, now: ports.now(), challengeId: challenge.id, before, keeps, sendLimits };
  await givenBack(ports, 'send', ports.store.release(step));
}

/** Waits for `work`; if it fails, what it should have given back stays spent. */
export async function givenBack(
  { onNotGivenBack }: Pick<RequestOtpPorts, 'onNotGivenBack'>,
  what: NotGivenBack,
  work: Promise<unknown>,
): Promise<void> {
  await work.catch(() => onNotGivenBack(what));
}

/**
 * Seconds until a number with these sends and attempts may ask again. `earlier` is the challenge that the next one would
 * push out: it is waited for while it lives, which limits of the same settings see to, and older ones may not.
 */
export function resendWaitSeconds(
  { sendLimits, attemptLimits }: Pick<Settings, 'sendLimits' | 'attemptLimits'>,
  {
    sent,
    tried,
    earlier,
  }: Pick<PhoneRecord, 'sent' | 'tried'> & { readonly earlier?: Challenge | undefined },
  now: number,
): number {
  const slotSeconds = isLive(earlier, now) ? toldSeconds(earlier.expiresAt - now, maxCodeLifetimeSeconds) : 0;
  return Math.max(waitSeconds(sendLimits, sent, now), waitSeconds(attemptLimits, tried, now), slotSeconds);
}
