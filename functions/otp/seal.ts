/**
 * Deterministic authenticated encryption with a synthetic IV (Rogaway and Shrimpton, 2006; RFC 5297 has the same shape
 * with CMAC): the same name and plaintext always give the same bytes, without a nonce that anybody has to keep unique.
 *
 *     name ‖ AES-256-CTR(plaintext; IV = tag) ‖ tag        tag = HMAC-SHA-256(name, plaintext), cut to 16 bytes
 *
 * Both halves have keys of their own. The IV depends on all that is sealed, so two plaintexts under one name have two
 * IVs: the keystream of one tells nothing of the other, and no algebra leads from two tags to the key of the MAC.
 *
 * It trades away the secrecy of repetition: whoever sees two equal texts knows that they seal the same.
 * `docs/decisions/017-synthetic-iv-seal.md` has the bound.
 */
import { createCipheriv, createDecipheriv, type KeyObject, timingSafeEqual } from 'node:crypto';
import { hashBytes, keyedHashBytes } from './keyed-hash.ts';

const cipherName = 'aes-256-ctr';

/** The two keys of one format. A format has keys that no other has, so it needs no other mark of its own. */
export interface SealKeys {
  /** Makes the tag, which is the IV too. */
  readonly mac: KeyObject;
  /** Encrypts (AES-256). */
  readonly cipher: KeyObject;
}

/** What is sealed: the name stays readable, the plaintext does not. Both are authentic once opened. */
export interface Sealed {
  readonly name: Buffer;
  readonly plaintext: Buffer;
}

/** Seals `plaintext` beside `name`; longer than both together by 16 bytes. */
export function seal({ mac, cipher }: SealKeys, { name, plaintext }: Sealed): Buffer {
  const tag = keyedHashBytes(mac, [name, plaintext]);
  const encryption = createCipheriv(cipherName, cipher, tag);
  return Buffer.concat([name, encryption.update(plaintext), encryption.final(), tag]);
}

/** Opens what {@link seal} made with a name of `nameBytes`, or gives `undefined`: altered, or made up. */
export function unseal({ mac, cipher }: SealKeys, sealed: Buffer, nameBytes: number): Sealed | undefined {
  if (sealed.length < nameBytes + hashBytes) return undefined;
  const name = sealed.subarray(0, nameBytes);
  const tag = sealed.subarray(-hashBytes);
  const decryption = createDecipheriv(cipherName, cipher, tag);
  const plaintext = Buffer.concat([
    decryption.update(sealed.subarray(nameBytes, -hashBytes)),
    decryption.final(),
  ]);
  return timingSafeEqual(keyedHashBytes(mac, [name, plaintext]), tag) ? { name, plaintext } : undefined;
}
