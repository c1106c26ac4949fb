/**
 * A number, sealed beside 16 bytes that name something: what a client may hold, and nobody but us can read or make.
 *
 *     16 bytes of the name ‖ AES-256-GCM(version byte ‖ lane byte ‖ number) ‖ 16-byte tag, base64url: 63 characters
 *
 * The highest bit of the lane byte says that a session of the adopter's is needed.
 *
 * The first 12 bytes of the name are the nonce (NIST SP 800-38D, section 8.2.2) and all 16 the associated data, so the
 * same name and number always give the same text. A name must be random, or a keyed hash of something random: two
 * numbers under one name would break the seal. What was altered, made up or sealed with another key does not open.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { type Lane, laneBytes, laneOf } from './lane.ts';
import { type PhoneNumber, phoneNumberSchema } from './phone-number.ts';

const nameBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const version = 1;

/** What a sealed text looks like; the last character carries two unused bits, which are zero: one spelling. */
export const sealedPattern = /^[A-Za-z0-9_-]{62}[AEIMQUYcgkosw048]$/;

/** What is sealed. */
export interface SealedNumber {
  /** 16 bytes, 22 characters of base64url. */
  readonly name: string;
  readonly lane: Lane;
  readonly needsSession: boolean;
  readonly phoneNumber: PhoneNumber;
}

const sessionBit = 0x80;

/** Seals a number; 63 characters of base64url. */
export function sealNumber(
  sealKey: KeyObject,
  { name, lane, needsSession, phoneNumber }: SealedNumber,
): string {
  const nameAsBytes = Buffer.from(name, 'base64url');
  const cipher = createCipheriv('aes-256-gcm', sealKey, nameAsBytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  cipher.setAAD(nameAsBytes);
  const sealed = Buffer.concat([
    cipher.update(Buffer.from([version, laneBytes[lane] | (needsSession ? sessionBit : 0)])),
    cipher.update(phoneNumber, 'ascii'),
  ]);
  cipher.final();
  return Buffer.concat([nameAsBytes, sealed, cipher.getAuthTag()]).toString('base64url');
}

/** Opens a text of {@link sealedPattern}, or gives `undefined`. */
export function openNumber(sealKey: KeyObject, text: string): SealedNumber | undefined {
  const bytes = Buffer.from(text, 'base64url');
  const name = bytes.subarray(0, nameBytes);
  const decipher = createDecipheriv('aes-256-gcm', sealKey, name.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(name);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const opened = decipher.update(bytes.subarray(nameBytes, -tagBytes));
  if (!isAuthentic(decipher)) return undefined;
  const [openedVersion, laneByte = 0] = opened;
  const lane = laneOf(laneByte & ~sessionBit);
  const phoneNumber = v.safeParse(phoneNumberSchema, opened.subarray(2).toString('ascii'));
  if (openedVersion !== version || lane === undefined || !phoneNumber.success) return undefined;
  return {
    name: name.toString('base64url'),
    lane,
    needsSession: (laneByte & sessionBit) !== 0,
    phoneNumber: phoneNumber.output,
  };
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
