/**
 * `POST /auth/sessions`: the sessions of a number, for the holder of one of them, who may end others. What the body may be,
 * and what each outcome looks like to the app and in the log.
 */
import * as v from 'valibot';
import type { SessionListOutcome } from '../sessions/session-ports.ts';
import { maxSessionsPerNumber } from '../settings/session-settings.ts';
import { json } from './answer.ts';
import { oauthError } from './oauth-error.ts';
import { invalidCode, presentUnavailable, type SessionAnswer } from './session-endpoint.ts';

const refreshToken = v.pipe(
  v.string('expected a string'),
  v.minLength(1, 'expected a refresh token'),
  v.maxLength(512, 'expected a refresh token'),
);

const sessionId = v.pipe(
  v.string('expected a string'),
  v.regex(/^[A-Za-z0-9_-]{16}$/, 'expected the id of a session, as the list has it'),
);

const maxIds = 2 * maxSessionsPerNumber;
const endings = `expected "others", "all", or a list of 1 to ${maxIds} ids`;

/** The sessions to end: all but this one, all, or those with the ids. */
export const endWishSchema = v.union(
  [
    v.picklist(['others', 'all']),
    v.pipe(v.array(sessionId), v.minLength(1, endings), v.maxLength(maxIds, endings)),
  ],
  endings,
);

/** The body. */
export const sessionsBodySchema = v.strictObject({ refreshToken, end: v.optional(endWishSchema) });

/** The answer and the log line for an outcome. */
export function presentSessions(outcome: SessionListOutcome, instance: string): SessionAnswer {
  switch (outcome.tag) {
    case 'sessions': {
      const { sessions, ended } = outcome;
      const answer = json(200, { sessions });
      return ended === 0
        ? { answer, code: 'session.listed' }
        : { answer, code: 'session.ended', reason: String(ended) };
    }
    case 'invalid-grant': {
      // Nothing ended here. An app with an older token refreshes it and asks again.
      const answer = oauthError('invalid_grant', 'Only the latest refresh token of a session sees the list.');
      return { answer, code: invalidCode(outcome.reason), reason: outcome.reason };
    }
    case 'temporarily-unavailable':
      return presentUnavailable(outcome, instance);
  }
}
