/**
 * Builds the answers of request-otp from the result of a step: a code is on its way, a limit, or a temporary fault. The
 * steps decide which.
 */
import { bindingLimit, waitSeconds } from '../limits/sliding-window.ts';
import { toldSeconds } from '../limits/told-seconds.ts';
import { maxCodeLifetimeSeconds, retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import { deniedWaitSeconds } from './controls.ts';
import type { Begun } from './intention.ts';
import { type Challenge, isLive, type PhoneRecord } from './number-record.ts';
import type { PhoneNumber } from './phone-number.ts';
import { requestIdOf } from './request-id.ts';
import type {
  Accepted,
  Admitted,
  Asking,
  RequestOtpOutcome,
  RequestOtpPorts,
  UnavailableReason,
} from './request-otp-ports.ts';
import type { Reservation } from './reservation.ts';
import type { SendOutcome } from './send-outcome.ts';

/** The sends and attempts of a number, and the challenge that its next one would replace. */
type Spent = Pick<PhoneRecord, 'sent' | 'tried'> & { readonly earlier?: Challenge | undefined };

interface Told extends Pick<Accepted, 'delivery' | 'kind'> {
  readonly phoneNumber: PhoneNumber;
  readonly challenge: Challenge;
  readonly spent: Spent;
  /** Epoch seconds. */
  readonly now: number;
}

type Answering = Pick<RequestOtpPorts, 'settings' | 'identity'>;

interface Sending {
  readonly phoneNumber: PhoneNumber;
  readonly reservation: Reservation;
  readonly now: number;
}

/** The answer that a code is on its way, also when it is given again. */
export function accepted(
  { settings, identity }: Answering,
  { phoneNumber, challenge, spent, now, delivery, kind }: Told,
): Accepted {
  return {
    tag: 'accepted',
    requestId: requestIdOf(identity.seal, challenge, phoneNumber),
    expiresInSeconds: toldSeconds(challenge.expiresAt - now, settings.codeLifetimeSeconds),
    resendAfterSeconds: resendWaitSeconds(settings, spent, now),
    delivery,
    kind,
  };
}

/** The first answer again, as `unconfirmed`, because the record does not say whether the provider got the SMS. */
export function answerAgain(
  ports: Answering,
  { phoneNumber, purpose, now }: Admitted,
  { challenge, record }: Begun,
): RequestOtpOutcome {
  if (challenge.purpose !== purpose) return { tag: 'idempotency-mismatch' };
  const told = { phoneNumber, challenge, spent: record, now } as const;
  return accepted(ports, { ...told, delivery: 'unconfirmed', kind: 'replay' });
}

/** The answer to a send. `now` is when the provider had answered, in epoch seconds. */
export function answerOf(
  sent: SendOutcome,
  ports: Answering,
  { phoneNumber, reservation, now }: Sending,
): RequestOtpOutcome {
  const { challenge, before } = reservation;
  const spent = { ...reservation, earlier: before?.latest };
  const ownWaitSeconds = resendWaitSeconds(ports.settings, spent, now);
  switch (sent.tag) {
    case 'accepted':
    case 'unconfirmed':
      return accepted(ports, { phoneNumber, challenge, spent, now, delivery: sent.tag, kind: 'sent' });
    case 'failed': {
      const retryAfterSeconds = Math.max(sent.retryAfterSeconds ?? retryAfterFaultSeconds, ownWaitSeconds);
      const requestId = requestIdOf(ports.identity.seal, challenge, phoneNumber);
      return { ...unavailable('provider-failed', retryAfterSeconds), requestId };
    }
    case 'refused':
      return unavailable(`provider-${sent.cause}`, sent.retryAfterSeconds ?? retryAfterFaultSeconds);
    case 'number-limited': {
      const retryAfterSeconds = Math.max(sent.retryAfterSeconds, ownWaitSeconds);
      return { tag: 'too-many-requests', retryAfterSeconds, reason: 'provider-number-limit' };
    }
  }
}

/** The answer for a number over its limits, and for a denied number. `record` is the one that refused the reserve. */
export function limited(
  { settings, identity }: Answering,
  asking: Asking,
  record: PhoneRecord,
): RequestOtpOutcome {
  const { phoneNumber, now, closed } = asking;
  const sendLimits = asking.lane === 'test' ? asking.test.sendLimits : settings.sendLimits;
  // A test number may ask while its codes live, because they are all the same. Only its own limits count.
  const earlier = asking.lane === 'test' ? undefined : record.earlier;
  const ownWaitSeconds = resendWaitSeconds({ ...settings, sendLimits }, { ...record, earlier }, now);
  const isAttempts = waitSeconds(settings.attemptLimits, record.tried, now) === ownWaitSeconds;
  const reason = closed ?? (asking.lane === 'test' ? 'test-number' : isAttempts ? 'attempts' : 'sends');
  const closedWaitSeconds =
    closed === undefined ? 0 : deniedWaitSeconds(identity, settings, { phoneNumber, now });
  const retryAfterSeconds = Math.max(1, ownWaitSeconds, closedWaitSeconds);
  const [limits, times] = isAttempts ? [settings.attemptLimits, record.tried] : [sendLimits, record.sent];
  const limit = closed === undefined ? bindingLimit(limits, times, now) : undefined;
  const detail = limit && `${asking.lane}: ${limit.count} in ${limit.windowSeconds} s`;
  return { tag: 'too-many-requests', retryAfterSeconds, reason, ...(detail !== undefined && { detail }) };
}

/** The answer that there is no code for now. Nothing was sent, unless the caller adds a `requestId`. */
export function unavailable(
  reason: UnavailableReason,
  retryAfterSeconds: number,
): Extract<RequestOtpOutcome, { readonly tag: 'temporarily-unavailable' }> {
  return { tag: 'temporarily-unavailable', retryAfterSeconds, reason };
}

/**
 * Seconds until a number with these sends and attempts may ask again. The wait also covers the rest of `earlier`'s life.
 * The current limits ensure that anyway, but the limits that it was sent under may not have.
 */
function resendWaitSeconds(
  { sendLimits, attemptLimits }: Pick<Settings, 'sendLimits' | 'attemptLimits'>,
  { sent, tried, earlier }: Spent,
  now: number,
): number {
  const slotSeconds = isLive(earlier, now) ? toldSeconds(earlier.expiresAt - now, maxCodeLifetimeSeconds) : 0;
  return Math.max(waitSeconds(sendLimits, sent, now), waitSeconds(attemptLimits, tried, now), slotSeconds);
}
