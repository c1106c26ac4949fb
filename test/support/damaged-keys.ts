/** Signing keys that look like keys and are none: each of the shape that the secret's schema takes. */
import type { SigningKey } from '../../functions/tokens/signing-key-set.ts';

type Key = Pick<SigningKey, 'kid' | 'jwk'>;

const zeros = (bytes: number): string => Buffer.alloc(bytes).toString('base64url');

/**
 * Ways to damage `key`, by name; `other` is a good key of the same size. Wrong primes alone are none: OpenSSL checks what
 * it computes with them, and then signs rightly without.
 */
export function damagedKeys(key: Key, other: Key): readonly (readonly [string, Key])[] {
  const { kid, jwk } = key;
  return [
    ['cannot be imported', { kid, jwk: { ...jwk, n: 'AQAB' } }],
    ['is nothing but zeros', { kid, jwk: { ...jwk, d: zeros(384), p: zeros(192), q: zeros(192) } }],
    ['has the private half of another key', { kid, jwk: { ...other.jwk, n: jwk.n } }],
    ['has the public half of another key', { kid: other.kid, jwk: { ...jwk, n: other.jwk.n } }],
    ['has another public exponent', { kid, jwk: { ...jwk, e: 'Aw' } }],
    ['has the id of another key', { kid: other.kid, jwk }],
  ];
}
