/**
 * A code that has won: what the token will say, and what is noted besides. A stranger's win makes the device known and
 * counts for the conversion breaker; neither may cost the user the token, so a note that fails is only told.
 *
 * The same win always gives the same token and the same device token, however often it is answered.
 */

import type { Lane } from '../limits/lane.ts';
import type { Caller } from './caller.ts';
import { deviceHashOf, deviceTokenOf } from './device-token.ts';
import { keyedHash } from './keyed-hash.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { Verified, VerifyOtpPorts } from './verify-otp-ports.ts';

export interface Won {
  readonly lane: Lane;
  /** The lane that paid for the code that was typed: under an id of its own resend it may be another. */
  readonly paidBy: Lane;
  readonly phoneNumber: PhoneNumber;
  readonly phoneKey: string;
  readonly challengeId: string;
  readonly purpose: string;
  /** Whether the code was bound to the caller. */
  readonly needsSession: boolean;
  readonly caller: Caller;
  /** Epoch seconds. */
  readonly verifiedAt: number;
  /** An answer that is given again is not counted again. */
  readonly isReplay: boolean;
}

/** Lanes without a proof of an earlier sign-in. */
export function isStranger(lane: Lane): boolean {
  return lane === 'public' || lane === 'attested';
}

/** Notes a win and says what its token says. Never throws. */
export async function win(ports: VerifyOtpPorts, won: Won): Promise<Verified> {
  const { identity } = ports;
  const { lane, paidBy, phoneNumber, challengeId, purpose, needsSession, caller, verifiedAt, isReplay } = won;
  const [deviceToken] = await Promise.all([
    rememberDevice(ports, won),
    paidBy === 'public' && !isReplay ? ports.guesses.right(verifiedAt) : undefined,
  ]);
  return {
    tag: 'verified',
    phoneNumber,
    purpose,
    tokenId: keyedHash(identity.tokenId, [challengeId]),
    verifiedAt,
    caller: needsSession ? caller : {},
    isTest: lane === 'test',
    deviceToken,
  };
}

/** Makes the device known; writing again what is there already changes nothing. */
async function rememberDevice(
  { identity, settings, store, tell }: VerifyOtpPorts,
  { lane, phoneNumber, phoneKey, challengeId, verifiedAt: now }: Won,
): Promise<string | undefined> {
  if (!isStranger(lane) || settings.devicesPerNumber === 0) return undefined;
  try {
    await store.remember({ phoneKey, now, deviceHash: deviceHashOf(identity, challengeId) });
    return deviceTokenOf(identity, { challengeId, phoneNumber });
  } catch {
    tell('verify-otp.device-not-remembered');
    return undefined;
  }
}
