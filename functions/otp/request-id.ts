/**
 * The public id of a challenge: the number, sealed, so that verify knows it although nothing stores it.
 *
 *     16 random bytes ‖ AES-256-GCM(version byte ‖ lane byte ‖ number) ‖ 16-byte tag, base64url: 63 characters
 *
 * The random bytes are the challenge's id in the table. The first 12 of them are the nonce (NIST SP 800-38D,
 * section 8.2.2) and all 16 the associated data, so the same challenge always has the same id, and an id that
 * was altered, made up or sealed by another deployment does not open: it costs no call.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { type PhoneNumber, phoneNumberSchema } from './phone-number.ts';

const challengeIdBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;
/** Lane 0 is the public one: anybody who knows the number. */
const publicLane = 0;

/** One length, one alphabet, one spelling: the last character carries two unused bits, which are zero. */
export const requestIdSchema = v.pipe(
  v.string('expected a string'),
  v.regex(/^[A-Za-z0-9_-]{62}[AEIMQUYcgkosw048]$/, 'expected a requestId as request-otp gave it'),
  v.brand('RequestId'),
);

/** A sealed id, 63 characters of base64url. */
export type RequestId = v.InferOutput<typeof requestIdSchema>;

/** What a sealed id holds. */
export interface OpenedRequestId {
  readonly challengeId: string;
  readonly phoneNumber: PhoneNumber;
}

/** Draws the id of a new challenge: 16 random bytes, 22 characters of base64url. */
export function drawChallengeId(): string {
  return randomBytes(challengeIdBytes).toString('base64url');
}

/** Seals a challenge's id and its number. */
export function sealRequestId(sealKey: KeyObject, { challengeId, phoneNumber }: OpenedRequestId): RequestId {
  const id = Buffer.from(challengeId, 'base64url');
  const cipher = createCipheriv('aes-256-gcm', sealKey, id.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  cipher.setAAD(id);
  const sealed = Buffer.concat([
    cipher.update(Buffer.from([version, publicLane])),
    cipher.update(phoneNumber, 'ascii'),
  ]);
  cipher.final();
  return v.parse(requestIdSchema, Buffer.concat([id, sealed, cipher.getAuthTag()]).toString('base64url'));
}

/** Opens a sealed id, or gives `undefined`: forged, altered, of another deployment, or of another lane. */
export function openRequestId(sealKey: KeyObject, requestId: RequestId): OpenedRequestId | undefined {
  const bytes = Buffer.from(requestId, 'base64url');
  const id = bytes.subarray(0, challengeIdBytes);
  const decipher = createDecipheriv('aes-256-gcm', sealKey, id.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(id);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const opened = decipher.update(bytes.subarray(challengeIdBytes, -tagBytes));
  if (!isAuthentic(decipher)) return undefined;
  const phoneNumber = v.safeParse(phoneNumberSchema, opened.subarray(2).toString('ascii'));
  if (opened[0] !== version || opened[1] !== publicLane || !phoneNumber.success) return undefined;
  return { challengeId: id.toString('base64url'), phoneNumber: phoneNumber.output };
}

/** Node reports a wrong tag by throwing from `final`, and by nothing else. */
function isAuthentic(decipher: ReturnType<typeof createDecipheriv>): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
