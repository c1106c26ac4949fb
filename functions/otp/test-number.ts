/**
 * A test number, for the review of an app and for CI: a fixed code instead of an SMS, in an item of its own. No limit
 * on addresses, no budget, no provider; its own quota of the day, and the guess limits of every other number, because
 * the code is as short. The token says `test: true`.
 */
import { refusedReserve, reserveUnknown } from './challenge.ts';
import type { TestNumber } from './controls.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { newChallenge } from './new-challenge.ts';
import { requestIdOf } from './request-id.ts';
import type { RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { reserve } from './reservation.ts';
import { toldSeconds } from './told-seconds.ts';

const lane = 'test';
const daySeconds = 86_400;

interface Asking {
  readonly testNumber: TestNumber;
  /** Epoch seconds: nothing of it works from here on. */
  readonly endsAt: number;
  readonly now: number;
}

/** Stores a challenge for the fixed code of a test number. */
export async function testChallenge(
  ports: RequestOtpPorts,
  input: RequestOtp,
  { testNumber: { code, perDay }, endsAt, now }: Asking,
): Promise<RequestOtpOutcome> {
  const { identity, settings } = ports;
  const { phoneNumber } = input;
  const phoneKey = phoneKeyOf(identity, phoneNumber);
  const drawn = newChallenge(ports, input, { lane, phoneKey, code, now });
  const challenge = { ...drawn, expiresAt: Math.min(drawn.expiresAt, endsAt) };
  const sendLimits = [{ count: perDay, windowSeconds: daySeconds }];
  const reserved = await reserve(ports, { lane, phoneKey, now, challenge, sendLimits });
  if (reserved.tag === 'unknown') return reserveUnknown;
  if (reserved.tag === 'refused') {
    const ofTests = { identity, settings: { ...settings, sendLimits } };
    const outcome = refusedReserve(ofTests, input, { ...reserved, challenge, now });
    return outcome.tag === 'too-many-requests' ? { ...outcome, reason: 'test-number' } : outcome;
  }
  return {
    tag: 'accepted',
    requestId: requestIdOf(identity.seal, challenge, phoneNumber),
    expiresInSeconds: toldSeconds(challenge.expiresAt - now, settings.codeLifetimeSeconds),
    resendAfterSeconds: 0,
    delivery: 'accepted',
    kind: 'test',
  };
}
