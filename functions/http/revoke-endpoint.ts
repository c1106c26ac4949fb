/**
 * `POST /auth/revoke`: a sign-out (RFC 7009). The client learns nothing of a token that is not ours or not alive: it gets the
 * same 200 (section 2.2). Only a table that did not answer is a 503, and the client tries again.
 */
import type { RevokeOutcome } from '../sessions/session-ports.ts';
import { maxBodyBytes } from '../settings/fixed-numbers.ts';
import { parseForm } from './form-body.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { refuseOtherClient } from './named-client.ts';
import { oauthError, oauthHeaders } from './oauth-error.ts';
import { presentTooLarge, presentUnavailable, type SessionAnswer } from './session-endpoint.ts';

/** A JWT in its compact form (RFC 7515, section 3.1). Our access tokens are JWTs, and cannot be revoked. */
const jwt = /^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/;

/** A valid request, or its refusal. */
export type ParsedRevocation =
  | { readonly tag: 'revocation'; readonly token: string }
  | { readonly tag: 'refused'; readonly answer: SessionAnswer };

/** Reads a revocation request. `audience` is the one client that there is; the hint of the token's type is not needed. */
export function parseRevocation(request: GatewayRequest, audience: string): ParsedRevocation {
  const parsed = parseForm(request, ['token', 'token_type_hint', 'client_id']);
  if (parsed.tag === 'too-large') {
    return { tag: 'refused', answer: presentTooLarge(request.id, maxBodyBytes) };
  }
  if (parsed.tag === 'invalid') return refused('invalid_request', parsed.description);
  const { token, client_id } = parsed.form;
  const otherClient = refuseOtherClient(request, { clientId: client_id, audience });
  if (otherClient !== undefined) {
    return { tag: 'refused', answer: { answer: otherClient, code: 'session.invalid' } };
  }
  if (token === undefined) return refused('invalid_request', 'Send the token.');
  if (jwt.test(token)) {
    return refused('unsupported_token_type', 'An access token ends by itself. Revoke the refresh token.');
  }
  return { tag: 'revocation', token };
}

function refused(...[error, description]: Parameters<typeof oauthError>): ParsedRevocation {
  return { tag: 'refused', answer: { answer: oauthError(error, description), code: 'session.invalid' } };
}

/** The answer and the log line for an outcome. */
export function presentRevocation(outcome: RevokeOutcome, instance: string): SessionAnswer {
  const answer = { statusCode: 200, headers: oauthHeaders, body: '' };
  switch (outcome.tag) {
    case 'revoked':
      return { answer, code: 'session.revoked' };
    case 'nothing-to-revoke':
      return { answer, code: 'session.nothing-to-revoke' };
    case 'temporarily-unavailable':
      return presentUnavailable(outcome, instance);
  }
}
