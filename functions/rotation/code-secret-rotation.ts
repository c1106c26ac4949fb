/**
 * The rotation of the code secret to another random value. Codes already sent still work: a slot names the version that
 * hashed its code, and Secrets Manager keeps a version readable by its id for a day after its last label is gone.
 */
import { randomInt } from 'node:crypto';
import { deriveCodeKey } from '../otp/code.ts';
import type { Rotation } from './rotate-secret.ts';
import { RotationFailed } from './rotation-failed.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** The length of the value: 381 bits, as in the first one. */
const length = 64;

/** The rotation of the code secret. */
export const codeSecretRotation: Rotation = {
  // No person waits for this rotation, and Secrets Manager retries by itself.
  afterFailure: 'leave-pending',
  nextValue: async (stored) =>
    stored === undefined
      ? Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
      : undefined,
  check: async (value) => {
    try {
      deriveCodeKey(value);
    } catch {
      throw new RotationFailed('malformed', 'the pending value makes no key');
    }
  },
};
