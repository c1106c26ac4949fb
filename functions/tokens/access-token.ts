/**
 * The access token: a JWT in the profile of RFC 9068, signed with RS256, the only family that API Gateway's
 * HTTP API authorizer takes. `scope` is the purpose: the authorizer can check nothing else, and a sign-in token
 * must not open /payments. The same win always gives the same claims, so an answer can be given again.
 *
 * The token of a test number identifies nobody: it has a `sub` that no person has, and no phone number.
 */
import { CompactSign, type CryptoKey, calculateJwkThumbprint, type JWTPayload } from 'jose';
import { type IdentityKeys, subjectOf, testSubjectOf } from '../otp/identity-keys.ts';
import type { Verified } from '../otp/verify-otp-ports.ts';
import type { Settings } from '../settings/settings.ts';
import type { SigningKey } from './signing-key-set.ts';

/** The key as `jose` uses it: imported once per key, not per token. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface AccessToken {
  readonly jwt: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** From `iat` to `exp`. */
  readonly lifetimeSeconds: number;
}

/** RFC 7518, section 3.3, in the words of the Web Crypto API. */
const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const encoder = new TextEncoder();
const probe = encoder.encode('a signature that nobody sees');

/**
 * Imports a private key and checks it: its public half must verify its signature, and its `kid` must be the thumbprint of
 * that half (RFC 7638). Throws for an invalid key, and for one put together from two.
 */
export async function importSigner({ kid, jwk }: Pick<SigningKey, 'kid' | 'jwk'>): Promise<Signer> {
  if (jwk.kty !== 'RSA') throw new TypeError('expected an RSA key');
  const [key, publicKey] = await Promise.all([
    crypto.subtle.importKey('jwk', jwk, rs256, false, ['sign']),
    crypto.subtle.importKey('jwk', { kty: jwk.kty, n: jwk.n, e: jwk.e }, rs256, false, ['verify']),
  ]);
  const signature = await crypto.subtle.sign(key.algorithm, key, probe);
  const isPair = await crypto.subtle.verify(publicKey.algorithm, publicKey, signature, probe);
  if (!isPair) throw new TypeError('expected both halves of one key');
  if ((await calculateJwkThumbprint(jwk)) !== kid) throw new TypeError('expected the thumbprint for a kid');
  return { kid, key };
}

/** The session that a token belongs to. It decides `iat` and `exp`, so that a repeated answer has the same token. */
interface TokenSession {
  /** `sid` (OpenID Connect Front-Channel Logout 1.0, section 3). */
  readonly id: string;
  /** `iat`, epoch seconds. */
  readonly issuedAt: number;
  /** `exp`, epoch seconds. */
  readonly expiresAt: number;
}

/** What a token says: who signed in when, and in which session. */
export type TokenContent = Omit<Verified, 'tag' | 'deviceToken'> & {
  readonly session?: TokenSession | undefined;
};

/** Signs a token of one win. `issuer` has no trailing slash: verifiers compare it byte by byte. */
export async function signAccessToken(
  { kid, key }: Signer,
  { phoneNumber, purpose, tokenId, verifiedAt, caller, isTest, session }: TokenContent,
  { settings, issuer, identity }: { settings: Settings; issuer: string; identity: IdentityKeys },
): Promise<AccessToken> {
  const issuedAt = session?.issuedAt ?? verifiedAt;
  const lifetimeSeconds = session
    ? session.expiresAt - issuedAt
    : (settings.tokenLifetimeSecondsByPurpose[purpose] ?? settings.tokenLifetimeSeconds);
  const expiresAt = issuedAt + lifetimeSeconds;
  const claims: JWTPayload = {
    iss: issuer,
    sub: isTest ? testSubjectOf(identity, phoneNumber) : subjectOf(identity, phoneNumber),
    aud: settings.audience,
    client_id: settings.audience,
    iat: issuedAt,
    exp: expiresAt,
    jti: tokenId,
    sid: session?.id,
    auth_time: verifiedAt,
    amr: ['otp', 'sms'],
    scope: purpose,
    ...callerClaims(settings, caller),
    ...(isTest ? { test: true } : phoneNumberClaims(settings, phoneNumber)),
  };
  const jwt = await new CompactSign(encoder.encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
    .sign(key);
  return { jwt, expiresAt, lifetimeSeconds };
}

/** OpenID Connect Core, section 5.1: `phone_number_verified` says that this person has shown control of the number. */
function phoneNumberClaims({ phoneNumberClaim }: Settings, phoneNumber: string): JWTPayload {
  return phoneNumberClaim ? { phone_number: phoneNumber, phone_number_verified: true } : {};
}

/** The caller's own session as a subject identifier (RFC 9493, section 3.2.3), and the approved context. */
function callerClaims({ session }: Settings, { subject, context }: Verified['caller']): JWTPayload {
  return {
    ...(subject !== undefined && { sub_id: { format: 'iss_sub', iss: session?.issuer, sub: subject } }),
    ...(context !== undefined && { context }),
  };
}

/** The longest lifetime that any token of these settings can have, in seconds. */
export function longestTokenSeconds(settings: Settings): number {
  const { tokenLifetimeSeconds, tokenLifetimeSecondsByPurpose, sessions } = settings;
  const ofSessions = sessions === 'off' ? 0 : sessions.accessTokenSeconds;
  return Math.max(tokenLifetimeSeconds, ofSessions, ...Object.values(tokenLifetimeSecondsByPurpose));
}
