/**
 * Verifies tokens of foreign issuers: the session of an adopter's own issuer, or the attestation of an app. It follows RFC
 * 8725 (best practices for JWTs). `jose` checks signature, issuer, audience and type. This file checks the rest.
 *
 * The key always comes from the configured set, by its `kid`. This file refuses a token that brings a key, a link or a
 * certificate. A refusal gives the log a reason in our own words, with nothing from the token.
 */
import { JOSEError, JWTClaimValidationFailed } from 'jose/errors';
import { jwtVerify } from 'jose/jwt/verify';
import {
  foreignClockToleranceSeconds,
  maxForeignSubjectLength,
  maxForeignTokenLifetimeSeconds,
} from '../settings/fixed-numbers.ts';
import { type ForeignAlgorithm, keyKindOf } from '../settings/foreign-algorithm.ts';
import { readCompactJws } from './compact-jws.ts';
import type { ForeignKey, ForeignKeys } from './foreign-key-set.ts';

/** An issuer whose tokens the functions accept; a member of the settings, already validated. */
export interface ForeignIssuer {
  /** `iss`, byte for byte. */
  readonly issuer: string;
  /** The audience that `aud` must equal or contain. */
  readonly audience: string;
  /** `https:`, or `http:` to 127.0.0.0/8. */
  readonly jwksUrl: string;
  readonly algorithms: readonly ForeignAlgorithm[];
  /** `typ`, when it is required; compared as RFC 7515 section 4.1.9 says. */
  readonly tokenType?: string | undefined;
}

export type ForeignVerdict =
  | { readonly tag: 'valid'; readonly subject: string }
  | { readonly tag: 'invalid'; readonly reason: string }
  /** The worker cannot decide, because it has no keys. */
  | { readonly tag: 'unavailable'; readonly reason: string };

export interface ForeignVerifier {
  /** Verifies a compact JWS. A fetch for it ends with `signal`. Never throws. */
  readonly verify: (token: string, signal: AbortSignal) => Promise<ForeignVerdict>;
}

interface Ports {
  readonly keys: ForeignKeys;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** A verifier of one issuer's tokens. */
export function openForeignVerifier(issuer: ForeignIssuer, ports: Ports): ForeignVerifier {
  return {
    verify: (token, signal) =>
      verifyForeignToken(issuer, ports, { token, signal }).catch(() => invalid('not verifiable')),
  };
}

async function verifyForeignToken(
  issuer: ForeignIssuer,
  { keys, now }: Ports,
  { token, signal }: { readonly token: string; readonly signal: AbortSignal },
): Promise<ForeignVerdict> {
  const jws = readCompactJws(token);
  if (jws.tag === 'malformed') return invalid(jws.reason);
  const named = readHeader(jws.header, issuer);
  if (named.tag === 'refused') return invalid(named.reason);
  const found = await keys.find(named.kid, signal);
  if (found.tag === 'unavailable') return found;
  if (found.tag === 'unknown') return invalid('unknown kid');
  const key = found.keys.find((candidate) => fits(candidate, named.alg));
  if (key === undefined) return invalid('key of another algorithm');
  return verifyWith(key, { issuer, token, at: now() });
}

function invalid(reason: string): ForeignVerdict {
  return { tag: 'invalid', reason };
}

type NamedKey =
  | { readonly tag: 'named'; readonly kid: string; readonly alg: ForeignAlgorithm }
  | { readonly tag: 'refused'; readonly reason: string };

/**
 * Header members that carry a key or its location (RFC 7515, sections 4.1.2 to 4.1.6), and the one that changes the rules
 * (4.1.11). A certificate's fingerprint (`x5t`) does neither, and some issuers always send it.
 */
const refusedMembers = ['crit', 'jku', 'jwk', 'x5u', 'x5c'] as const;

function readHeader(header: Readonly<Record<string, unknown>>, { algorithms }: ForeignIssuer): NamedKey {
  const alg = algorithms.find((allowed) => allowed === header['alg']);
  if (alg === undefined) return { tag: 'refused', reason: 'algorithm' };
  const member = refusedMembers.find((name) => Object.hasOwn(header, name));
  if (member !== undefined) return { tag: 'refused', reason: `header ${member}` };
  const { kid } = header;
  return typeof kid === 'string' && kid !== ''
    ? { tag: 'named', kid, alg }
    : { tag: 'refused', reason: 'no kid' };
}

function fits({ kind, alg: only }: ForeignKey, alg: ForeignAlgorithm): boolean {
  return kind === keyKindOf[alg] && (only === undefined || only === alg);
}

async function verifyWith(
  { key }: ForeignKey,
  { issuer, token, at }: { issuer: ForeignIssuer; token: string; at: number },
): Promise<ForeignVerdict> {
  const verified = await jwtVerify(token, key, {
    algorithms: [...issuer.algorithms],
    issuer: issuer.issuer,
    audience: issuer.audience,
    ...(issuer.tokenType === undefined ? {} : { typ: issuer.tokenType }),
    requiredClaims: ['exp', 'iat', 'sub'],
    currentDate: new Date(at * 1000),
    clockTolerance: foreignClockToleranceSeconds,
  }).catch((error: unknown) => invalid(reasonOf(error)));
  if ('tag' in verified) return verified;
  const { iat = Number.NaN, exp = Number.NaN, sub } = verified.payload;
  if (!(exp > at)) return invalid('expired');
  if (!(iat <= at + foreignClockToleranceSeconds)) return invalid('wrong iat');
  if (!(exp - iat <= maxForeignTokenLifetimeSeconds)) return invalid('wrong exp');
  if (!isSubject(sub)) return invalid('wrong sub');
  return { tag: 'valid', subject: sub };
}

/** Whether `sub` is a usable subject. UTF-8 cannot encode a lone surrogate, so two subjects with one would become equal. */
function isSubject(sub: unknown): sub is string {
  return typeof sub === 'string' && sub !== '' && sub.length <= maxForeignSubjectLength && sub.isWellFormed();
}

const signatureFailed = 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED';

/** The reason for a refusal. It uses only the name of a claim from the error, and only of a claim that we check. */
function reasonOf(error: unknown): string {
  if (error instanceof JWTClaimValidationFailed)
    return `${error.reason === 'missing' ? 'no' : 'wrong'} ${error.claim}`;
  if (!(error instanceof JOSEError)) return 'not verifiable';
  if (error.code === 'ERR_JWT_EXPIRED') return 'expired';
  return error.code === signatureFailed ? 'wrong signature' : 'not verifiable';
}
