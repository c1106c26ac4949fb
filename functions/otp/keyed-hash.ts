/**
 * HMAC-SHA-256 over several parts (RFC 2104). Every part is preceded by its length in bytes, so that moving a
 * character from one part to the next never gives the same hash. Truncated to 128 bits, the strength that
 * ASVS 11.2.3 asks for; RFC 2104 section 5 allows truncation down to half of the output.
 */
import { createHmac, type KeyObject } from 'node:crypto';

/** How many bytes of the HMAC are kept. */
export const hashBytes = 16;

/** The keyed hash of `parts`: 22 characters of base64url (128 bits). */
export function keyedHash(key: KeyObject, parts: readonly string[]): string {
  return keyedHashBytes(key, parts).toString('base64url');
}

/** The keyed hash of `parts` as 16 bytes; a string counts as its UTF-8 bytes. */
export function keyedHashBytes(key: KeyObject, parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    const lengthPrefix = Buffer.alloc(4);
    lengthPrefix.writeUInt32BE(Buffer.byteLength(part));
    hmac.update(lengthPrefix).update(part);
  }
  return hmac.digest().subarray(0, hashBytes);
}
