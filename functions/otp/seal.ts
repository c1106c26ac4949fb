/**
 * Deterministic authenticated encryption with a synthetic IV (Rogaway and Shrimpton, 2006; RFC 5297 has the same shape
 * with CMAC): the same name and plaintext always give the same bytes, without a nonce that anybody has to keep unique.
 *
 *     name ‖ AES-256-CTR(plaintext; IV = tag) ‖ tag        tag = HMAC-SHA-256(name, plaintext), cut to 16 bytes
 *
 * The tag and the cipher have separate keys. The IV depends on everything that is sealed, so two plaintexts under one name
 * have two IVs. The keystream of one then says nothing about the other, and two tags do not reveal the key of the MAC.
 *
 * The cost: whoever sees two equal texts knows that they seal the same plaintext.
 * `docs/decisions/017-synthetic-iv-seal.md` has the bound.
 */
import { createCipheriv, createDecipheriv, type KeyObject, timingSafeEqual } from 'node:crypto';
import { hashBytes, keyedHashBytes } from './keyed-hash.ts';

const cipherName = 'aes-256-ctr';

/** The two keys of one format. No two formats share keys, so a sealed text opens only as its own format. */
export interface SealKeys {
  /** Makes the tag, which is also the IV. */
  readonly mac: KeyObject;
  /** Encrypts (AES-256). */
  readonly cipher: KeyObject;
}

/** The input of a seal. The name stays readable, the plaintext does not. Opening authenticates both. */
export interface Sealed {
  readonly name: Buffer;
  readonly plaintext: Buffer;
}

/** Seals `plaintext` beside `name`. The result is 16 bytes longer than both together. */
export function seal({ mac, cipher }: SealKeys, { name, plaintext }: Sealed): Buffer {
  const tag = keyedHashBytes(mac, [name, plaintext]);
  const encryption = createCipheriv(cipherName, cipher, tag);
  return Buffer.concat([name, encryption.update(plaintext), encryption.final(), tag]);
}

/** Opens what {@link seal} made with a name of `nameBytes`. Gives `undefined` for a text that was altered or made up. */
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
