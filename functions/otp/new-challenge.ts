/** A challenge that is not stored yet: its id, and what its code is bound to. */
import { itemLaneOf } from '../limits/lane.ts';
import { boundParts, needsSession } from './caller.ts';
import { type Code, hashCode } from './code.ts';
import { type LatestChallenge, none } from './number-record.ts';
import { drawChallengeId, openRequestId } from './request-id.ts';
import type { Asking, RequestOtpPorts } from './request-otp-ports.ts';

/**
 * Makes a challenge for `code`. It is a resend where the request names an earlier challenge in the same item. The code of a
 * test number works until the number's last day ends.
 */
export function newChallenge(
  { identity, codeKey, settings }: Pick<RequestOtpPorts, 'identity' | 'codeKey' | 'settings'>,
  asking: Asking,
  code: Code,
): LatestChallenge {
  const { lane, phoneKey, phoneNumber, purpose, previousRequestId, caller, now } = asking;
  const id = drawChallengeId();
  const previous = previousRequestId && openRequestId(identity.seal, previousRequestId);
  const isOwnResend = previous?.phoneNumber === phoneNumber && itemLaneOf(previous.lane) === itemLaneOf(lane);
  const session = { needsSession: needsSession(settings, purpose) };
  const bound = boundParts(session, caller);
  const expiresAt = now + settings.codeLifetimeSeconds;
  return {
    id,
    hash: hashCode(codeKey.key, { phoneKey, challengeId: id, purpose, bound }, code),
    keyVersion: codeKey.version,
    expiresAt: lane === 'test' ? Math.min(expiresAt, asking.test.endsAt) : expiresAt,
    purpose,
    idempotency: asking.intention,
    lane,
    ...session,
    after: isOwnResend ? previous.challengeId : none,
  };
}
