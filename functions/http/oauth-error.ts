/** Errors of the token and revocation endpoints: RFC 6749, section 5.2, and RFC 7009, section 2.2.1. */
import { type Answer, json, noStore } from './answer.ts';

/** The errors that we answer. */
export const oauthErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unsupported_grant_type',
  'unsupported_token_type',
] as const;

type OauthError = (typeof oauthErrors)[number];

/** What section 5.1 asks of every answer with a token, and 5.2 of every error. */
export const oauthHeaders = { ...noStore, pragma: 'no-cache' } as const;

/** A 400. The description is for developers and repeats nothing of the request. */
export function oauthError(error: OauthError, description: string): Answer {
  return json(400, { error, error_description: description }, oauthHeaders);
}
