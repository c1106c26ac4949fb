/**
 * The rotation of the code secret to another random value. Codes already sent still work: a slot names the version that
 * hashed its code, and Secrets Manager keeps a version readable by its id for a day after its last label is gone.
 */
import { deriveCodeKey } from '../otp/code.ts';
import { drawSecret } from './drawn-secret.ts';
import type { Rotation } from './rotate-secret.ts';
import { RotationFailed } from './rotation-failed.ts';

/** The rotation of the code secret. */
export const codeSecretRotation: Rotation = {
  // No person waits for this rotation, and Secrets Manager retries by itself.
  afterFailure: 'leave-pending',
  nextValue: async (stored) => (stored === undefined ? drawSecret() : undefined),
  check: async (value) => {
    try {
      deriveCodeKey(value);
    } catch {
      throw new RotationFailed('malformed', 'the pending value makes no key');
    }
  },
};
