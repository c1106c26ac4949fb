/**
 * The signing keys: one secret holds `{ keys: [{ kid, jwk, activeFrom, longestTokenSeconds }] }`, oldest first.
 *
 * The first key is active at once, since nobody can have cached a set without it. Each further one waits until
 * every cache downstream has seen it: API Gateway's authorizer keeps a JWKS for two hours, and ours asks for five
 * minutes. A key leaves the set when its last token expired as long ago. The signer is the newest active key.
 *
 * A key remembers the longest lifetime of a token that a rotation found in force while the key signed: tokens of an
 * earlier deployment live on after a later one has shortened them.
 */
import type { JWK } from 'jose';
import * as v from 'valibot';
import { base64urlSchema } from '../runtime/base64url.ts';
import { uniqueJsonSchema } from '../runtime/unique-json.ts';

/** Two hours in API Gateway's authorizer, and a margin: seconds. */
export const jwksCacheSeconds = 2 * 3600 + 15 * 60;

/** A private RSA key (RFC 7518, section 6.3.2), all of its parts. */
export const privateJwkSchema = v.strictObject({
  kty: v.literal('RSA'),
  n: base64urlSchema,
  e: base64urlSchema,
  d: base64urlSchema,
  p: base64urlSchema,
  q: base64urlSchema,
  dp: base64urlSchema,
  dq: base64urlSchema,
  qi: base64urlSchema,
});

const signingKeySchema = v.strictObject({
  /** RFC 7638 thumbprint. */
  kid: base64urlSchema,
  jwk: privateJwkSchema,
  /** Epoch seconds. */
  activeFrom: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** The longest lifetime that its tokens may have had so far; absent before a rotation has seen the key sign. */
  longestTokenSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const keySetSchema = v.strictObject({ keys: v.pipe(v.array(signingKeySchema), v.readonly()) });

/** A private key and the second from which it signs. */
export type SigningKey = Readonly<v.InferOutput<typeof signingKeySchema>>;
export type SigningKeySet = Readonly<v.InferOutput<typeof keySetSchema>>;

/** Reads a stored set. The error of one that is none says so, and shows nothing of it. */
export function parseKeySet(stored: string): SigningKeySet {
  const result = v.safeParse(v.pipe(uniqueJsonSchema, keySetSchema), stored);
  if (!result.success) throw new TypeError('expected a set of signing keys');
  return result.output;
}

/**
 * The key that signs at `now` (epoch seconds), if there is one yet. A worker whose clock is slow meets a first key that
 * is not active by its clock; the oldest key waits for no cache, so it signs all the same.
 */
export function signerAt({ keys }: SigningKeySet, now: number): SigningKey | undefined {
  return keys.findLast(({ activeFrom }) => activeFrom <= now) ?? keys.at(0);
}

/** The times that decide which keys a set holds. */
interface Times {
  /** Epoch seconds. */
  readonly now: number;
  /** The longest lifetime of a token by the settings that are in force now. */
  readonly longestTokenSeconds: number;
}

/**
 * Whether a key waits to become active. Then a rotation makes no other: runs that come too often, by hand or by a
 * retry, must not fill the secret.
 */
export function hasWaitingKey({ keys }: SigningKeySet, now: number): boolean {
  return keys.some(({ activeFrom }) => activeFrom > now);
}

/**
 * The set without the keys that no token and no cache needs; what is kept has noted the lifetime in force now. Keys leave
 * in the order in which they came: until when a key signed is known by the one after it alone.
 */
export function withoutOldKeys({ keys }: SigningKeySet, { now, longestTokenSeconds }: Times): SigningKeySet {
  const noted = keys.map((key) => ({
    ...key,
    longestTokenSeconds: Math.max(key.longestTokenSeconds ?? 0, longestTokenSeconds),
  }));
  const isNeeded = (key: (typeof noted)[number], i: number): boolean => {
    const successor = noted[i + 1];
    return successor === undefined || successor.activeFrom + key.longestTokenSeconds + jwksCacheSeconds > now;
  };
  return { keys: noted.slice(noted.findIndex(isNeeded)) };
}

/** The set after `key` joins it, to become active when every cache downstream has seen it; a first key at once. */
export function withNewKey(
  keySet: SigningKeySet,
  key: Omit<SigningKey, 'activeFrom'>,
  times: Times,
): SigningKeySet {
  const activeFrom = keySet.keys.length === 0 ? times.now : times.now + jwksCacheSeconds;
  const { longestTokenSeconds } = times;
  return { keys: [...withoutOldKeys(keySet, times).keys, { ...key, activeFrom, longestTokenSeconds }] };
}

/**
 * The set for an emergency: `key` signs at once, keys that wait are dropped, and so are those in `withdrawn`. A
 * verifier that cached the set before refuses tokens of the new key, and takes those of a withdrawn one, until its
 * cache is over: two hours in API Gateway's authorizer.
 */
export function withEmergencyKey(
  keySet: SigningKeySet,
  key: Omit<SigningKey, 'activeFrom'>,
  { withdrawn, ...times }: Times & { readonly withdrawn: readonly string[] },
): SigningKeySet {
  const kept = withoutOldKeys(keySet, times).keys.filter(
    ({ kid, activeFrom }) => activeFrom <= times.now && !withdrawn.includes(kid),
  );
  const { now: activeFrom, longestTokenSeconds } = times;
  return { keys: [...kept, { ...key, activeFrom, longestTokenSeconds }] };
}

/** The public set (RFC 7517, section 5): what a verifier may see, member by member. */
export function publicKeySet({ keys }: SigningKeySet): { readonly keys: readonly JWK[] } {
  return { keys: keys.map(({ kid, jwk: { kty, n, e } }) => ({ kty, n, e, kid, alg: 'RS256', use: 'sig' })) };
}
