/**
 * The rotation of the code secret: another random value. Codes under way go on working, because a slot names the
 * version that hashed it, and a version stays readable by its id for a day after its last label went.
 */
import { randomInt } from 'node:crypto';
import { deriveCodeKey } from '../otp/code.ts';
import type { Rotation } from './rotate-secret.ts';
import { RotationFailed } from './rotation-failed.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 381 bits, as the first value has. */
const length = 64;

/** The rotation of the code secret. */
export const codeSecretRotation: Rotation = {
  // Nobody waits for it, and Secrets Manager tries again by itself.
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
