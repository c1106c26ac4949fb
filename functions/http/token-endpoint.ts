/**
 * `POST /auth/token`: the refresh of RFC 6749, section 6, for public clients. What the request may be, and what each outcome
 * looks like to the client and in the log.
 */
import { toldSeconds } from '../limits/told-seconds.ts';
import type { Refresh } from '../sessions/refresh-session.ts';
import type { RefreshOutcome, SessionGrant } from '../sessions/session-ports.ts';
import { maxBodyBytes } from '../settings/fixed-numbers.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { json } from './answer.ts';
import { parseForm } from './form-body.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { refuseOtherClient } from './named-client.ts';
import { oauthError, oauthHeaders } from './oauth-error.ts';
import { problem } from './problem.ts';
import { invalidCode, presentTooLarge, presentUnavailable, type SessionAnswer } from './session-endpoint.ts';

/** As an Idempotency-Key: visible ASCII, long enough not to be guessed or drawn twice. */
const attemptPattern = /^[\x21-\x7e]{16,64}$/;

/** A valid request, or its refusal. */
export type ParsedRefresh =
  | { readonly tag: 'refresh'; readonly refresh: Refresh }
  | { readonly tag: 'refused'; readonly answer: SessionAnswer };

/** Reads a token request. `audience` is the one client that there is. */
export function parseRefresh(request: GatewayRequest, audience: string): ParsedRefresh {
  const names = ['grant_type', 'refresh_token', 'attempt', 'client_id', 'scope'] as const;
  const parsed = parseForm(request, names);
  if (parsed.tag === 'too-large') {
    return { tag: 'refused', answer: presentTooLarge(request.id, maxBodyBytes) };
  }
  if (parsed.tag === 'invalid') return refused('invalid_request', parsed.description);
  const { grant_type, refresh_token: refreshToken, attempt, client_id, scope } = parsed.form;
  const otherClient = refuseOtherClient(request, { clientId: client_id, audience });
  if (otherClient !== undefined) {
    return { tag: 'refused', answer: { answer: otherClient, code: 'session.invalid' } };
  }
  if (grant_type === undefined) return refused('invalid_request', 'Send grant_type=refresh_token.');
  if (grant_type !== 'refresh_token') {
    return refused('unsupported_grant_type', 'The only grant is refresh_token.');
  }
  if (refreshToken === undefined) return refused('invalid_request', 'Send the refresh_token.');
  if (attempt !== undefined && !attemptPattern.test(attempt)) {
    return refused('invalid_request', 'The attempt has 16 to 64 visible ASCII characters.');
  }
  if (scope !== undefined && scope !== defaultPurpose) {
    return refused('invalid_scope', `The scope of a session is ${defaultPurpose}, or absent.`);
  }
  return { tag: 'refresh', refresh: { refreshToken, attempt } };
}

function refused(...[error, description]: Parameters<typeof oauthError>): ParsedRefresh {
  return { tag: 'refused', answer: { answer: oauthError(error, description), code: 'session.invalid' } };
}

interface Answering {
  /** The gateway's id of the request. */
  readonly instance: string;
  /** Signs the access token. */
  readonly sign: (grant: SessionGrant) => Promise<{ readonly jwt: string }>;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** The answer and the log line for an outcome. Only a grant is signed here. */
export async function presentRefresh(
  outcome: RefreshOutcome,
  { instance, sign, now }: Answering,
): Promise<SessionAnswer> {
  switch (outcome.tag) {
    case 'refreshed': {
      const { grant, isReplay } = outcome;
      const { jwt } = await sign(grant);
      const { expiresAt, issuedAt, refreshToken } = grant;
      const body = {
        access_token: jwt,
        token_type: 'Bearer',
        // 0 once it is over: a late answer, given again. The client goes on with the refresh token.
        expires_in: toldSeconds(expiresAt - now(), expiresAt - issuedAt),
        refresh_token: refreshToken,
        scope: defaultPurpose,
      };
      return { answer: json(200, body, oauthHeaders), code: isReplay ? 'session.replayed' : undefined };
    }
    case 'denied': {
      const detail = 'This number may not be used at the moment. The session goes on when it may.';
      const answer = problem('denied', instance, { detail, error: 'access_denied' });
      return { answer, code: 'session.denied' };
    }
    case 'invalid-grant': {
      const answer = oauthError(
        'invalid_grant',
        'The refresh token is not valid, or no longer. Sign in again.',
      );
      return { answer, code: invalidCode(outcome.reason), reason: outcome.reason };
    }
    case 'temporarily-unavailable':
      return presentUnavailable(outcome, instance);
  }
}
