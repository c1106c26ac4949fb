/** A challenge that is not stored yet: its id, and what its code is bound to. */
import { boundParts, callerParts, needsSession } from './caller.ts';
import { type Code, hashCode } from './code.ts';
import { keyedHash } from './keyed-hash.ts';
import { itemPrefixes, type Lane } from './lane.ts';
import { type LatestChallenge, none } from './phone-record.ts';
import { drawChallengeId, openRequestId } from './request-id.ts';
import type { RequestOtp, RequestOtpPorts } from './request-otp-ports.ts';

/** Makes a challenge for `code`. It is the user's own resend where the request names an earlier one in the same item. */
export function newChallenge(
  { identity, codeKey, settings }: Pick<RequestOtpPorts, 'identity' | 'codeKey' | 'settings'>,
  { phoneNumber, purpose, idempotencyKey, previousRequestId, caller }: RequestOtp,
  { lane, phoneKey, code, now }: { lane: Lane; phoneKey: string; code: Code; now: number },
): LatestChallenge {
  const id = drawChallengeId();
  const previous = previousRequestId && openRequestId(identity.seal, previousRequestId);
  const isOwnResend = previous?.phoneNumber === phoneNumber && sharesItem(previous.lane, lane);
  const bound = boundParts(settings, purpose, caller);
  return {
    id,
    hash: hashCode(codeKey.key, { phoneKey, challengeId: id, purpose, bound }, code),
    keyVersion: codeKey.version,
    expiresAt: now + settings.codeLifetimeSeconds,
    purpose,
    idempotency:
      idempotencyKey === undefined
        ? none
        : keyedHash(identity.idempotency, ['request', idempotencyKey, ...callerParts(caller)]),
    lane,
    needsSession: needsSession(settings, purpose),
    after: isOwnResend ? previous.challengeId : none,
  };
}

function sharesItem(a: Lane, b: Lane): boolean {
  return itemPrefixes[a] === itemPrefixes[b];
}
