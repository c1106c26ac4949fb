/**
 * What the provider's outcome means to the app, and what is given back. What is certain not to have been sent is; what
 * may have been sent stays counted.
 */
import type { Lane } from '../limits/lane.ts';
import { toldSeconds } from '../limits/told-seconds.ts';
import { retryAfterFaultSeconds } from '../settings/fixed-numbers.ts';
import { requestIdOf } from './request-id.ts';
import type { RequestOtp, RequestOtpOutcome, RequestOtpPorts } from './request-otp-ports.ts';
import { givenBack, type Reservation, release, resendWaitSeconds } from './reservation.ts';
import type { SendOutcome } from './send-outcome.ts';

interface Sent {
  readonly phoneNumber: RequestOtp['phoneNumber'];
  readonly reservation: Reservation;
  readonly lane: Lane;
}

/** Answers a send, after giving back what it did not use. */
export async function answerSend(
  ports: RequestOtpPorts,
  { phoneNumber, reservation, lane }: Sent,
  sent: SendOutcome,
): Promise<RequestOtpOutcome> {
  const { challenge, reservedAt } = reservation;
  const requestId = requestIdOf(ports.identity.seal, challenge, phoneNumber);
  const now = ports.now();
  const resendAfterSeconds = resendWaitSeconds(
    ports.settings,
    { ...reservation, earlier: reservation.before?.latest },
    now,
  );
  const giveBack = (keeps: 'nothing' | 'send'): Promise<unknown> =>
    Promise.all([
      release(ports, reservation, keeps),
      givenBack(ports, 'budget', ports.giveBackBudget(lane, reservedAt)),
    ]);
  switch (sent.tag) {
    case 'accepted':
    case 'unconfirmed': {
      const expiresInSeconds = toldSeconds(challenge.expiresAt - now, ports.settings.codeLifetimeSeconds);
      return {
        tag: 'accepted',
        requestId,
        expiresInSeconds,
        resendAfterSeconds,
        delivery: sent.tag,
        kind: 'sent',
      };
    }
    case 'failed': {
      const retryAfterSeconds = Math.max(
        sent.retryAfterSeconds ?? retryAfterFaultSeconds,
        resendAfterSeconds,
      );
      return { tag: 'temporarily-unavailable', retryAfterSeconds, requestId, reason: 'provider-failed' };
    }
    case 'refused': {
      await giveBack('nothing');
      const retryAfterSeconds = sent.retryAfterSeconds ?? retryAfterFaultSeconds;
      return { tag: 'temporarily-unavailable', retryAfterSeconds, reason: `provider-${sent.cause}` };
    }
    case 'number-limited': {
      await giveBack('send');
      const retryAfterSeconds = Math.max(sent.retryAfterSeconds, resendAfterSeconds);
      return { tag: 'too-many-requests', retryAfterSeconds, reason: 'provider-number-limit' };
    }
  }
}
