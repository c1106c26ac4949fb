/**
 * The discovery document, with what a verifier needs to find our keys and nothing more. API Gateway's JWT authorizer reads
 * `issuer` and `jwks_uri`. It names no authorization endpoint, because we exchange no OAuth code or redirect for our tokens.
 * So the lists of response and grant types would be empty, and a list without elements must not be in the document (OpenID
 * Connect Discovery 1.0, section 4.2; RFC 8414, section 3.2). `sessions/session-discovery.ts` adds what sessions need.
 */

/** OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2. */
export interface DiscoveryDocument {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly subject_types_supported: readonly string[];
  readonly id_token_signing_alg_values_supported: readonly string[];
}

/** Where the document stands (OpenID Connect Discovery 1.0, section 4). */
export const openIdConfigurationPath = '/.well-known/openid-configuration';

/** The document of `issuer`, byte-equal to `iss` in its tokens. */
export function discoveryDocument(issuer: string): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
