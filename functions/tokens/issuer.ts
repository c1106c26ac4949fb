/**
 * The issuer: `iss` of every token and of the discovery document, byte for byte. This check refuses what a verifier would
 * refuse later: another scheme than https, a path, a query, a trailing slash, capitals in the host. It allows `http:` only
 * for this machine.
 * https://openid.net/specs/openid-connect-discovery-1_0.html#IssuerDiscovery
 */
import { isTrustedUrl } from '../settings/trusted-url.ts';

/** Reads an issuer; throws for a text that is not one. */
export function parseIssuer(text: string): string {
  const url = new URL(text);
  if (text !== url.origin || !isTrustedUrl(url)) {
    throw new TypeError('expected an https: origin without trailing slash');
  }
  return text;
}
