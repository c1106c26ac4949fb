/**
 * Reads the outside of a compact JWS (RFC 7515, section 7.1), more strictly than JSON and base64 libraries do: bounded
 * before anything else, exactly one spelling of each part (no padding, no whitespace, no stray bits), valid UTF-8 without
 * a byte order mark, and no member twice, because two parsers could then see two tokens (RFC 8725, section 2.4 and 3.7).
 * It verifies nothing.
 */

import { decodeBase64url } from '../runtime/base64url.ts';
import { parseUniqueJson } from '../runtime/unique-json.ts';
import { decodeUtf8 } from '../runtime/utf8.ts';
import { maxForeignTokenBytes } from '../settings/fixed-numbers.ts';

export type CompactJws =
  | { readonly tag: 'read'; readonly header: Readonly<Record<string, unknown>> }
  | { readonly tag: 'malformed'; readonly reason: string };

/** Reads the protected header of `token`, and checks that the payload is a JSON object. */
export function readCompactJws(token: unknown): CompactJws {
  if (typeof token !== 'string' || token === '') return malformed('no token');
  if (token.length > maxForeignTokenBytes) return malformed('too long');
  const parts = token.split('.');
  if (parts.length !== 3) return malformed('not three parts');
  const [header, payload, signature] = parts.map(decodeBase64url);
  if (header === undefined || payload === undefined || signature === undefined) return malformed('encoding');
  const headerObject = readObject(header);
  if (headerObject === undefined) return malformed('header');
  return readObject(payload) === undefined ? malformed('claims') : { tag: 'read', header: headerObject };
}

function malformed(reason: string): CompactJws {
  return { tag: 'malformed', reason };
}

function readObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseUniqueJson(decodeUtf8(bytes));
  } catch {
    return undefined;
  }
}
