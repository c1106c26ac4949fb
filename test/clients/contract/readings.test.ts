/** What is read from typed text: the cases that both clients share, and a generator of spellings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { codeTyped } from '../../../clients/react-native/src/code-typed.ts';
import { asciiDigits, codeIn, phoneNumberIn } from '../../../clients/typescript/src/digits.ts';
import { tagIn } from '../../../clients/typescript/src/tag.ts';
import { phoneNumberSchema } from '../../../functions/otp/phone-number.ts';
import { localeSchema } from '../../../functions/settings/sms-templates.ts';
import { seeded } from '../../../prove/seeded.ts';

const readingSchema = v.tuple([v.string(), v.nullable(v.string())]);
const readings = v.parse(
  v.strictObject({
    /** What is sent of a language as phones name it. */
    locales: v.array(readingSchema),
    numbers: v.array(readingSchema),
    codes: v.array(readingSchema),
    /** What the field held, what it holds now, and what that is. */
    typed: v.array(v.tuple([v.string(), v.string(), v.nullable(v.string())])),
  }),
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../clients/contract/readings.json'), 'utf8')),
);

describe('a reading that both clients share', () => {
  it.each(readings.locales)('of the language in %j is %j, which the server takes', (text, tag) => {
    expect(tagIn(text) ?? null).toBe(tag);
    if (tag !== null) expect(v.safeParse(localeSchema, tag).success).toBe(true);
  });
  it.each(readings.numbers)('of the number in %j is %j', (text, number) => {
    expect(phoneNumberIn(text) ?? null).toBe(number);
  });
  it.each(readings.codes)('of the code in %j is %j', (text, code) => {
    expect(codeIn(text, 6) ?? null).toBe(code);
  });
  it.each(readings.typed)('of a code field with %j that becomes %j is %j', (before, text, code) => {
    expect(codeTyped(text, { before, codeLength: 6 }) ?? null).toBe(code);
  });
});

const spellings = 5_000;
const random = seeded(18);
const digits = (count: number): string => Array.from({ length: count }, () => random.below(10)).join('');

/** Scripts of digits that phones have, by their zero. */
const zeros = [
  0x30, 0x30, 0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xbe6, 0xc66, 0xd66, 0x1c50, 0xabf0, 0xff10, 0x1d7ce,
];
const marks = [
  '',
  '',
  '',
  '\u200e',
  '\u200f',
  '\u202a',
  '\u202c',
  '\u2066',
  '\u2069',
  '\u00ad',
  '\ufeff',
  '\u200d',
  '\u2060',
];
const gaps = ['', '', '', ' ', '-', '\u00a0', '\u2009', '\u2011', '\t', '  '];

/** Digits in some script, with marks that nobody sees and, if `gap` says so, with gaps. */
function spelt(digits: string, gap: readonly string[] = gaps): string {
  const zero = random.pick(zeros);
  return [...digits]
    .map((digit) =>
      /\d/.test(digit)
        ? String.fromCodePoint(zero + Number(digit)) + random.pick(marks) + random.pick(gap)
        : digit,
    )
    .join('');
}

const prefixes = [
  '',
  '',
  '+91',
  '91',
  '0',
  '0091',
  '+91 0',
  '+91 +91',
  '091',
  '0 91',
  '+91-91',
  '+91 (0)',
  '+0091',
];
/** One that the server takes: the plan of India has landlines between its mobile numbers. */
function someNumber(): string {
  const number = random.pick(['6', '7', '8', '9']) + digits(9);
  return v.is(phoneNumberSchema, `+91${number}`) ? number : someNumber();
}

describe('a generator of spellings', () => {
  it(`reads each of ${spellings} numbers that have one reading, and no other number`, () => {
    const wrong: string[] = [];
    for (let count = 0; count < spellings; count += 1) {
      const number = someNumber();
      const one = (): string => `${random.pick(prefixes)}${random.pick(marks)}${spelt(number)}`;
      const text = random.pick([one, one, one, () => `${one()} / ${one()}`, () => `Tel. ${one()}`])();
      const read = phoneNumberIn(text);
      if (read !== `+91${number}` || !v.is(phoneNumberSchema, read))
        wrong.push(`${JSON.stringify(text)}: ${read}`);
    }
    expect(wrong).toEqual([]);
  });

  it(`refuses each of ${spellings} texts with no number or two`, () => {
    const wrong: string[] = [];
    for (let count = 0; count < spellings; count += 1) {
      const number = someNumber();
      const other = someNumber();
      const text = random.pick([
        () => spelt(number.slice(random.below(9) + 1)),
        () => spelt(`8${number.slice(1)}${digits(1 + random.below(5))}`),
        () =>
          `${spelt(number)} ${random.pick(['or', ',', '/', ''])} ${spelt(other === number ? '9' : other)}`,
        () => `+${random.pick(['1', '44', '61', '880', '7', '98'])} ${spelt(number)}`,
        () => spelt(random.pick(['1', '2', '3', '4', '5']) + number.slice(1)),
        () => `${spelt(number)} ext ${digits(2)}`,
      ])();
      if (phoneNumberIn(text) !== undefined) wrong.push(JSON.stringify(text));
    }
    expect(wrong).toEqual([]);
  });

  it(`reads each of ${spellings} codes that have one reading, and no other code`, () => {
    const wrong: string[] = [];
    for (let count = 0; count < spellings; count += 1) {
      const codeLength = 4 + random.below(5);
      const code = digits(codeLength);
      const typed = random.below(codeLength);
      const text = random.pick([
        () => spelt(code),
        () => spelt(code.slice(0, typed) + code),
        () => spelt(code + code),
        () => `${spelt(code, ['', ' ', '-'])}is your code.`,
        () => `Your code: ${spelt(code, [''])}. It is valid for ten minutes.`,
        () => `<#> ${spelt(code, [''])} is it. @example.com #${spelt(code, [''])}`,
      ])();
      const read = codeIn(text, codeLength);
      if (read !== code) wrong.push(`${JSON.stringify(text)}: ${read}, not ${code}`);
    }
    expect(wrong).toEqual([]);
  });

  it(`refuses each of ${spellings} texts with no code or two`, () => {
    const wrong: string[] = [];
    for (let count = 0; count < spellings; count += 1) {
      const code = digits(6);
      const other = digits(6);
      if (other === code) continue;
      const text = random.pick([
        () => spelt(code.slice(random.below(5) + 1)),
        () => spelt(code + other),
        () => `${spelt(code, [''])} or ${spelt(other, [''])}`,
        () => spelt(`${code}${digits(7)}`),
        () => spelt(`98${someNumber().slice(2)}`.replace(/^(....)\1/, '$17000'), ['']),
        () => 'There is no code in this one.',
      ])();
      if (codeIn(text, 6) !== undefined) wrong.push(JSON.stringify(text));
    }
    expect(wrong).toEqual([]);
  });

  it(`takes each of ${spellings} codes filled in after any digits, wherever a tap had put the caret`, () => {
    const wrong: string[] = [];
    for (let count = 0; count < spellings; count += 1) {
      const code = digits(6);
      const before = digits(random.below(5));
      const at = random.below(before.length + 1);
      const text = before.slice(0, at) + code + before.slice(at);
      const read = codeTyped(text, { before, codeLength: 6 });
      // Digits that look like a part of the code leave two readings open; then none is taken.
      if (read !== code && read !== undefined) wrong.push(`${before} → ${text}: ${read}, not ${code}`);
      if (read === undefined && at === before.length && !code.endsWith(before) && before.length < 2)
        wrong.push(`${before} → ${text}: refused`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('digits of every script', () => {
  const points = Array.from({ length: 0x10ffff }, (_, point) => point).filter(
    (point) => point < 0xd800 || point > 0xdfff,
  );

  it('are the ones that Unicode counts, and invisible marks go', () => {
    const digits = points.map((point) => String.fromCodePoint(point)).filter((text) => /\p{Nd}/u.test(text));
    expect(digits.length).toBeGreaterThan(700);
    expect(digits.filter((text) => !/^\d$/.test(asciiDigits(text)))).toEqual([]);
    expect(asciiDigits('𝟘𝟡 ᱐᱙ ꯰꯹ 𑄶𑄿')).toBe('09 09 09 09');
    const marked = points.map((point) => String.fromCodePoint(point)).filter((text) => /\p{Cf}/u.test(text));
    expect(asciiDigits(`4${marked.join('')}2`)).toBe('42');
  });
});
