/**
 * One challenge in one lane: reserve, count the budget, send, answer. A step that refuses stops the rest.
 *
 * Reserve comes before send, so that parallel requests cannot buy two SMS; what is then not sent for certain is
 * released, so that the user's quota is not spent on somebody's outage. What may have been sent stays counted.
 */
import { type BudgetCount, budgetWaitSeconds, type Payer } from './budget.ts';
import { drawCode } from './code.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { newChallenge } from './new-challenge.ts';
import { knowsDevice, type LatestChallenge, liveChallenges, none, type PhoneRecord } from './phone-record.ts';
import { retryAfterFaultSeconds } from './policy.ts';
import { requestIdOf } from './request-id.ts';
import type { RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { type Reservation, release, resendWaitSeconds, reserve } from './reservation.ts';
import { answerSend } from './send-answer.ts';
import { waitSeconds } from './sliding-window.ts';
import { toldSeconds } from './told-seconds.ts';

interface Stranger {
  readonly lane: 'public' | 'attested';
  /** Epoch seconds. */
  readonly now: number;
}

interface Device {
  readonly lane: 'device';
  readonly deviceHash: string;
  /** Epoch seconds. */
  readonly now: number;
}

/** Nothing was done: the number does not know the device any longer. */
interface UnknownDevice {
  readonly tag: 'unknown-device';
}

/** Asks for a code in a lane. */
export function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Stranger,
): Promise<RequestOtpOutcome>;
export function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Device,
): Promise<RequestOtpOutcome | UnknownDevice>;
export async function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Stranger | Device,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const { lane, now } = asking;
  const deviceHash = lane === 'device' ? asking.deviceHash : undefined;
  const phoneKey = phoneKeyOf(ports.identity, input.phoneNumber);
  const code = drawCode();
  const challenge = newChallenge(ports, input, { lane, phoneKey, code, now });
  const reserved = await reserve(ports, { lane, phoneKey, now, challenge, deviceHash });
  if (reserved.tag === 'unknown') return reserveUnknown;
  if (reserved.tag === 'refused') {
    if (deviceHash !== undefined) {
      const { devicesPerNumber } = ports.settings;
      const { record } = reserved;
      if (!knowsDevice(record, { deviceHash, devicesPerNumber, now })) {
        // Who was told that they are unknown stays so, whatever the settings of tomorrow: best effort.
        const isPast = record.devices.length > devicesPerNumber;
        if (isPast) await ports.store.forget({ phoneKey, now }).catch(() => undefined);
        return { tag: 'unknown-device' };
      }
    }
    return refusedReserve(ports, input, { ...reserved, challenge, now });
  }
  const { reservation } = reserved;
  const counted = await countBudget(ports, reservation, lane);
  if (counted.tag === 'refused') {
    return {
      tag: 'temporarily-unavailable',
      retryAfterSeconds: budgetWaitSeconds(now),
      reason: counted.reason === 'conversion' ? 'conversion' : 'budget',
      detail: `${lane} ${counted.reason}`,
    };
  }
  const { phoneNumber, purpose, platform } = input;
  const sendId = keyedHash(ports.identity.idempotency, ['send', challenge.id]);
  const sent = await ports.send({ phoneNumber, code, purpose, platform, sendId });
  return answerSend(ports, { phoneNumber, reservation, lane }, sent);
}

/** Nobody knows whether the reserve landed; it was released once. */
export const reserveUnknown = {
  tag: 'temporarily-unavailable',
  retryAfterSeconds: retryAfterFaultSeconds,
  reason: 'reserve-unknown',
} as const satisfies RequestOtpOutcome;

/** A refused reserve: the same intention asked again, or a limit. */
export function refusedReserve(
  { settings, identity }: Pick<RequestOtpPorts, 'settings' | 'identity'>,
  { phoneNumber, purpose }: RequestOtp,
  { record, challenge, now }: { record: PhoneRecord; challenge: LatestChallenge; now: number },
): RequestOtpOutcome {
  const resendAfterSeconds = resendWaitSeconds(settings, record, now);
  const asked = liveChallenges(record, now).find(
    ({ idempotency }) => idempotency !== none && idempotency === challenge.idempotency,
  );
  if (asked === undefined) {
    const isAttempts = waitSeconds(settings.attemptLimits, record.tried, now) === resendAfterSeconds;
    const reason = isAttempts ? 'attempts' : 'sends';
    return { tag: 'too-many-requests', retryAfterSeconds: Math.max(1, resendAfterSeconds), reason };
  }
  if (asked.purpose !== purpose) return { tag: 'idempotency-mismatch' };
  return {
    tag: 'accepted',
    requestId: requestIdOf(identity.seal, asked, phoneNumber),
    expiresInSeconds: toldSeconds(asked.expiresAt - now, settings.codeLifetimeSeconds),
    resendAfterSeconds,
    delivery: 'unconfirmed',
    kind: 'replay',
  };
}

/** Counts the send. When the budget is spent, or nobody answers, the reserve is released. */
async function countBudget(
  ports: RequestOtpPorts,
  reservation: Reservation,
  lane: Payer,
): Promise<BudgetCount> {
  try {
    const counted = await ports.countBudget(lane, reservation.reservedAt);
    if (counted.tag === 'counted' && counted.isUnproven) ports.onUnproven();
    if (counted.tag === 'refused') await release(ports, reservation, 'nothing');
    return counted;
  } catch (error) {
    await release(ports, reservation, 'nothing');
    throw error;
  }
}
