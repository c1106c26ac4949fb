/**
 * Seals a number beside a name of 16 bytes. A client may hold the result, but only this deployment can read or make it.
 *
 *     16 bytes of the name ‖ sealed (version byte ‖ lane byte ‖ number) ‖ 16-byte tag, base64url: 63 characters
 *
 * The highest bit of the lane byte says that a session of the adopter's is needed. The same name and number always give
 * the same text. A text that was altered, made up or sealed with other keys does not open. `seal.ts` has the cipher.
 */
import * as v from 'valibot';
import { type Lane, laneBytes, laneOf } from '../limits/lane.ts';
import type { PhoneNumber } from './phone-number.ts';
import { type SealKeys, seal, unseal } from './seal.ts';
import { sealedPhoneNumberSchema } from './sealed-phone-number.ts';

const nameBytes = 16;
/** Version 1 was AES-GCM with its nonce taken from the name. It was never deployed, and does not open. */
const version = 2;

/** Matches a sealed text. The last character has two unused bits, which must be zero, so that each text has one spelling. */
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

/** The byte that stands for a lane and for whether a session is needed, in a sealed text and in the table. */
export function laneByteOf({ lane, needsSession }: Pick<SealedNumber, 'lane' | 'needsSession'>): number {
  return laneBytes[lane] | (needsSession ? sessionBit : 0);
}

/** Reads a byte of {@link laneByteOf}; `undefined` if it names no lane. */
export function readLaneByte(byte: number): Pick<SealedNumber, 'lane' | 'needsSession'> | undefined {
  const lane = laneOf(byte & ~sessionBit);
  return lane && { lane, needsSession: (byte & sessionBit) !== 0 };
}

/** Seals a number; 63 characters of base64url. */
export function sealNumber(keys: SealKeys, { name, phoneNumber, ...rest }: SealedNumber): string {
  const plaintext = Buffer.concat([
    Buffer.from([version, laneByteOf(rest)]),
    Buffer.from(phoneNumber, 'ascii'),
  ]);
  return seal(keys, { name: Buffer.from(name, 'base64url'), plaintext }).toString('base64url');
}

/** Opens a text of {@link sealedPattern}, or gives `undefined`. */
export function openNumber(keys: SealKeys, text: string): SealedNumber | undefined {
  const opened = unseal(keys, Buffer.from(text, 'base64url'), nameBytes);
  if (opened === undefined) return undefined;
  const [openedVersion, laneByte = 0] = opened.plaintext;
  const asked = readLaneByte(laneByte);
  const phoneNumber = v.safeParse(sealedPhoneNumberSchema, opened.plaintext.subarray(2).toString('ascii'));
  if (openedVersion !== version || asked === undefined || !phoneNumber.success) return undefined;
  return { name: opened.name.toString('base64url'), ...asked, phoneNumber: phoneNumber.output };
}
