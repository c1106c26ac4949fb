/**
 * request-otp: who asks, in which lane, and whether anybody may at all; then the challenge of that lane.
 *
 * A device that the number knows comes first and by a lane of its own, past everything that strangers can spend. A
 * stranger's request is counted for its address, and for the block of its number where the settings say so. Whoever
 * is denied is answered like whoever has spent a limit.
 */
import { budgetWaitSeconds } from './budget.ts';
import { askInLane } from './challenge.ts';
import { deniedWaitSeconds, isDenied, testNumberEndsAt, testNumberOf } from './controls.ts';
import { openDeviceToken } from './device-token.ts';
import type { LimitReason, RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { testChallenge } from './test-number.ts';

/** Runs the flow. Throws when a counter cannot be reached; then nothing was sent. */
export async function requestOtp(ports: RequestOtpPorts, input: RequestOtp): Promise<RequestOtpOutcome> {
  const now = ports.now();
  const { controls, settings, identity } = ports;
  const { phoneNumber, deviceToken, isAttested } = input;
  const denied = (reason: LimitReason): RequestOtpOutcome => ({
    tag: 'too-many-requests',
    retryAfterSeconds: deniedWaitSeconds(identity, settings, { phoneNumber, now }),
    reason,
  });

  const testNumber = testNumberOf(controls, phoneNumber);
  if (testNumber !== undefined) {
    const endsAt = testNumberEndsAt(settings, testNumber);
    return now < endsAt ? testChallenge(ports, input, { testNumber, endsAt, now }) : denied('test-number');
  }
  if (isDenied(controls, phoneNumber)) return denied('denied');
  const pausedSeconds = await ports.pausedSeconds();
  if (pausedSeconds > 0) {
    return { tag: 'temporarily-unavailable', retryAfterSeconds: pausedSeconds, reason: 'paused' };
  }
  const switchedOff = {
    tag: 'temporarily-unavailable',
    retryAfterSeconds: budgetWaitSeconds(now),
    reason: 'switched-off',
  } as const;
  if (controls.sending === 'nobody') return switchedOff;

  const deviceHash =
    deviceToken === undefined || settings.devicesPerNumber === 0
      ? undefined
      : openDeviceToken(identity, deviceToken, phoneNumber);
  if (deviceHash !== undefined) {
    const outcome = await askInLane(ports, input, { lane: 'device', deviceHash, now });
    if (outcome.tag !== 'unknown-device') return outcome;
  }
  if (controls.sending === 'returning-devices') return switchedOff;
  for (const [reason, count] of [
    ['address', ports.countAddress],
    ['block', ports.countBlock],
  ] as const) {
    const counted = await count?.(now);
    if (counted?.tag === 'refused') {
      return { tag: 'too-many-requests', retryAfterSeconds: counted.retryAfterSeconds, reason };
    }
  }
  return askInLane(ports, input, { lane: isAttested ? 'attested' : 'public', now });
}
