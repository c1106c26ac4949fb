/** verify-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import { toldSeconds } from '../limits/told-seconds.ts';
import { contextSchema } from '../otp/caller.ts';
import { codeSchema } from '../otp/code.ts';
import { requestIdSchema } from '../otp/request-id.ts';
import type { Verified, VerifyOtp, VerifyOtpOutcome } from '../otp/verify-otp-ports.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import type { Settings } from '../settings/settings.ts';
import type { AccessToken } from '../tokens/access-token.ts';
import { admissionAnswer, admissionCodes } from './admission-endpoint.ts';
import { type Answer, json } from './answer.ts';
import { problem } from './problem.ts';

/** What a valid body says. */
type VerifyOtpBody = Pick<VerifyOtp, 'requestId' | 'code' | 'context'>;

/** The body; the context of an approval comes again, where there may be one. */
export function verifyOtpSchema({
  session,
}: Pick<Settings, 'session'>): v.GenericSchema<unknown, VerifyOtpBody> {
  const members = v.strictObject({ requestId: requestIdSchema, code: codeSchema });
  if (session === undefined) return members;
  return v.strictObject({ ...members.entries, context: v.optional(contextSchema) });
}

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
      const { jwt: accessToken, expiresAt, lifetimeSeconds } = await sign(outcome);
      const { deviceToken } = outcome;
      return json(200, {
        accessToken,
        tokenType: 'Bearer',
        expiresInSeconds: toldSeconds(expiresAt - now(), lifetimeSeconds),
        ...(deviceToken === undefined ? {} : { deviceToken }),
      });
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
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return admissionAnswer(outcome, instance);
  }
}

/** The message code of an outcome. */
export function verifyOtpCode(outcome: VerifyOtpOutcome): MessageCode {
  switch (outcome.tag) {
    case 'verified':
      return outcome.isTest ? 'verify-otp.test-number' : 'verify-otp.verified';
    case 'incorrect-code':
      return 'verify-otp.incorrect';
    case 'expired-code':
      return expiredCodes[outcome.reason];
    case 'too-many-attempts':
      return outcome.reason === 'number' ? 'verify-otp.too-many-attempts' : 'verify-otp.slowed';
    case 'temporarily-unavailable':
      return 'verify-otp.code-key-unknown';
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return admissionCodes[outcome.tag];
  }
}

const expiredCodes = {
  forged: 'verify-otp.forged',
  'not-live': 'verify-otp.not-live',
  'lost-race': 'verify-otp.lost-race',
  outdated: 'verify-otp.outdated',
} as const;

/** What the log says besides, where the code alone does not tell. */
export function verifyOtpReason(outcome: VerifyOtpOutcome): { readonly reason?: string } {
  switch (outcome.tag) {
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return { reason: outcome.reason };
    case 'verified':
    case 'incorrect-code':
    case 'expired-code':
    case 'too-many-attempts':
    case 'temporarily-unavailable':
      return {};
  }
}
