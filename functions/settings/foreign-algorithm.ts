/**
 * The signature algorithms that a foreign issuer may use, and the keys that each takes. `none` is not among them, nor an
 * algorithm with a shared secret, because whoever can check such a token can also make one.
 * https://www.rfc-editor.org/rfc/rfc7518#section-3.1, https://www.rfc-editor.org/rfc/rfc8037#section-3.1
 */

export const foreignAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
] as const;

export type ForeignAlgorithm = (typeof foreignAlgorithms)[number];

/** The kind of key, by the names of RFC 7518 section 6 and RFC 8037 section 2. */
export type KeyKind = 'RSA' | 'P-256' | 'P-384' | 'Ed25519';

/** The kind of key that an algorithm takes. */
export const keyKindOf: Readonly<Record<ForeignAlgorithm, KeyKind>> = {
  RS256: 'RSA',
  RS384: 'RSA',
  RS512: 'RSA',
  PS256: 'RSA',
  PS384: 'RSA',
  PS512: 'RSA',
  ES256: 'P-256',
  ES384: 'P-384',
  EdDSA: 'Ed25519',
};
