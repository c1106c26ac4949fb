/**
 * Reads digits as people type and paste them: in their own script, with spaces, inside a whole SMS. The server accepts only
 * one spelling, so the client normalises it here. It reads a text with exactly one meaning and refuses an ambiguous one.
 *
 * Unicode's own categories say which characters are digits and which are unseen; Hermes before 2024 does not know them,
 * and gets the scripts that phones in India have.
 */

/** Made at run time, because an engine that cannot read such a pattern refuses the whole file. */
function pattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'gu');
  } catch {
    return undefined;
  }
}

/** Direction marks, joiners, soft hyphens, and the marks that make emoji of digits. */
const unseen = String.raw`\u20e3\ufe0f`;
const invisible =
  pattern(String.raw`[\p{Cf}${unseen}]`) ??
  pattern(String.raw`[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff${unseen}]`);
const decimal = pattern(String.raw`\p{Nd}`);

/** `text` with every digit as an ASCII one. */
export function asciiDigits(text: string): string {
  return text
    .replace(invisible ?? '', '')
    .replace(/[^\0-\x7f]/gu, (character) => String(digitOf(character.codePointAt(0) ?? 0) ?? character));
}

/** Unicode puts the ten digits of a script, or several such tens, in a row that starts with a zero. */
function digitOf(point: number): number | undefined {
  if (decimal === undefined) {
    const digit = point - zeroBelow(point);
    return digit >= 0 && digit < 10 ? digit : undefined;
  }
  let start = point;
  while (String.fromCodePoint(start).search(decimal) === 0) start -= 1;
  return start === point ? undefined : (point - start - 1) % 10;
}

/** Devanagari to Malayalam have theirs at one place of each block; Arabic, Persian and full width have their own. */
function zeroBelow(point: number): number {
  if (point >= 0x900 && point < 0xd80) return (point & ~0x7f) + 0x66;
  return point < 0x6f0 ? 0x660 : point < 0x900 ? 0x6f0 : 0xff10;
}

/**
 * Digits with at most one space or dash between two of them: a code as people write it inside a text. The dashes are
 * Unicode's, as far as keyboards and texts have them.
 */
const spaced = /\d(?:[\s\u2010-\u2015\u2212-]?\d)*/g;
const gaps = /[\s\u2010-\u2015\u2212-]/g;

/** The code in a text; undefined when there is none, or more than one. */
export function codeIn(text: string, codeLength: number): string | undefined {
  const ascii = asciiDigits(text);
  const digits = ascii.replace(gaps, '');
  if (/^\d+$/.test(digits)) return onlyDigits(digits, codeLength);
  const groups = (ascii.match(spaced) ?? []).map((group) => group.replace(gaps, ''));
  const runs = [...groups, ...(ascii.match(/\d+/g) ?? [])];
  return onlyOne(runs.filter(({ length }) => length === codeLength));
}

/**
 * A field with nothing but digits: the code, the code filled in twice, or filled in after its first digits were typed.
 */
function onlyDigits(digits: string, codeLength: number): string | undefined {
  const code = digits.slice(-codeLength);
  const before = digits.slice(0, -codeLength);
  if (code.length < codeLength) return undefined;
  const isRepeated = digits === code.repeat(digits.length / codeLength);
  return code.startsWith(before) || isRepeated ? code : undefined;
}

function onlyOne(codes: readonly string[]): string | undefined {
  const [code, ...others] = new Set(codes);
  return others.length > 0 ? undefined : code;
}

/**
 * What may stand before a number, any number of times: the country code and the trunk zero, as people put one in front
 * of the other. `00` dials abroad and needs 91 after it, and so does `+`, or a zero: no country has one.
 */
const prefix = /^(?:\+?(?:00)?91|\+?0(?!0))/;

/** A number, and after it words and what stands between two numbers: never between a prefix and its number. */
const number = /^([6-9][0-9]{9})[a-z/;|\n]*/i;

/** Longer than any number with its prefixes, written twice. */
const maxCharacters = 60;

/** The number in the API's spelling; undefined when there is none, or more than one. */
export function phoneNumberIn(text: string): string | undefined {
  const spelled = asciiDigits(text)
    .replace(/[^0-9+a-z/;|\n]/gi, '')
    .replace(/^[a-z/;|\n]+|[a-z/;|\n]+$/gi, '');
  const only = onlyOne(spelled.length > maxCharacters ? [] : readings(spelled));
  return only && `+91${only}`;
}

/** The different numbers in all ways to read `text` to its end. */
function readings(text: string): readonly string[] {
  const [before = ''] = prefix.exec(text) ?? [];
  const found = new Set(before === '' ? [] : readings(text.slice(before.length)));
  const [whole = '', digits = ''] = number.exec(text) ?? [];
  if (digits !== '') {
    const rest = text.slice(whole.length);
    for (const other of rest === '' ? [digits] : readings(rest)) found.add(other).add(digits);
  }
  return [...found];
}
