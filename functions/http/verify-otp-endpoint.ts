/** verify-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import { codeSchema } from '../otp/code.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type { Verified, VerifyOtpOutcome } from '../otp/verify-otp-ports.ts';
import type { AccessToken } from '../tokens/access-token.ts';
import { type Answer, json } from './answer.ts';
import type { MessageCode } from './message-codes.ts';
import { problem } from './problem.ts';

/** The body. */
export const verifyOtpSchema = v.strictObject({ requestId: requestIdSchema, code: codeSchema });

interface Answering {
  /** The gateway's id of the request. */
  readonly instance: string;
  readonly sign: (verified: Verified) => Promise<AccessToken>;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** The answer to an outcome. A win is signed here, and nothing else is (RFC 6749, section 5.1, in camelCase). */
export async function verifyOtpAnswer(
  outcome: VerifyOtpOutcome,
  { instance, sign, now }: Answering,
): Promise<Answer> {
  switch (outcome.tag) {
    case 'verified': {
      const { jwt: accessToken, expiresAt } = await sign(outcome);
      return json(200, { accessToken, tokenType: 'Bearer', expiresInSeconds: expiresAt - now() });
    }
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

/** The message code of an outcome. */
export function verifyOtpCode(outcome: VerifyOtpOutcome): MessageCode {
  switch (outcome.tag) {
    case 'verified':
      return 'verify-otp.verified';
    case 'incorrect-code':
      return 'verify-otp.incorrect';
    case 'expired-code':
      return expiredCodes[outcome.reason];
    case 'too-many-attempts':
      return 'verify-otp.too-many-attempts';
    case 'temporarily-unavailable':
      return 'verify-otp.code-key-unknown';
  }
}

const expiredCodes = {
  forged: 'verify-otp.forged',
  'not-live': 'verify-otp.not-live',
  'lost-race': 'verify-otp.lost-race',
} as const;
