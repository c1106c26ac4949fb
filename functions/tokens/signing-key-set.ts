/**
 * The signing keys: one secret holds `{ keys: [{ kid, jwk, activeFrom, longestTokenSeconds }] }`, oldest first.
 *
 * The first key is active at once, because nobody can have cached a set without it. Each further key waits until every
 * cache has read it: API Gateway's authorizer keeps a JWKS for two hours, although ours asks for five minutes. A key leaves
 * the set two hours after its last token expired. The newest active key signs.
 *
 * A key remembers the longest token lifetime that a rotation found in force while the key signed. Tokens of an earlier
 * deployment keep their lifetime after a later deployment has shortened it.
 */
import type { JWK } from 'jose';
import * as v from 'valibot';
import { base64urlSchema } from '../runtime/base64url.ts';
import { uniqueJsonSchema } from '../runtime/unique-json.ts';

/** The two hours of API Gateway's authorizer plus a margin, in seconds. */
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
  /** The longest lifetime of its tokens so far; absent before a rotation has seen the key sign. */
  longestTokenSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

const keySetSchema = v.strictObject({ keys: v.pipe(v.array(signingKeySchema), v.readonly()) });

/** A private key and the second from which it signs. */
export type SigningKey = Readonly<v.InferOutput<typeof signingKeySchema>>;
export type SigningKeySet = Readonly<v.InferOutput<typeof keySetSchema>>;

/** Reads a stored set. The error for an invalid set shows nothing of its value. */
export function parseKeySet(stored: string): SigningKeySet {
  const result = v.safeParse(v.pipe(uniqueJsonSchema, keySetSchema), stored);
  if (!result.success) throw new TypeError('expected a set of signing keys');
  return result.output;
}

/**
 * The key that signs at `now` (epoch seconds), if there is one yet. For a worker with a slow clock the first key may not be
 * active yet. It signs all the same, because the oldest key waits for no cache.
 */
export function signerAt({ keys }: SigningKeySet, now: number): SigningKey | undefined {
  return keys.findLast(({ activeFrom }) => activeFrom <= now) ?? keys.at(0);
}

/** The times that decide which keys a set holds. */
interface Times {
  /** Epoch seconds. */
  readonly now: number;
  /** The longest token lifetime of the current settings. */
  readonly longestTokenSeconds: number;
}

/**
 * Whether a key waits to become active. Then a rotation creates no other, because frequent runs, by hand or by a retry,
 * must not fill the secret.
 */
export function hasWaitingKey({ keys }: SigningKeySet, now: number): boolean {
  return keys.some(({ activeFrom }) => activeFrom > now);
}

/**
 * The set without the keys that no token and no cache needs. The remaining keys note the lifetime that is now in force. Keys
 * leave in the order in which they came, because only the next key shows until when a key signed.
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

/** The set with `key` added. It becomes active when every cache has read it, or at once where it is the first. */
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
 * The set for an emergency. `key` signs at once, and the set drops waiting keys and those in `withdrawn`. A verifier that
 * cached the earlier set refuses tokens of the new key and accepts those of a withdrawn one until its cache expires: two
 * hours in API Gateway's authorizer.
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
