/**
 * Digits as people type and paste them: in their own script, with spaces, inside a whole SMS. The server takes one
 * spelling and repairs nothing, so this is done here.
 */

/** The zeros of Arabic, Persian, the scripts of India, Thai, Tibetan, Burmese, Khmer, and full width. */
const zeros = [
  0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xf20, 0x1040, 0x17e0,
  0xff10,
];

/** `text` with every digit as an ASCII one. */
export function asciiDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (character) => {
    const point = character.charCodeAt(0);
    const zero = zeros.find((start) => point >= start && point < start + 10);
    return zero === undefined ? character : String(point - zero);
  });
}

/** The code in what was typed or pasted; undefined when there is none, or more than one. */
export function codeIn(text: string, codeLength: number): string | undefined {
  const ascii = asciiDigits(text);
  // Spaces of every kind and dashes, as people copy a code; nothing else may stand between its digits.
  const compact = ascii.replace(/[\s\u200b-\u200f\u2010-\u2015\u2060-\u2069-]/g, '');
  if (/^\d+$/.test(compact)) return compact.length === codeLength ? compact : undefined;
  const runs = (ascii.match(/\d+/g) ?? []).filter(({ length }) => length === codeLength);
  return new Set(runs).size === 1 ? runs[0] : undefined;
}

/** The Indian mobile number in what was typed or pasted, in the API's spelling; undefined when there is none. */
export function phoneNumberIn(text: string): string | undefined {
  const digits = asciiDigits(text).replace(/[^\d+]/g, '');
  const match = /^(?:\+91|0091|91|0)?([6-9]\d{9})$/.exec(digits);
  return match?.[1] === undefined ? undefined : `+91${match[1]}`;
}
