/**
 * The key set of a foreign issuer (JWK Set, RFC 7517): the part that we use, and the port that finds a key in it.
 *
 * The reader skips a key that we could not or should not use: one for encryption, of another kind, without a `kid`, too
 * short, or with its private half. So an issuer may also publish keys for others. The reader ignores certificates and
 * links in a key.
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
  /** The only algorithm that may use this key, where its issuer names one. */
  readonly alg: string | undefined;
  readonly key: KeyObject;
}

export type KeysFound =
  /** The keys with that id: one, or several of different kinds (RFC 7517, section 4.5). */
  | { readonly tag: 'found'; readonly keys: readonly ForeignKey[] }
  | { readonly tag: 'unknown' }
  /** The keys are not available; the reason is for the log. */
  | { readonly tag: 'unavailable'; readonly reason: string };

export interface ForeignKeys {
  /** Finds the keys with an id. A fetch for it ends with `signal`. Never throws. */
  find(kid: string, signal: AbortSignal): Promise<KeysFound>;
}

/** The use of the key, and the absence of a private half: anybody can sign with a published private half. */
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

/** Reads a key set; throws a `TypeError` for a text that is not one, or that has too many keys. */
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

/** A curve has one size. An RSA key must have a length within bounds and a useful exponent. */
function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  return modulusLength >= minForeignRsaBits && modulusLength <= maxForeignRsaBits && publicExponent >= 3n;
}
