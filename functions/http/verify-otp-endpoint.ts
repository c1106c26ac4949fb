/** verify-otp over HTTP: what the body may be, and what each outcome looks like to the app and in the log. */
import * as v from 'valibot';
import { toldSeconds } from '../limits/told-seconds.ts';
import { contextSchema } from '../otp/caller.ts';
import { codeSchema } from '../otp/code.ts';
import { type RequestId, requestIdSchema } from '../otp/request-id.ts';
import type { Verified, VerifyOtp, VerifyOtpOutcome } from '../otp/verify-otp-ports.ts';
import { noList } from '../settings/no-list.ts';
import type { Settings } from '../settings/settings.ts';
import type { AccessToken } from '../tokens/access-token.ts';
import { presentAdmission } from './admission-endpoint.ts';
import { json, type Presented } from './answer.ts';
import { problem } from './problem.ts';

/**
 * Asks for a session. The label is the app's name for the device, which the user sees in the list of sessions. Its alphabet
 * has nothing that a screen hides, reorders or shows as another character. A stack without sessions takes the member, too, so
 * that an app need not know.
 */
export const sessionWishMembers = v.strictObject({
  label: v.optional(
    v.pipe(
      v.string('expected a string'),
      v.regex(/^[A-Za-z0-9 ._-]{1,24}$/, 'expected 1 to 24 of the characters A-Z a-z 0-9 . _ - and space'),
    ),
  ),
});

const sessionWishSchema = v.pipe(v.unknown(), noList, sessionWishMembers);

/** What a valid body says. */
export type VerifyOtpBody = Pick<VerifyOtp, 'code' | 'context'> & {
  readonly requestId: RequestId;
  readonly session?: v.InferOutput<typeof sessionWishSchema> | undefined;
};

/** The body; the context of an approval comes again, where there may be one. */
export function verifyOtpSchema({
  session,
}: Pick<Settings, 'session'>): v.GenericSchema<unknown, VerifyOtpBody> {
  const members = v.strictObject({
    requestId: requestIdSchema,
    code: codeSchema,
    session: v.optional(sessionWishSchema),
  });
  if (session === undefined) return members;
  return v.strictObject({ ...members.entries, context: v.optional(contextSchema) });
}

/** What a win is worth. */
export interface Granted extends AccessToken {
  /** What the answer says of the session that it started. */
  readonly members?: SessionMembers | undefined;
}

/** The members of an answer about its session. `null`: there should be one, and the app may ask again. */
export type SessionMembers =
  | { readonly refreshToken: null }
  | {
      readonly refreshToken: string;
      /** How long the session lives without a refresh. */
      readonly sessionExpiresInSeconds: number;
      /** How many other sessions the number has. */
      readonly otherSessions: number;
    };

interface Answering {
  /** The gateway's id of the request. */
  readonly instance: string;
  readonly sign: (verified: Verified) => Promise<Granted>;
  /** Epoch seconds. */
  readonly now: () => number;
}

const expiredCodes = {
  forged: 'verify-otp.forged',
  'not-live': 'verify-otp.not-live',
  'lost-race': 'verify-otp.lost-race',
  outdated: 'verify-otp.outdated',
} as const;

/**
 * The answer and the log line for an outcome. Only a win is signed here (RFC 6749, section 5.1, in camelCase).
 */
export async function presentVerifyOtp(
  outcome: VerifyOtpOutcome,
  { instance, sign, now }: Answering,
): Promise<Presented> {
  switch (outcome.tag) {
    case 'verified': {
      const { jwt: accessToken, expiresAt, lifetimeSeconds, members } = await sign(outcome);
      const { deviceToken, isTest } = outcome;
      const expiresInSeconds = toldSeconds(expiresAt - now(), lifetimeSeconds);
      const device = deviceToken === undefined ? {} : { deviceToken };
      return {
        answer: json(200, { accessToken, tokenType: 'Bearer', expiresInSeconds, ...device, ...members }),
        code: isTest ? 'verify-otp.test-number' : 'verify-otp.verified',
      };
    }
    case 'incorrect-code': {
      const { attemptsRemaining } = outcome;
      const detail = 'Check the code in the SMS.';
      const answer = problem(outcome.tag, instance, { detail, attemptsRemaining });
      return { answer, code: 'verify-otp.incorrect' };
    }
    case 'expired-code': {
      const answer = problem(outcome.tag, instance, { detail: 'Ask for a new code.' });
      return { answer, code: expiredCodes[outcome.reason] };
    }
    case 'too-many-attempts': {
      const { retryAfterSeconds, reason } = outcome;
      const detail = 'Wait before trying another code.';
      const answer = problem(outcome.tag, instance, { detail, retryAfterSeconds });
      return { answer, code: reason === 'number' ? 'verify-otp.too-many-attempts' : 'verify-otp.slowed' };
    }
    case 'temporarily-unavailable': {
      const { retryAfterSeconds } = outcome;
      const answer = problem(outcome.tag, instance, { detail: 'Try again in a moment.', retryAfterSeconds });
      return { answer, code: 'verify-otp.code-key-unknown' };
    }
    case 'unauthorized':
    case 'app-not-attested':
    case 'keys-unavailable':
      return presentAdmission(outcome, instance);
  }
}
