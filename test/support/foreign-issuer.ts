/**
 * An issuer of the adopter's own, made at run time: key pairs of each algorithm, the key set that it publishes, and
 * tokens signed by Node's crypto, not by the library that checks them. Header and payload may be any text, so that
 * tokens can be made that no library would make.
 */
import {
  constants,
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign as signBytes,
} from 'node:crypto';
import type { ForeignAlgorithm } from '../../functions/settings/foreign-algorithm.ts';

export interface ForeignKeyPair {
  readonly kid: string;
  readonly alg: ForeignAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public half as its issuer publishes it. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Claims of a genuine token; times are epoch seconds. */
export interface GenuineClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
}

/** Makes a key pair for an algorithm; `members` are added to the published key, or take its place. */
export function makeForeignKey(
  alg: ForeignAlgorithm,
  { members = {}, rsaBits = 2048 }: { members?: Record<string, unknown>; rsaBits?: number } = {},
): ForeignKeyPair {
  const { privateKey, publicKey } = makePair(alg, rsaBits);
  const kid = randomUUID();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig', ...members };
  return { kid, alg, privateKey, publicKey, jwk };
}

function makePair(alg: ForeignAlgorithm, rsaBits: number) {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength: rsaBits });
  }
}

/** One part of a token: bytes, a text as it is, or what becomes a JSON text. */
export function part(content: unknown): string {
  if (Buffer.isBuffer(content)) return content.toString('base64url');
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');
}

/** A token over header and payload, whatever they are. */
export function signToken(
  { alg, privateKey }: Pick<ForeignKeyPair, 'alg' | 'privateKey'>,
  header: unknown,
  payload: unknown,
): string {
  return signEncoded({ alg, privateKey }, `${part(header)}.${part(payload)}`);
}

/** A token over the first two parts as they are, whatever their spelling. */
export function signEncoded(
  { alg, privateKey }: Pick<ForeignKeyPair, 'alg' | 'privateKey'>,
  input: string,
): string {
  return `${input}.${signatureOf(alg, privateKey, Buffer.from(input)).toString('base64url')}`;
}

/** A genuine token of `pair`. */
export function genuineToken(pair: ForeignKeyPair, claims: unknown): string {
  return signToken(pair, { alg: pair.alg, kid: pair.kid, typ: 'JWT' }, claims);
}

/** A token "signed" with a shared secret. */
export function macToken(secret: string | Buffer, header: unknown, payload: unknown): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function signatureOf(alg: ForeignAlgorithm, key: KeyObject, input: Buffer): Buffer {
  const hash = `sha${alg.slice(-3)}`;
  switch (alg) {
    case 'EdDSA':
      return signBytes(null, input, key);
    case 'ES256':
    case 'ES384':
      return signBytes(hash, input, { key, dsaEncoding: 'ieee-p1363' });
    case 'PS256':
    case 'PS384':
    case 'PS512':
      return signBytes(hash, input, {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
    default:
      return signBytes(hash, input, key);
  }
}
