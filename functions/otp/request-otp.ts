/**
 * request-otp: who asks, in which lane, and whether anybody may at all; then the challenge of that lane.
 *
 * Every check comes for everybody in one order: the provider's pause, the kill switch, the returning device, the client
 * address, the block of the number, the number's own limits, the budget. A denied number is refused where the limits of
 * a number are, by the same calls; a test number is refused wherever any other number is.
 *
 * A device that the number knows has a lane of its own, past everything that strangers can spend.
 */
import { budgetWaitSeconds } from '../limits/budget.ts';
import { type Asking, askInLane } from './ask-for-code.ts';
import { isDenied } from './controls.ts';
import { openDeviceToken } from './device-token.ts';
import { begunOr } from './intention.ts';
import type { RequestOtp, RequestOtpOutcome, RequestOtpPorts, Taken } from './request-otp-ports.ts';
import { givenBack } from './reservation.ts';
import { type TestLane, testLaneOf } from './test-number.ts';

/** Runs the flow. Throws when a counter or an item cannot be reached; then nothing was sent. */
export async function requestOtp(ports: RequestOtpPorts, input: RequestOtp): Promise<RequestOtpOutcome> {
  const now = ports.now();
  const { controls } = ports;
  const pausedSeconds = await ports.pausedSeconds();
  if (pausedSeconds > 0) {
    const paused = {
      tag: 'temporarily-unavailable',
      retryAfterSeconds: pausedSeconds,
      reason: 'paused',
    } as const;
    return begunOr(ports, input, { now, refusal: paused });
  }
  const switchedOff = {
    tag: 'temporarily-unavailable',
    retryAfterSeconds: budgetWaitSeconds(now),
    reason: 'switched-off',
  } as const;
  if (controls.sending === 'nobody') return begunOr(ports, input, { now, refusal: switchedOff });

  const { test, closed } = standingOf(ports, input, now);
  const deviceHash = test === undefined ? deviceHashOf(ports, input) : undefined;
  if (deviceHash !== undefined) {
    const outcome = await askInLane(ports, input, { lane: 'device', deviceHash, closed, now });
    if (outcome.tag !== 'unknown-device') return outcome;
  }
  if (controls.sending === 'returning-devices') return begunOr(ports, input, { now, refusal: switchedOff });
  return askAsStranger(
    ports,
    input,
    test === undefined
      ? { lane: input.isAttested ? 'attested' : 'public', closed, now }
      : { lane: 'test', test, closed, now },
  );
}

/** What the controls say of the number: whether it is a test number, and why it gets no code, if it gets none. */
function standingOf(
  ports: RequestOtpPorts,
  { phoneNumber }: RequestOtp,
  now: number,
): { readonly test?: TestLane | undefined; readonly closed?: Asking['closed'] } {
  const test = testLaneOf(ports, phoneNumber, now);
  if (isDenied(ports.controls, phoneNumber)) return { closed: 'denied' };
  return test === 'over' ? { closed: 'test-number' } : { test };
}

/** The hash of the device that asks, if it holds a token of this number. */
function deviceHashOf(
  { settings, identity }: RequestOtpPorts,
  { deviceToken, phoneNumber }: RequestOtp,
): string | undefined {
  if (deviceToken === undefined || settings.devicesPerNumber === 0) return undefined;
  return openDeviceToken(identity, deviceToken, phoneNumber);
}

/** Counts the address and the block of the number, then asks. An answer that is given again costs neither. */
async function askAsStranger(
  ports: RequestOtpPorts,
  input: RequestOtp,
  asking: Exclude<Asking, { readonly lane: 'device' }>,
): Promise<RequestOtpOutcome> {
  const { now } = asking;
  const taken: Taken[] = [];
  for (const [reason, count] of [
    ['address', ports.countAddress],
    ['block', ports.countBlock],
  ] as const) {
    const counted = await count?.(now);
    if (counted?.tag === 'counted') taken.push(counted.taken);
    if (counted?.tag === 'refused') {
      const { retryAfterSeconds } = counted;
      await giveBackCounts(ports, taken);
      return begunOr(ports, input, { now, refusal: { tag: 'too-many-requests', retryAfterSeconds, reason } });
    }
  }
  const outcome = await askInLane(ports, input, asking);
  if (outcome.tag === 'accepted' && outcome.kind === 'replay') await giveBackCounts(ports, taken);
  return outcome;
}

async function giveBackCounts(ports: RequestOtpPorts, taken: readonly Taken[]): Promise<void> {
  await Promise.all(taken.map((one) => givenBack(ports, 'address', ports.giveBackCount(one))));
}
