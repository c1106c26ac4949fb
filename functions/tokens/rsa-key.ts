/**
 * New signing keys: RSA-3072, 128 bits of strength (NIST SP 800-57 part 1, table 2), made by Node's OpenSSL.
 */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { importSigner } from './access-token.ts';
import { privateJwkSchema, type SigningKey } from './signing-key-set.ts';

const modulusBits = 3072;

/** Creates a key pair; its `kid` is the thumbprint of its public half (RFC 7638). */
export async function generateSigningKey(): Promise<Omit<SigningKey, 'activeFrom'>> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits });
  const jwk = v.parse(privateJwkSchema, await exportJWK(privateKey));
  return { kid: await calculateJwkThumbprint(jwk), jwk };
}

/** Signs a probe with `key` and verifies it with the set `jwks` alone; throws when a verifier would refuse it. */
export async function tryKey(key: SigningKey, jwks: string): Promise<void> {
  const signer = await importSigner(key);
  const probe = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid: signer.kid }).sign(signer.key);
  await jwtVerify(probe, createLocalJWKSet(JSON.parse(jwks)), { algorithms: ['RS256'] });
}
