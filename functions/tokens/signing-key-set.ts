/**
 * The signing keys: one secret holds `{ keys: [{ kid, jwk, activeFrom }] }`, oldest first.
 *
 * The first key is active at once, since nobody can have cached a set without it. Each further one waits until
 * every cache downstream has seen it: API Gateway's authorizer keeps a JWKS for two hours, and ours asks for five
 * minutes. A key leaves the set when its last token expired as long ago. The signer is the newest active key.
 */
import type { JWK } from 'jose';
import * as v from 'valibot';

/** Two hours in API Gateway's authorizer, and a margin: seconds. */
export const jwksCacheSeconds = 2 * 3600 + 15 * 60;

const base64url = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/));

/** A private RSA key (RFC 7518, section 6.3.2), all of its parts. */
export const privateJwkSchema = v.strictObject({
  kty: v.literal('RSA'),
  n: base64url,
  e: base64url,
  d: base64url,
  p: base64url,
  q: base64url,
  dp: base64url,
  dq: base64url,
  qi: base64url,
});

const signingKeySchema = v.strictObject({
  /** RFC 7638 thumbprint. */
  kid: base64url,
  jwk: privateJwkSchema,
  /** Epoch seconds. */
  activeFrom: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

const keySetSchema = v.strictObject({ keys: v.pipe(v.array(signingKeySchema), v.readonly()) });

/** A private key and the second from which it signs. */
export type SigningKey = Readonly<v.InferOutput<typeof signingKeySchema>>;
export type SigningKeySet = Readonly<v.InferOutput<typeof keySetSchema>>;

/** Reads a stored set. The error of one that is none says so, and shows nothing of it. */
export function parseKeySet(stored: string): SigningKeySet {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), keySetSchema), stored);
  if (!result.success) throw new TypeError('expected a set of signing keys');
  return result.output;
}

/** The key that signs at `now` (epoch seconds), if there is one yet. */
export function signerAt({ keys }: SigningKeySet, now: number): SigningKey | undefined {
  return keys.findLast(({ activeFrom }) => activeFrom <= now);
}

/** The set after `key` joins it; `longestTokenSeconds` is the longest lifetime of a token. */
export function withNewKey(
  { keys }: SigningKeySet,
  key: Omit<SigningKey, 'activeFrom'>,
  { now, longestTokenSeconds }: { now: number; longestTokenSeconds: number },
): SigningKeySet {
  const isNeeded = (_: SigningKey, i: number): boolean => {
    const successor = keys[i + 1];
    return successor === undefined || successor.activeFrom + longestTokenSeconds + jwksCacheSeconds > now;
  };
  const activeFrom = keys.length === 0 ? now : now + jwksCacheSeconds;
  return { keys: [...keys.filter(isNeeded), { ...key, activeFrom }] };
}

/** The public set (RFC 7517, section 5): what a verifier may see, member by member. */
export function publicKeySet({ keys }: SigningKeySet): { readonly keys: readonly JWK[] } {
  return { keys: keys.map(({ kid, jwk: { kty, n, e } }) => ({ kty, n, e, kid, alg: 'RS256', use: 'sig' })) };
}
