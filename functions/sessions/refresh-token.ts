/**
 * The refresh token: 72 bytes, 96 characters of base64url, in exactly one spelling.
 *
 *     format 1 ‖ key tag 4 ‖ generation 4 ‖ sealed number 47 ‖ authenticator 16
 *
 * The sealed number has the session's name and, encrypted, the number and the lane. The authenticator is an HMAC over all
 * before it, under the session secret. A token that was altered, made up, or made by another deployment does not open, and
 * is refused without any call. One name always seals the same plaintext: generation and format stay outside the seal, and
 * another format gets seal keys of its own.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Lane } from '../limits/lane.ts';
import { hashBytes, keyedHash, keyedHashBytes } from '../otp/keyed-hash.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { openNumber, sealNumber } from '../otp/sealed-number.ts';
import type { SessionKeys } from './session-keys.ts';
import { keyTagBytes, makingVersion, type SessionSecret, versionsTagged } from './session-secret.ts';

/** A format is read one release before it is written, so that going back a release signs nobody out. */
const format = 1;
const generationAt = 1 + keyTagBytes;
const sealedAt = generationAt + 4;
const tokenBytes = 72;
const authenticatorAt = tokenBytes - hashBytes;

/** The last generation that four bytes hold. A session never gets there; a token that says so has no next one. */
const lastGeneration = 0xffff_ffff;

/** 96 characters hold exactly 72 bytes, so no bit is left over and each token has one spelling. */
const pattern = /^[A-Za-z0-9_-]{96}$/;

const idBytes = 12;
const attemptHashBytes = 8;

/** What all tokens of one session share. */
interface SessionName {
  /** 16 bytes, 22 characters of base64url. It is in no access token and no log. */
  readonly name: string;
  readonly lane: Lane;
  readonly phoneNumber: PhoneNumber;
}

/** What a token says. */
export interface OpenedRefreshToken extends SessionName {
  readonly generation: number;
}

/** The result of opening a text that should be a refresh token. */
export type RefreshTokenVerdict =
  | { readonly tag: 'authentic'; readonly token: OpenedRefreshToken }
  /** Not the format of a token, or not made by this deployment. */
  | { readonly tag: 'forged' }
  /** The worker knows no version of the session secret with this tag. */
  | { readonly tag: 'unknown-key' };

/**
 * The name of the session that a win begins. An app that repeats its verify with the same Idempotency-Key gets the same
 * session. Without a key the name is random. The challenge's id alone would not do, because the table has it. Nor would the
 * client's key alone, because some clients draw poor ones.
 */
export function sessionNameOf(
  { sessionName }: Pick<SessionKeys, 'sessionName'>,
  {
    challengeId,
    idempotencyKey,
  }: { readonly challengeId: string; readonly idempotencyKey: string | undefined },
): string {
  return idempotencyKey === undefined
    ? randomBytes(hashBytes).toString('base64url')
    : keyedHash(sessionName, [challengeId, idempotencyKey]);
}

/** The id of a session: in the table, in lists, and `sid` of its access tokens. 16 characters of base64url. */
export function sessionIdOf({ sessionHash }: Pick<SessionKeys, 'sessionHash'>, name: string): string {
  return keyedHashBytes(sessionHash, [name]).subarray(0, idBytes).toString('base64url');
}

/** The hash that the item keeps of an attempt, 11 characters. It covers the session and the generation that was sent. */
export function attemptHashOf(
  { sessionAttempt }: Pick<SessionKeys, 'sessionAttempt'>,
  { name, generation }: Pick<OpenedRefreshToken, 'name' | 'generation'>,
  attempt: string,
): string {
  return keyedHashBytes(sessionAttempt, [name, String(generation), attempt])
    .subarray(0, attemptHashBytes)
    .toString('base64url');
}

/** The refresh token of a generation, made with the version of the session secret that makes tokens at `now`. */
export function refreshTokenOf(
  keys: Pick<SessionKeys, 'sessionSeal'>,
  { name, lane, phoneNumber, generation }: OpenedRefreshToken,
  { secret, now }: { readonly secret: SessionSecret; readonly now: number },
): string {
  const { tag, key } = makingVersion(secret, now);
  const head = Buffer.alloc(sealedAt);
  head.writeUInt8(format);
  head.set(tag, 1);
  head.writeUInt32BE(generation, generationAt);
  const sealed = sealNumber(keys.sessionSeal, { name, lane, needsSession: false, phoneNumber });
  const body = Buffer.concat([head, Buffer.from(sealed, 'base64url')]);
  return Buffer.concat([body, keyedHashBytes(key, [body])]).toString('base64url');
}

/** Opens a text that should be a refresh token. Makes no call. */
export function openRefreshToken(
  keys: Pick<SessionKeys, 'sessionSeal'>,
  text: string,
  secret: SessionSecret,
): RefreshTokenVerdict {
  if (!pattern.test(text)) return { tag: 'forged' };
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.readUInt8() !== format) return { tag: 'forged' };
  const versions = versionsTagged(secret, bytes.subarray(1, generationAt));
  if (versions.length === 0) return { tag: 'unknown-key' };
  const body = bytes.subarray(0, authenticatorAt);
  const authenticator = bytes.subarray(authenticatorAt);
  const isAuthentic = versions.some(({ key }) => timingSafeEqual(keyedHashBytes(key, [body]), authenticator));
  if (!isAuthentic) return { tag: 'forged' };
  const sealed = bytes.subarray(sealedAt, authenticatorAt).toString('base64url');
  const opened = openNumber(keys.sessionSeal, sealed);
  const generation = bytes.readUInt32BE(generationAt);
  if (opened === undefined || generation === lastGeneration) return { tag: 'forged' };
  const { name, lane, phoneNumber } = opened;
  return { tag: 'authentic', token: { name, lane, phoneNumber, generation } };
}
