/**
 * How many segments a text takes as an SMS: what the carriers carry one by one, and the provider bills. In the GSM 7-bit
 * alphabet (3GPP TS 23.038, section 6.2.1) one segment has 160 septets, in UCS-2 70 units of 16 bits; a text of several
 * loses 7 septets, or 3 units, of each to the header that joins them (3GPP TS 23.040, section 9.2.3.24.1).
 */
import { gsm7Pattern } from '../functions/settings/gsm-7.ts';

/** What an SMS costs. */
export interface SmsLength {
  readonly alphabet: 'GSM-7' | 'UCS-2';
  /** Septets, or 16-bit units. */
  readonly units: number;
  /** What one segment alone may have, in the same unit. */
  readonly unitsOfOne: number;
  readonly segments: number;
  /** The first character that is not in GSM-7. */
  readonly foreign: string | undefined;
}

/** The extension table (section 6.2.1.1): an escape and a second septet. */
const extension = /^[\f^{}\\[~\]|€]$/;

/** Measures a text as it is sent, with every placeholder filled in. New lines are characters of GSM-7, too. */
export function smsLength(text: string): SmsLength {
  const characters = [...text];
  const foreign = characters.find(
    (one) => !/^[\n\r]$/.test(one) && !gsm7Pattern.test(one) && !extension.test(one),
  );
  const isGsm7 = foreign === undefined;
  // Outside of the basic plane a character is a surrogate pair: two units of UTF-16, which phones read for UCS-2.
  const widths = characters.map((one) => (isGsm7 ? (extension.test(one) ? 2 : 1) : one.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  const [unitsOfOne, unitsOfSeveral] = isGsm7 ? [160, 153] : [70, 67];
  const segments = units <= unitsOfOne ? 1 : segmentsOf(widths, unitsOfSeveral);
  return { alphabet: isGsm7 ? 'GSM-7' : 'UCS-2', units, unitsOfOne, segments, foreign };
}

/** Two septets or units of one character stay together: the rest of a segment may be left empty. */
function segmentsOf(widths: readonly number[], room: number): number {
  let segments = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > room) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return segments;
}
