/**
 * The flow of request-otp. It admits the caller, finds their lane, and then asks for a code in that lane.
 *
 * Every request passes the same checks in the same order: admission, the provider's pause, the kill switch, the returning
 * device, the client address, the block of the number, the number's own limits, the budget. A denied number is refused
 * where the number's limits are, with the same calls. A test number passes the same checks as any other.
 *
 * A device that the number knows has a lane of its own, which strangers cannot spend.
 */
import { budgetWaitSeconds } from '../limits/budget.ts';
import { askForCode } from './ask-for-code.ts';
import { needsSession } from './caller.ts';
import { isDenied } from './controls.ts';
import { openDeviceToken } from './device-token.ts';
import { begunOr } from './intention.ts';
import { unavailable } from './request-otp-answers.ts';
import type {
  Admitted,
  Asking,
  RequestOtp,
  RequestOtpOutcome,
  RequestOtpPorts,
  Taken,
} from './request-otp-ports.ts';
import { givenBack, type UnknownDevice } from './reservation.ts';
import { testLaneOf } from './test-number.ts';

/** Runs the flow. Throws when a counter or an item cannot be reached; then nothing was sent. */
export async function requestOtp(ports: RequestOtpPorts, asked: RequestOtp): Promise<RequestOtpOutcome> {
  const { purpose, platform, context } = asked;
  const needs = { needsSession: needsSession(ports.settings, purpose), app: { platform } };
  const admission = await ports.admit(needs);
  if (admission.tag !== 'admitted') return admission;
  const { subject, isAttested } = admission;
  const input = { ...asked, caller: { subject, context }, isAttested };

  const now = ports.now();
  const pausedSeconds = await ports.pausedSeconds();
  if (pausedSeconds > 0) return begunOr(ports, input, { now, refusal: unavailable('paused', pausedSeconds) });
  for (const asking of lanesOpenTo(ports, input, now)) {
    const ask = asking.lane === 'device' ? askForCode : askAsStranger;
    const outcome = await ask(ports, input, asking);
    // A device that the number no longer knows asks as a stranger, if strangers may.
    if (outcome.tag !== 'unknown-device') return outcome;
  }
  return begunOr(ports, input, { now, refusal: unavailable('switched-off', budgetWaitSeconds(now)) });
}

/** The lanes that a request may ask in, in order: first as a device, then as a stranger. */
function lanesOpenTo(ports: RequestOtpPorts, input: Admitted, now: number): readonly Asking[] {
  const { sending } = ports.controls;
  const testLane = testLaneOf(ports, input.phoneNumber, now);
  const isDeniedNumber = isDenied(ports.controls, input.phoneNumber);
  const closed = isDeniedNumber ? 'denied' : testLane === 'over' ? 'test-number' : undefined;
  const test = closed === undefined && testLane !== 'over' ? testLane : undefined;
  const deviceHash = test === undefined ? deviceHashOf(ports, input) : undefined;
  const lanes: Asking[] = [];
  if (sending !== 'nobody' && deviceHash !== undefined)
    lanes.push({ lane: 'device', deviceHash, closed, now });
  if (sending !== 'everybody') return lanes;
  if (test !== undefined) return [...lanes, { lane: 'test', test, closed, now }];
  return [...lanes, { lane: input.isAttested ? 'attested' : 'public', closed, now }];
}

/** The hash of the device that asks, if it holds a token of this number. */
function deviceHashOf(
  { settings, identity }: RequestOtpPorts,
  { deviceToken, phoneNumber }: Admitted,
): string | undefined {
  if (deviceToken === undefined || settings.devicesPerNumber === 0) return undefined;
  return openDeviceToken(identity, deviceToken, phoneNumber);
}

/** Counts the address and the block of the number, then asks. An answer that is given again spends neither. */
async function askAsStranger(
  ports: RequestOtpPorts,
  input: Admitted,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice> {
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
  const outcome = await askForCode(ports, input, asking);
  if (outcome.tag === 'accepted' && outcome.kind === 'replay') await giveBackCounts(ports, taken);
  return outcome;
}

async function giveBackCounts(ports: RequestOtpPorts, taken: readonly Taken[]): Promise<void> {
  await Promise.all(taken.map((one) => givenBack(ports, 'address', ports.giveBackCount(one))));
}
