/**
 * request-otp: count the address, reserve, count the day's budget, send, answer. A step that refuses stops the rest.
 *
 * Reserve comes before send, so that parallel requests cannot buy two SMS; what is then not sent for certain is
 * released, so that the user's quota is not spent on somebody's outage. What may have been sent stays counted.
 */
import { type Code, drawCode, hashCode } from './code.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { type LatestChallenge, liveChallenges, none, type PhoneRecord } from './phone-record.ts';
import { maxBudgetRetryAfterSeconds, retryAfterFaultSeconds } from './policy.ts';
import { drawChallengeId, openRequestId, sealRequestId } from './request-id.ts';
import type { RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { givenBack, type Reservation, release, resendWaitSeconds, reserve } from './reservation.ts';
import type { SendOutcome } from './send-outcome.ts';
import { waitSeconds } from './sliding-window.ts';

const daySeconds = 86_400;

/** Runs the flow. Throws when a counter cannot be reached; then nothing was sent. */
export async function requestOtp(ports: RequestOtpPorts, input: RequestOtp): Promise<RequestOtpOutcome> {
  const now = ports.now();
  const address = await ports.countAddress(now);
  if (address.tag === 'refused') {
    return { tag: 'too-many-requests', retryAfterSeconds: address.retryAfterSeconds, reason: 'address' };
  }
  const phoneKey = phoneKeyOf(ports.identity, input.phoneNumber);
  const code = drawCode();
  const challenge = newChallenge(ports, input, { phoneKey, code, now });
  const reserved = await reserve(ports, { phoneKey, now, challenge });
  if (reserved.tag === 'unknown') {
    return {
      tag: 'temporarily-unavailable',
      retryAfterSeconds: retryAfterFaultSeconds,
      reason: 'reserve-unknown',
    };
  }
  if (reserved.tag === 'refused') return refused(ports, input, { ...reserved, challenge, now });
  const { reservation } = reserved;
  if (!(await isWithinBudget(ports, reservation))) {
    const retryAfterSeconds = Math.min(daySeconds - (now % daySeconds), maxBudgetRetryAfterSeconds);
    return { tag: 'temporarily-unavailable', retryAfterSeconds, reason: 'budget' };
  }
  const { phoneNumber, purpose, platform } = input;
  const sendId = keyedHash(ports.identity.idempotency, ['send', challenge.id]);
  const sent = await ports.send({ phoneNumber, code, purpose, platform, sendId });
  return answer(ports, { phoneNumber, reservation }, sent);
}

function newChallenge(
  { identity, codeKey, settings }: RequestOtpPorts,
  { phoneNumber, purpose, idempotencyKey, previousRequestId }: RequestOtp,
  { phoneKey, code, now }: { phoneKey: string; code: Code; now: number },
): LatestChallenge {
  const id = drawChallengeId();
  const previous = previousRequestId && openRequestId(identity.seal, previousRequestId);
  return {
    id,
    hash: hashCode(codeKey.key, { phoneKey, challengeId: id, purpose }, code),
    keyVersion: codeKey.version,
    expiresAt: now + settings.codeLifetimeSeconds,
    purpose,
    idempotency:
      idempotencyKey === undefined ? none : keyedHash(identity.idempotency, ['request', idempotencyKey]),
    after: previous?.phoneNumber === phoneNumber ? previous.challengeId : none,
  };
}

/** A refused reserve: the same intention asked again, or a limit. */
function refused(
  { settings, identity }: RequestOtpPorts,
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
    requestId: sealRequestId(identity.seal, { challengeId: asked.id, phoneNumber }),
    expiresInSeconds: asked.expiresAt - now,
    resendAfterSeconds,
    delivery: 'unconfirmed',
    isReplay: true,
  };
}

/** Counts the send against the day. When the budget is spent, or nobody answers, the reserve is released. */
async function isWithinBudget(ports: RequestOtpPorts, reservation: Reservation): Promise<boolean> {
  try {
    const isWithin = await ports.countBudget(reservation.reservedAt);
    if (!isWithin) await release(ports, reservation, 'nothing');
    return isWithin;
  } catch (error) {
    await release(ports, reservation, 'nothing');
    throw error;
  }
}

/** What the provider's outcome means to the app, and what is given back. */
async function answer(
  ports: RequestOtpPorts,
  { phoneNumber, reservation }: { phoneNumber: RequestOtp['phoneNumber']; reservation: Reservation },
  sent: SendOutcome,
): Promise<RequestOtpOutcome> {
  const { challenge, reservedAt } = reservation;
  const requestId = sealRequestId(ports.identity.seal, { challengeId: challenge.id, phoneNumber });
  const now = ports.now();
  const resendAfterSeconds = resendWaitSeconds(ports.settings, reservation, now);
  switch (sent.tag) {
    case 'accepted':
    case 'unconfirmed': {
      const expiresInSeconds = Math.max(0, challenge.expiresAt - now);
      return {
        tag: 'accepted',
        requestId,
        expiresInSeconds,
        resendAfterSeconds,
        delivery: sent.tag,
        isReplay: false,
      };
    }
    case 'failed': {
      const retryAfterSeconds = Math.max(
        sent.retryAfterSeconds ?? retryAfterFaultSeconds,
        resendAfterSeconds,
      );
      return { tag: 'temporarily-unavailable', retryAfterSeconds, requestId, reason: 'provider-failed' };
    }
    case 'refused': {
      await Promise.all([
        release(ports, reservation, 'nothing'),
        givenBack(ports, 'budget', ports.giveBackBudget(reservedAt)),
      ]);
      const retryAfterSeconds = sent.retryAfterSeconds ?? retryAfterFaultSeconds;
      return { tag: 'temporarily-unavailable', retryAfterSeconds, reason: `provider-${sent.cause}` };
    }
    case 'number-limited': {
      await Promise.all([
        release(ports, reservation, 'send'),
        givenBack(ports, 'budget', ports.giveBackBudget(reservedAt)),
      ]);
      const retryAfterSeconds = Math.max(sent.retryAfterSeconds, resendAfterSeconds);
      return { tag: 'too-many-requests', retryAfterSeconds, reason: 'provider-number-limit' };
    }
  }
}
