/**
 * Reads the outside of a compact JWS (RFC 7515, section 7.1), more strictly than JSON and base64 libraries do: bounded
 * before anything else, exactly one spelling of each part (no padding, no whitespace, no stray bits), valid UTF-8, and
 * no member twice, because two parsers could then see two tokens (RFC 8725, section 2.4 and 3.7).
 * It verifies nothing.
 */
import { maxForeignTokenBytes } from '../otp/policy.ts';
import { parseUniqueJson } from './unique-json.ts';

export type CompactJws =
  | { readonly tag: 'read'; readonly header: Readonly<Record<string, unknown>> }
  | { readonly tag: 'malformed'; readonly reason: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads the protected header of `token`, and checks that the payload is a JSON object. */
export function readCompactJws(token: unknown): CompactJws {
  if (typeof token !== 'string' || token === '') return malformed('no token');
  if (token.length > maxForeignTokenBytes) return malformed('too long');
  const parts = token.split('.');
  if (parts.length !== 3) return malformed('not three parts');
  const [header, payload, signature] = parts.map(decode);
  if (header === undefined || payload === undefined || signature === undefined) return malformed('encoding');
  const headerObject = readObject(header);
  if (headerObject === undefined) return malformed('header');
  return readObject(payload) === undefined ? malformed('claims') : { tag: 'read', header: headerObject };
}

function malformed(reason: string): CompactJws {
  return { tag: 'malformed', reason };
}

/** Bytes of a part in its one spelling; undefined for an empty part and any other spelling. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return part !== '' && bytes.toString('base64url') === part ? bytes : undefined;
}

function readObject(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseUniqueJson(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
