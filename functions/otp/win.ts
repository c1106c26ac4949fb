/**
 * What follows when a code has won. It gives what the token will say. A stranger's win also makes the device known and
 * counts for the conversion breaker. If one of these two writes fails, the flow logs it, and the user still gets the token.
 *
 * The same win always gives the same token id and the same device token, however often it is answered.
 */

import type { Lane } from '../limits/lane.ts';
import type { Caller } from './caller.ts';
import { deviceHashOf, deviceTokenOf } from './device-token.ts';
import { keyedHash } from './keyed-hash.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { Verified, VerifyOtpPorts } from './verify-otp-ports.ts';

export interface Won {
  readonly lane: Lane;
  /** The lane that paid for the code that the user typed. It can differ from `lane` when the id is that of a resend. */
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
  /** Whether the answer is given again. It is then not counted again. */
  readonly isReplay: boolean;
}

/** Whether a lane has no proof of an earlier sign-in. */
export function isStranger(lane: Lane): boolean {
  return lane === 'public' || lane === 'attested';
}

/** Records a win and gives what its token says. Never throws. */
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

/** Makes the device known. Repeating it changes nothing. */
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
