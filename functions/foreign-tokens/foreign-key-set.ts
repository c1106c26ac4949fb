/**
 * The key set of a foreign issuer (JWK Set, RFC 7517): what of it we use, and the port that finds a key in it.
 *
 * A key that we could not use, or should not, is skipped, so that an issuer may publish keys for others beside ours:
 * one for encryption, of another kind, without a `kid`, too short, with its private half. Certificates and links in a
 * key are not looked at.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { base64urlSchema } from '../runtime/base64url.ts';
import { uniqueJsonSchema } from '../runtime/unique-json.ts';
import { maxForeignRsaBits, maxJwksKeys, minForeignRsaBits } from '../settings/fixed-numbers.ts';
import type { KeyKind } from '../settings/foreign-algorithm.ts';

/** A public key that may check signatures. */
export interface ForeignKey {
  readonly kid: string;
  readonly kind: KeyKind;
  /** The only algorithm it is for, when its issuer names one. */
  readonly alg: string | undefined;
  readonly key: KeyObject;
}

export type KeysFound =
  /** The keys with that id: one, or several of different kinds (RFC 7517, section 4.5). */
  | { readonly tag: 'found'; readonly keys: readonly ForeignKey[] }
  | { readonly tag: 'unknown' }
  /** Nobody can tell; the reason is for the log. */
  | { readonly tag: 'unavailable'; readonly reason: string };

export interface ForeignKeys {
  /** Finds the keys with an id; what it has to fetch for that ends with `signal`. Never throws. */
  find(kid: string, signal: AbortSignal): Promise<KeysFound>;
}

/** What the key is for, and that it is public: a private half that is published is anybody's. */
const usageSchema = v.object({
  kid: v.pipe(v.string(), v.nonEmpty()),
  alg: v.optional(v.string()),
  use: v.optional(v.literal('sig')),
  key_ops: v.optional(v.pipe(v.array(v.string()), v.includes('verify'))),
  d: v.optional(v.never()),
});

/** The public members of RFC 7518, sections 6.2.1 and 6.3.1, and RFC 8037, section 2. */
const publicJwkSchema = v.variant('kty', [
  v.object({ kty: v.literal('RSA'), n: base64urlSchema, e: base64urlSchema }),
  v.object({
    kty: v.literal('EC'),
    crv: v.picklist(['P-256', 'P-384']),
    x: base64urlSchema,
    y: base64urlSchema,
  }),
  v.object({ kty: v.literal('OKP'), crv: v.literal('Ed25519'), x: base64urlSchema }),
]);

/** RFC 7517, section 4: no member twice. */
const jwkSetSchema = v.pipe(
  uniqueJsonSchema,
  v.object({ keys: v.pipe(v.array(v.unknown()), v.maxLength(maxJwksKeys)) }),
);

/** Reads a key set; throws a `TypeError` for what is none, or has too many keys. */
export function parseForeignKeys(text: string): readonly ForeignKey[] {
  const set = v.safeParse(jwkSetSchema, text);
  if (!set.success) throw new TypeError(`expected a JWK Set of at most ${maxJwksKeys} keys`);
  return set.output.keys.map(readKey).filter((key) => key !== undefined);
}

function readKey(input: unknown): ForeignKey | undefined {
  const usage = v.safeParse(usageSchema, input);
  const jwk = v.safeParse(publicJwkSchema, input);
  if (!usage.success || !jwk.success) return undefined;
  const kind = jwk.output.kty === 'RSA' ? 'RSA' : jwk.output.crv;
  try {
    const key = createPublicKey({ key: jwk.output, format: 'jwk' });
    return isStrong(key) ? { kid: usage.output.kid, alg: usage.output.alg, kind, key } : undefined;
  } catch {
    return undefined;
  }
}

/** Curves have one size each; an RSA key must have a length in bounds and an exponent that does something. */
function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  return modulusLength >= minForeignRsaBits && modulusLength <= maxForeignRsaBits && publicExponent >= 3n;
}
