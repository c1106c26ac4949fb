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
import { askForCode, type UnknownDevice } from './ask-for-code.ts';
import { needsSession } from './caller.ts';
import { givenBack, unlessBegun } from './claim.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { askedHash } from './intention.ts';
import { openLanes } from './open-lanes.ts';
import { unavailable } from './request-otp-answers.ts';
import type { Asking, RequestOtp, RequestOtpOutcome, RequestOtpPorts, Taken } from './request-otp-ports.ts';

/** Runs the flow. Throws when a counter or an item cannot be reached; then nothing was sent. */
export async function requestOtp(ports: RequestOtpPorts, asked: RequestOtp): Promise<RequestOtpOutcome> {
  const { purpose, platform, context, idempotencyKey } = asked;
  const needs = { needsSession: needsSession(ports.settings, purpose), app: { platform } };
  const admission = await ports.admit(needs);
  if (admission.tag !== 'admitted') return admission;
  const caller = { subject: admission.subject, context };
  const now = ports.now();
  const phoneKey = phoneKeyOf(ports.identity, asked.phoneNumber);
  const intention = askedHash(ports.identity, { idempotencyKey, caller });
  const input = { ...asked, caller, isAttested: admission.isAttested, now, phoneKey, intention };

  const pausedSeconds = await ports.pausedSeconds();
  if (pausedSeconds > 0) return unlessBegun(ports, input, { refusal: unavailable('paused', pausedSeconds) });
  for (const asking of openLanes(ports, input)) {
    const outcome = await (asking.lane === 'device' ? askForCode : askAsStranger)(ports, asking);
    // A device that the number no longer knows asks as a stranger, if strangers may.
    if (outcome.tag !== 'unknown-device') return outcome;
  }
  return unlessBegun(ports, input, { refusal: unavailable('switched-off', budgetWaitSeconds(now)) });
}

/** Counts the address and the block of the number, then asks. A refusal and an answer that is given again spend neither. */
async function askAsStranger(
  ports: RequestOtpPorts,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const taken: Taken[] = [];
  for (const { reason, count } of ports.strangerCounters) {
    const counted = await count(asking.now);
    if (counted.tag === 'refused') {
      await giveBackCounts(ports, taken);
      return unlessBegun(ports, asking, { refusal: { ...counted, tag: 'too-many-requests', reason } });
    }
    taken.push(counted.taken);
  }
  const outcome = await askForCode(ports, asking);
  if (outcome.tag === 'accepted' && outcome.kind === 'replay') await giveBackCounts(ports, taken);
  return outcome;
}

async function giveBackCounts(ports: RequestOtpPorts, taken: readonly Taken[]): Promise<void> {
  await Promise.all(taken.map((one) => givenBack(ports, 'address', ports.giveBackCount(one))));
}
