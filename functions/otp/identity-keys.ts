/**
 * The keys that live as long as the deployment. HKDF (RFC 5869) derives them from the identity secret, each with its own
 * label, so that a value made for one purpose is useless for another.
 *
 * A short secret is refused. This secret cannot rotate: a new one would forget every limit and change every user's `sub`.
 * The stack therefore retains it, and no key that should rotate is derived from it.
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
  /** Makes `sub` of a test number. Its own key keeps it apart from every user's `sub`. */
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
 * `sub` of a sign-in by the fixed code of a test number. Whoever can write the controls can make any number a test number,
 * so this `sub` always differs from that of the number's owner.
 */
export function testSubjectOf(keys: IdentityKeys, phoneNumber: PhoneNumber): string {
  return keyedHash(keys.testSubject, [phoneNumber]);
}
