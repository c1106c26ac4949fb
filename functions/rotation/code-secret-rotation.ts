/**
 * The rotation of the code secret: another random value. Codes under way go on working, because a slot names the
 * version that hashed it and the version before stays readable.
 */
import { randomInt } from 'node:crypto';
import { deriveCodeKey } from '../otp/code.ts';
import type { Rotation } from './rotate-secret.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 381 bits, as the first value has. */
const length = 64;

/** The rotation of the code secret. */
export const codeSecretRotation: Rotation = {
  nextValue: async () => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
  check: async (value) => {
    deriveCodeKey(value);
  },
  finished: async () => undefined,
};
