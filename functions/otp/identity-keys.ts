/**
 * The keys that live as long as the deployment, derived from the identity secret by HKDF (RFC 5869), one label
 * each, so that a value made for one purpose means nothing for another.
 *
 * It refuses a short secret. It trades rotation away: a new identity secret would forget every limit and rename
 * every user, so this secret is retained, and no other key is derived from it that ought to rotate.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyedHash } from './keyed-hash.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { SealKeys } from './seal.ts';

const keyBytes = 32;
/** 43 characters of letters and digits hold 256 bits. */
const minSecretCharacters = 43;

export interface IdentityKeys {
  /** Names the item of a number. */
  readonly index: KeyObject;
  /** Names the items of a client address and of a block of numbers. */
  readonly address: KeyObject;
  /** Seal the number into the request's id. */
  readonly seal: SealKeys;
  /** Makes `sub` of a number. */
  readonly subject: KeyObject;
  /** Makes `sub` of a test number: a domain of its own, so that it is nobody's. */
  readonly testSubject: KeyObject;
  /** Makes `jti` of a challenge. */
  readonly tokenId: KeyObject;
  /** Seal the number into a device's token. */
  readonly deviceSeal: SealKeys;
  /** Names devices, and hashes those names for the item. */
  readonly deviceName: KeyObject;
  /** Hashes idempotency keys, the app's and the one for the provider. */
  readonly idempotency: KeyObject;
  /** Stands for a number in the log. */
  readonly logTag: KeyObject;
}

/** Derives a 256-bit key from `secret` under `label`. */
export function deriveKey(secret: string, label: string): KeyObject {
  if (secret.length < minSecretCharacters) {
    throw new RangeError(`expected a secret of at least ${minSecretCharacters} characters`);
  }
  return createSecretKey(new Uint8Array(hkdfSync('sha256', secret, '', `doorcode/${label}`, keyBytes)));
}

/** Derives the two keys of a sealed format; `label` names the format and its version. */
export function deriveSealKeys(secret: string, label: string): SealKeys {
  return { mac: deriveKey(secret, `${label}/mac`), cipher: deriveKey(secret, `${label}/cipher`) };
}

/** Derives the identity keys; `identitySecret` is the generated string, at least 43 characters. */
export function deriveIdentityKeys(identitySecret: string): IdentityKeys {
  return {
    index: deriveKey(identitySecret, 'index'),
    address: deriveKey(identitySecret, 'address'),
    seal: deriveSealKeys(identitySecret, 'request-seal-2'),
    subject: deriveKey(identitySecret, 'subject'),
    testSubject: deriveKey(identitySecret, 'test-subject'),
    tokenId: deriveKey(identitySecret, 'token-id'),
    deviceSeal: deriveSealKeys(identitySecret, 'device-seal-2'),
    deviceName: deriveKey(identitySecret, 'device-name'),
    idempotency: deriveKey(identitySecret, 'idempotency'),
    logTag: deriveKey(identitySecret, 'log-tag'),
  };
}

/** The key of a number's item, without the number: 22 characters of base64url. */
export function phoneKeyOf(keys: IdentityKeys, phoneNumber: PhoneNumber): string {
  return keyedHash(keys.index, [phoneNumber]);
}

/** `sub` of a number (OpenID Connect Core, section 2): stable for the life of the deployment, and opaque. */
export function subjectOf(keys: IdentityKeys, phoneNumber: PhoneNumber): string {
  return keyedHash(keys.subject, [phoneNumber]);
}

/**
 * `sub` of a sign-in by the fixed code of a test number. Whoever may write the controls may make any number a test
 * number, so this `sub` is never that of the person who has the number.
 */
export function testSubjectOf(keys: IdentityKeys, phoneNumber: PhoneNumber): string {
  return keyedHash(keys.testSubject, [phoneNumber]);
}
