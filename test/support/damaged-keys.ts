/** Signing keys that are damaged but have the shape that the secret's schema accepts. */
import type { SigningKey } from '../../functions/tokens/signing-key-set.ts';

type Key = Pick<SigningKey, 'kid' | 'jwk'>;

const zeros = (bytes: number): string => Buffer.alloc(bytes).toString('base64url');

/**
 * Ways to damage `key`, by name. `other` is a good key of the same size. Wrong primes alone do not damage a key: OpenSSL
 * checks the result that it computes with them, and then computes the right one without.
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
