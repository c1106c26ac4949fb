/**
 * One challenge in one lane: claim the intention (reserve, and mark), count the budget, send, answer. A step that refuses
 * stops the rest.
 *
 * Reserve comes before send, so that parallel requests cannot buy two SMS; what is then not sent for certain is
 * released, so that the user's quota is not spent on somebody's outage. What may have been sent stays counted.
 */
import { type BudgetCount, budgetWaitSeconds } from '../limits/budget.ts';
import { waitSeconds } from '../limits/sliding-window.ts';
import { toldSeconds } from '../limits/told-seconds.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { claim } from './claim.ts';
import { type Code, drawCode } from './code.ts';
import { deniedWaitSeconds } from './controls.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { answerAgain } from './intention.ts';
import { keyedHash } from './keyed-hash.ts';
import { newChallenge } from './new-challenge.ts';
import type { PhoneRecord } from './number-record.ts';
import { requestIdOf } from './request-id.ts';
import type { LimitReason, RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { type Reservation, release, resendWaitSeconds } from './reservation.ts';
import { answerSend } from './send-answer.ts';
import type { TestLane } from './test-number.ts';

interface Everybody {
  /** Epoch seconds. */
  readonly now: number;
  /** Why this number gets no code, whatever its limits say. */
  readonly closed?: Extract<LimitReason, 'denied' | 'test-number'> | undefined;
}

/** Who asks, as far as it is proven, and what of the number decides. */
export type Asking = Everybody &
  (
    | { readonly lane: 'public' | 'attested' }
    | { readonly lane: 'device'; readonly deviceHash: string }
    | { readonly lane: 'test'; readonly test: TestLane }
  );

/** Nothing was done: the number does not know the device any longer. */
interface UnknownDevice {
  readonly tag: 'unknown-device';
}

/** Asks for a code in a lane. */
export function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Exclude<Asking, { readonly lane: 'device' }>,
): Promise<RequestOtpOutcome>;
export function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice>;
export async function askInLane(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const { lane, now, closed } = asking;
  const test = lane === 'test' ? asking.test : undefined;
  const phoneKey = phoneKeyOf(ports.identity, input.phoneNumber);
  const code = test?.code ?? drawCode();
  const drawn = newChallenge(ports, input, { lane, phoneKey, code, now });
  const challenge = { ...drawn, expiresAt: Math.min(drawn.expiresAt, test?.endsAt ?? drawn.expiresAt) };
  const claimed = await claim(ports, input, {
    lane,
    phoneKey,
    now,
    challenge,
    deviceHash: lane === 'device' ? asking.deviceHash : undefined,
    sendLimits: test?.sendLimits,
    isClosed: closed !== undefined,
  });
  switch (claimed.tag) {
    case 'unknown':
      return reserveUnknown;
    case 'unknown-device':
      return claimed;
    case 'begun':
      return answerAgain(ports, input, { ...claimed.begun, now });
    case 'refused':
      return limited(ports, input, asking, claimed.record);
    case 'claimed':
      return spend(ports, input, { asking, code, reservation: claimed.reservation });
  }
}

/** Nobody knows whether the reserve landed, or whether its lane was decided; it was released once. */
const reserveUnknown = {
  tag: 'temporarily-unavailable',
  retryAfterSeconds: retryAfterFaultSeconds,
  reason: 'reserve-unknown',
} as const satisfies RequestOtpOutcome;

/** A limit, or what is answered like one. */
function limited(
  { settings, identity }: RequestOtpPorts,
  { phoneNumber }: RequestOtp,
  asking: Asking,
  record: PhoneRecord,
): RequestOtpOutcome {
  const { now, closed } = asking;
  const sendLimits = asking.lane === 'test' ? asking.test.sendLimits : settings.sendLimits;
  // A test number asks as often as its own limits say, whatever of it lives: all its codes are the same.
  const earlier = asking.lane === 'test' ? undefined : record.earlier;
  const ownWaitSeconds = resendWaitSeconds({ ...settings, sendLimits }, { ...record, earlier }, now);
  const isAttempts = waitSeconds(settings.attemptLimits, record.tried, now) === ownWaitSeconds;
  const reason = closed ?? (asking.lane === 'test' ? 'test-number' : isAttempts ? 'attempts' : 'sends');
  const closedWaitSeconds =
    closed === undefined ? 0 : deniedWaitSeconds(identity, settings, { phoneNumber, now });
  const retryAfterSeconds = Math.max(1, ownWaitSeconds, closedWaitSeconds);
  return { tag: 'too-many-requests', retryAfterSeconds, reason };
}

interface Reserved {
  readonly asking: Asking;
  readonly code: Code;
  readonly reservation: Reservation;
}

/** Counts the budget and sends; a test number is held against the budget of strangers, takes nothing, sends nothing. */
async function spend(
  ports: RequestOtpPorts,
  input: RequestOtp,
  { asking, code, reservation }: Reserved,
): Promise<RequestOtpOutcome> {
  const { lane, now } = asking;
  const counted = await countBudget(ports, reservation);
  if (counted.tag === 'refused') {
    return {
      tag: 'temporarily-unavailable',
      retryAfterSeconds: budgetWaitSeconds(now),
      reason: counted.reason === 'conversion' ? 'conversion' : 'budget',
      detail: `${lane} ${counted.reason}`,
    };
  }
  const { phoneNumber, purpose, platform, locale } = input;
  const { challenge } = reservation;
  if (lane === 'test') {
    return {
      tag: 'accepted',
      requestId: requestIdOf(ports.identity.seal, challenge, phoneNumber),
      expiresInSeconds: toldSeconds(challenge.expiresAt - now, ports.settings.codeLifetimeSeconds),
      resendAfterSeconds: resendWaitSeconds(ports.settings, reservation, now),
      delivery: 'accepted',
      kind: 'test',
    };
  }
  const sendId = keyedHash(ports.identity.idempotency, ['send', challenge.id]);
  const sent = await ports.send({ phoneNumber, code, purpose, platform, locale, sendId });
  return answerSend(ports, { phoneNumber, reservation, lane }, sent);
}

/** Counts the send. When the budget is spent, or nobody answers, the reserve is released. */
async function countBudget(ports: RequestOtpPorts, reservation: Reservation): Promise<BudgetCount> {
  try {
    const counted = await ports.countBudget(reservation.lane, reservation.reservedAt);
    if (counted.tag === 'counted' && counted.isUnproven) ports.onUnproven();
    if (counted.tag === 'refused') await release(ports, reservation, 'nothing');
    return counted;
  } catch (error) {
    await release(ports, reservation, 'nothing');
    throw error;
  }
}
