/**
 * The discovery documents of a deployment with sessions: where a client refreshes and revokes, for OpenID Connect clients
 * and for OAuth ones. Neither names an authorization endpoint, because a session begins with an SMS code and not with a
 * redirect. The lists of authentication methods are stated, because without them a client would send a client secret
 * (RFC 8414, section 2).
 */
import { discoveryDocument, openIdConfigurationPath } from '../tokens/discovery.ts';

/** The metadata of an OAuth authorization server (RFC 8414, section 2). */
interface ServerMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly token_endpoint: string;
  readonly revocation_endpoint: string;
  readonly grant_types_supported: readonly string[];
  readonly token_endpoint_auth_methods_supported: readonly string[];
  readonly revocation_endpoint_auth_methods_supported: readonly string[];
}

/** Where the second document stands: RFC 8414, section 3, for an issuer without a path. */
export const serverMetadataPath = '/.well-known/oauth-authorization-server';

/** The documents of `issuer`, by their paths. */
export function discoveryDocuments(issuer: string): Readonly<Record<string, object>> {
  const { jwks_uri, ...ofOpenId } = discoveryDocument(issuer);
  const metadata: ServerMetadata = {
    issuer,
    jwks_uri,
    token_endpoint: `${issuer}/auth/token`,
    revocation_endpoint: `${issuer}/auth/revoke`,
    grant_types_supported: ['refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
  };
  return { [openIdConfigurationPath]: { ...ofOpenId, ...metadata }, [serverMetadataPath]: metadata };
}
