/** The values of the secrets that rotations draw by themselves, as random as the first ones of a deployment. */
import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 381 bits. */
const length = 64;

/** Draws a value: 64 letters and digits. */
export function drawSecret(): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
