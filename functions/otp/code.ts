/**
 * Makes, hashes and compares codes. A 6-digit code holds 20 bits, so whoever can compute its hash can guess it. A slow
 * hash would not help; a key outside the table protects the stored hash. The hash covers the number, the challenge and
 * the purpose. A hash that is copied to another item or slot therefore matches no code.
 */
import { type KeyObject, randomInt, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { codeLength } from '../settings/fixed-numbers.ts';
import { deriveKey } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';

/** A code as the app sends it: ASCII digits, a string, nothing around it. */
export const codeSchema = v.pipe(
  v.string(`expected a string of ${codeLength} digits`),
  v.regex(/^[0-9]{6}$/, `expected ${codeLength} digits and nothing else`),
  v.brand('Code'),
);

/** A code of {@link codeLength} ASCII digits, leading zeros included. */
export type Code = v.InferOutput<typeof codeSchema>;

/** What a code is bound to. */
export interface CodeBinding {
  readonly phoneKey: string;
  readonly challengeId: string;
  readonly purpose: string;
  /** The caller's session and context, for a purpose that needs them (`caller.ts`). */
  readonly bound: readonly string[];
}

/** Draws a code, uniformly, from the system's cryptographic generator. */
export function drawCode(): Code {
  return v.parse(codeSchema, String(randomInt(0, 10 ** codeLength)).padStart(codeLength, '0'));
}

/** The key that hashes codes, from one version of the code secret. */
export function deriveCodeKey(codeSecret: string): KeyObject {
  return deriveKey(codeSecret, 'code');
}

/** The keyed hash of a code: 22 characters of base64url. */
export function hashCode(
  codeKey: KeyObject,
  { phoneKey, challengeId, purpose, bound }: CodeBinding,
  code: Code,
): string {
  return keyedHash(codeKey, [phoneKey, challengeId, purpose, code, ...bound]);
}

/** Compares two hashes in constant time; hashes of different lengths are different. */
export function isSameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
