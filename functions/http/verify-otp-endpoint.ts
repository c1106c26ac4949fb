/** verify-otp over HTTP: what the body may be, and what each refusal looks like to the app. */
import * as v from 'valibot';
import { codeSchema } from '../otp/code.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type { Verified, VerifyOtpOutcome } from '../otp/verify-otp-ports.ts';
import { type Answer, json } from './answer.ts';
import { logDecision } from './log.ts';
import { problem } from './problem.ts';

/** The body. */
export const verifyOtpSchema = v.strictObject({ requestId: requestIdSchema, code: codeSchema });

/** The token's answer (RFC 6749, section 5.1, in camelCase). */
export function tokenAnswer({ jwt, expiresInSeconds }: { jwt: string; expiresInSeconds: number }): Answer {
  return json(200, { accessToken: jwt, tokenType: 'Bearer', expiresInSeconds });
}

/** The answer to every outcome that is not a win; `instance` is the gateway's id of the request. */
export function verifyOtpRefusal(outcome: Exclude<VerifyOtpOutcome, Verified>, instance: string): Answer {
  switch (outcome.tag) {
    case 'incorrect-code': {
      const { attemptsRemaining } = outcome;
      return problem(outcome.tag, instance, { detail: 'Check the code in the SMS.', attemptsRemaining });
    }
    case 'expired-code':
      return problem(outcome.tag, instance, { detail: 'Ask for a new code.' });
    case 'too-many-attempts': {
      const { retryAfterSeconds } = outcome;
      return problem(outcome.tag, instance, {
        detail: 'Wait before trying another code.',
        retryAfterSeconds,
      });
    }
    case 'temporarily-unavailable': {
      const { retryAfterSeconds } = outcome;
      return problem(outcome.tag, instance, { detail: 'Try again in a moment.', retryAfterSeconds });
    }
  }
}

/** The log line of an outcome; the number is known to nobody here but the flow. */
export function logVerifyOtp(outcome: VerifyOtpOutcome, requestId: string): void {
  logDecision({
    code: `verify-otp.${outcome.tag}`,
    requestId,
    reason: 'reason' in outcome ? outcome.reason : undefined,
  });
}
