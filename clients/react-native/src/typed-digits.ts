/** A code that is not complete yet. */
import { asciiDigits } from 'doorcode-client';

/** The digits typed so far; undefined for text that is no part of a code. */
export function digitsOf(text: string, codeLength: number): string | undefined {
  const typed = asciiDigits(text).replace(/[\s-]/g, '');
  return /^\d*$/.test(typed) && typed.length <= codeLength ? typed : undefined;
}
