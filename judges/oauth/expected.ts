/** What a client may see, by step: RFC 6749, sections 5.1 and 5.2, RFC 7009, section 2.2, and docs/api.md. */

/** Of Authlib, which also validates the document (RFC 8414, section 2). */
export const ofAuthlib: Readonly<Record<string, string>> = {
  'metadata issuer': 'valid',
  'metadata jwks_uri': 'valid',
  'metadata token_endpoint': 'valid',
  'metadata revocation_endpoint': 'valid',
  'metadata grant_types_supported': 'valid',
  'metadata token_endpoint_auth_methods_supported': 'valid',
  'metadata revocation_endpoint_auth_methods_supported': 'valid',
  issuer: 'same',
  'the answer': 'access_token expires_at expires_in refresh_token scope supportReference token_type',
  'its type': 'Bearer',
  'is over at once': 'False',
  'the same old token again': 'the same token',
  'the next token': 'another token',
  'by itself, when the access token is over': 'another token',
  'by Basic': 'another token',
  'another client': '400 invalid_client no challenge',
  'another client by Basic': '401 invalid_client Basic',
  'another grant': 'unsupported_grant_type',
  'another scope': 'invalid_scope',
  'a number that is denied': 'access_denied',
  'what the client then keeps': 'the same token',
  'a form of 8 KiB': 'invalid_request',
  'revoke an access token': 'unsupported_token_type',
  'revoke by Basic of another client': 'invalid_client',
  revoke: '200',
  'revoke again, by Basic': '200',
  'refresh what is revoked': 'invalid_grant',
  'refresh junk': 'invalid_grant',
  'an answer of the gateway itself': 'taken as a token: message refresh_token',
};

const refreshed = 'Bearer, valid true, expires true, another token true, requests 1';

/** Of x/oauth2, which has no revocation. */
export const ofGo: Readonly<Record<string, string>> = {
  'refresh, detecting': refreshed,
  'refresh, in the form': refreshed,
  'refresh, by Basic': refreshed,
  'refresh, with a secret': refreshed,
  'another client by Basic': '401 invalid_client Basic',
  'another client in the form': '400 invalid_client no challenge',
  'a number that is denied': '403 access_denied no challenge',
  'refresh junk': '400 invalid_grant no challenge',
  'another grant': '400 unsupported_grant_type no challenge',
};

/** What stays as it is. */
export const decisions: readonly { readonly finding: string; readonly reason: string }[] = [
  {
    finding:
      'Authlib takes a 404 or 429 of API Gateway for a token, because its body is JSON without `error`',
    reason:
      'An HTTP API has no gateway responses to change. Authlib keeps its refresh token with that answer, so the next refresh works',
  },
];
