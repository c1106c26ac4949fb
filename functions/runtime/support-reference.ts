/**
 * The support reference: eight characters that a user can read out, for the call that they ask about. Every answer has it,
 * and every log line of the call. It is a hash of the gateway's id of the request, so nothing stores it, and whoever has
 * the id can compute it. It is no secret and opens nothing.
 *
 * 24 characters to the power of eight are 36.7 bits: among a million calls there is a second one with a given reference
 * once in 110,000 times. `support why` then answers for the newest, and says so.
 */
import { createHash } from 'node:crypto';

/**
 * Digits and capitals without look-alikes: of 0/O, 1/I/L, 2/Z, 5/S, 6/G, 8/B and U/V at most one is there. Without vowels,
 * so that no reference is a word.
 */
export const referenceAlphabet = '23456789CDFHJKMNPQRTVWXY';

/** A support reference. */
export const referencePattern: RegExp = new RegExp(`^[${referenceAlphabet}]{8}$`);

/** Six bytes: a remainder by 24 ** 8 then prefers no reference by more than one part in two thousand. */
const hashedBytes = 6;

/** The support reference of the gateway's id of a request. */
export function supportReferenceOf(requestId: string): string {
  let rest = createHash('sha256').update(requestId).digest().readUIntBE(0, hashedBytes);
  let reference = '';
  while (reference.length < 8) {
    reference += referenceAlphabet[rest % referenceAlphabet.length];
    rest = Math.floor(rest / referenceAlphabet.length);
  }
  return reference;
}
