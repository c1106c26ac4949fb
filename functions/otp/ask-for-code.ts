/**
 * One challenge in one lane, from beginning to end. The flow claims the intention (reserve, and mark), counts the budget,
 * sends, and answers. A step that refuses stops the rest.
 *
 * It reserves before it sends, so that parallel requests cannot buy two SMS. If certainly no SMS left, it releases the
 * reservation, so that an outage costs the user no quota. A send that may have happened stays counted.
 */
import { budgetWaitSeconds } from '../limits/budget.ts';
import { itemLaneOf } from '../limits/lane.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { claim, givenBack, release, unlessBegun } from './claim.ts';
import { type Code, drawCode } from './code.ts';
import { keyedHash } from './keyed-hash.ts';
import { newChallenge } from './new-challenge.ts';
import { knowsDevice, type PhoneRecord } from './number-record.ts';
import { accepted, answerAgain, answerOf, limited, unavailable } from './request-otp-answers.ts';
import type { Asking, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import type { Reservation } from './reservation.ts';

/** Nothing was written, because the number no longer knows the device. */
export interface UnknownDevice {
  readonly tag: 'unknown-device';
}

/** Asks for a code in a lane. Only the device lane answers `unknown-device`. */
export async function askForCode(
  ports: RequestOtpPorts,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const { lane, phoneKey, now, closed } = asking;
  const test = lane === 'test' ? asking.test : undefined;
  const code = test?.code ?? drawCode();
  const claimed = await claim(ports, {
    lane,
    phoneKey,
    now,
    challenge: newChallenge(ports, asking, code),
    deviceHash: lane === 'device' ? asking.deviceHash : undefined,
    sendLimits: test?.sendLimits,
    isClosed: closed !== undefined,
  });
  switch (claimed.tag) {
    case 'unknown':
      return unavailable('reserve-unknown', retryAfterFaultSeconds);
    case 'begun':
      return answerAgain(ports, asking, claimed);
    case 'refused':
      return refuse(ports, asking, claimed.record);
    case 'claimed':
      return spend(ports, asking, { code, reservation: claimed.reservation });
  }
}

/** Answers a refused reserve. A device that was refused must stay unknown, also under later settings that remember more. */
async function refuse(
  ports: RequestOtpPorts,
  asking: Asking,
  record: PhoneRecord,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const { lane, phoneKey, now } = asking;
  const { devicesPerNumber } = ports.settings;
  if (lane === 'device' && !knowsDevice(record, { ...asking, devicesPerNumber })) {
    const isPast = record.devices.length > devicesPerNumber;
    if (isPast) await ports.store.forget({ phoneKey, now }).catch(() => undefined);
    return { tag: 'unknown-device' };
  }
  const refusal = limited(ports, asking, record);
  // In the public item, the marks have already told what began in the others.
  return itemLaneOf(lane) === 'public' ? refusal : unlessBegun(ports, asking, { refusal, except: lane });
}

/** Counts the budget and sends. A test number is refused when the strangers' budget is spent, but spends and sends nothing. */
async function spend(
  ports: RequestOtpPorts,
  asking: Asking,
  { code, reservation }: { readonly code: Code; readonly reservation: Reservation },
): Promise<RequestOtpOutcome> {
  const { lane, now, phoneNumber, purpose, platform, locale } = asking;
  const { challenge } = reservation;
  const counted = await ports.countBudget(lane, now).catch(async (error: unknown) => {
    await release(ports, reservation, 'nothing');
    throw error;
  });
  if (counted.tag === 'refused') {
    await release(ports, reservation, 'nothing');
    const reason = counted.reason === 'conversion' ? 'conversion' : 'budget';
    return { ...unavailable(reason, budgetWaitSeconds(now)), detail: `${lane} ${counted.reason}` };
  }
  if (counted.isUnproven) ports.tell('request-otp.unproven');
  if (lane === 'test') {
    const told = { phoneNumber, challenge, spent: reservation, now } as const;
    return accepted(ports, { ...told, delivery: 'accepted', kind: 'test' });
  }
  const sendId = keyedHash(ports.identity.idempotency, ['send', challenge.id]);
  const sent = await ports.send({ phoneNumber, code, purpose, platform, locale, sendId });
  const answer = answerOf(sent, ports, { phoneNumber, reservation, now: ports.now() });
  if (sent.tag === 'refused' || sent.tag === 'number-limited') {
    await Promise.all([
      release(ports, reservation, sent.tag === 'refused' ? 'nothing' : 'send'),
      givenBack(ports, 'budget', ports.giveBackBudget(lane, now)),
    ]);
  }
  return { ...answer, providerLatencyMs: sent.latencyMs, messageId: sent.messageId };
}
