/** A challenge that is not stored yet: its id, and what its code is bound to. */

import { itemLaneOf, type Lane } from '../limits/lane.ts';
import { boundParts, needsSession } from './caller.ts';
import { type Code, hashCode } from './code.ts';
import { askedHash } from './intention.ts';
import { type LatestChallenge, none } from './number-record.ts';
import { drawChallengeId, openRequestId } from './request-id.ts';
import type { Admitted, RequestOtpPorts } from './request-otp-ports.ts';

/** Makes a challenge for `code`. It is a resend where the request names an earlier challenge in the same item. */
export function newChallenge(
  { identity, codeKey, settings }: Pick<RequestOtpPorts, 'identity' | 'codeKey' | 'settings'>,
  input: Admitted,
  { lane, phoneKey, code, now }: { lane: Lane; phoneKey: string; code: Code; now: number },
): LatestChallenge {
  const { phoneNumber, purpose, previousRequestId, caller } = input;
  const id = drawChallengeId();
  const previous = previousRequestId && openRequestId(identity.seal, previousRequestId);
  const isOwnResend = previous?.phoneNumber === phoneNumber && itemLaneOf(previous.lane) === itemLaneOf(lane);
  const session = { needsSession: needsSession(settings, purpose) };
  const bound = boundParts(session, caller);
  return {
    id,
    hash: hashCode(codeKey.key, { phoneKey, challengeId: id, purpose, bound }, code),
    keyVersion: codeKey.version,
    expiresAt: now + settings.codeLifetimeSeconds,
    purpose,
    idempotency: askedHash(identity, input),
    lane,
    ...session,
    after: isOwnResend ? previous.challengeId : none,
  };
}
