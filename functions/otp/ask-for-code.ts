/**
 * One challenge in one lane, from beginning to end. The flow claims the intention (reserve, and mark), counts the budget,
 * sends, and answers. A step that refuses stops the rest.
 *
 * It reserves before it sends, so that parallel requests cannot buy two SMS. If certainly no SMS left, it releases the
 * reservation, so that an outage costs the user no quota. A send that may have happened stays counted.
 *
 * The file is long because it holds one flow, read from top to bottom.
 */
import { budgetWaitSeconds } from '../limits/budget.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { type Code, drawCode } from './code.ts';
import { phoneKeyOf } from './identity-keys.ts';
import { answerAgain } from './intention.ts';
import { keyedHash } from './keyed-hash.ts';
import { newChallenge } from './new-challenge.ts';
import { requestIdOf } from './request-id.ts';
import { accepted, limited, resendWaitSeconds, unavailable } from './request-otp-answers.ts';
import type { Admitted, Asking, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { claim, givenBack, type Reservation, release, type UnknownDevice } from './reservation.ts';
import type { Sent } from './send-outcome.ts';

/** Asks for a code in a lane. Only the device lane answers `unknown-device`. */
export async function askForCode(
  ports: RequestOtpPorts,
  input: Admitted,
  asking: Asking,
): Promise<RequestOtpOutcome | UnknownDevice> {
  const { lane, now, closed } = asking;
  const test = lane === 'test' ? asking.test : undefined;
  const phoneKey = phoneKeyOf(ports.identity, input.phoneNumber);
  const code = test?.code ?? drawCode();
  const drawn = newChallenge(ports, input, { lane, phoneKey, code, now });
  const challenge = { ...drawn, expiresAt: Math.min(drawn.expiresAt, test?.endsAt ?? drawn.expiresAt) };
  const claimed = await claim(ports, input, {
    lane,
    phoneKey,
    now,
    challenge,
    deviceHash: lane === 'device' ? asking.deviceHash : undefined,
    sendLimits: test?.sendLimits,
    isClosed: closed !== undefined,
  });
  switch (claimed.tag) {
    case 'unknown':
      return unavailable('reserve-unknown', retryAfterFaultSeconds);
    case 'unknown-device':
      return claimed;
    case 'begun':
      return answerAgain(ports, input, { ...claimed.begun, now });
    case 'refused':
      return limited(ports, { ...input, ...asking }, claimed.record);
    case 'claimed':
      return spend(ports, input, { code, reservation: claimed.reservation });
  }
}

interface Reserved {
  readonly code: Code;
  readonly reservation: Reservation;
}

/** Counts the budget and sends. A test number is refused when the strangers' budget is spent, but spends and sends nothing. */
async function spend(
  ports: RequestOtpPorts,
  input: Admitted,
  { code, reservation }: Reserved,
): Promise<RequestOtpOutcome> {
  const { lane, challenge, reservedAt: now } = reservation;
  const { phoneNumber, purpose, platform, locale } = input;
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
  const answer = await answerSend(ports, { phoneNumber, reservation }, sent);
  return { ...answer, providerLatencyMs: sent.latencyMs };
}

/** Answers a send, after it gives back the counts that the send did not use. */
async function answerSend(
  ports: RequestOtpPorts,
  { phoneNumber, reservation }: Pick<Admitted, 'phoneNumber'> & Pick<Reserved, 'reservation'>,
  sent: Sent,
): Promise<RequestOtpOutcome> {
  const { lane, challenge, reservedAt, before } = reservation;
  const now = ports.now();
  const spent = { ...reservation, earlier: before?.latest };
  const told = { phoneNumber, challenge, spent, now, kind: 'sent' } as const;
  const waitFor = (seconds: number): number =>
    Math.max(seconds, resendWaitSeconds(ports.settings, spent, now));
  const giveBack = (keeps: 'nothing' | 'send'): Promise<unknown> =>
    Promise.all([
      release(ports, reservation, keeps),
      givenBack(ports, 'budget', ports.giveBackBudget(lane, reservedAt)),
    ]);
  switch (sent.tag) {
    case 'accepted':
    case 'unconfirmed':
      return accepted(ports, { ...told, delivery: sent.tag });
    case 'failed': {
      const requestId = requestIdOf(ports.identity.seal, challenge, phoneNumber);
      const retryAfterSeconds = waitFor(sent.retryAfterSeconds ?? retryAfterFaultSeconds);
      return { ...unavailable('provider-failed', retryAfterSeconds), requestId };
    }
    case 'refused':
      await giveBack('nothing');
      return unavailable(`provider-${sent.cause}`, sent.retryAfterSeconds ?? retryAfterFaultSeconds);
    case 'number-limited': {
      await giveBack('send');
      const retryAfterSeconds = waitFor(sent.retryAfterSeconds);
      return { tag: 'too-many-requests', retryAfterSeconds, reason: 'provider-number-limit' };
    }
  }
}
