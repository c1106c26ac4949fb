/**
 * Other spellings of one number, as people, keyboards and attackers write it. The functions must accept none of them,
 * because an alias would have a second set of limits for the same phone.
 */
import type { Chance } from '../seeded.ts';

/** Where other scripts have their zero (Unicode, general category Nd). */
const zeros = [
  0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0xff10,
];
const between = [
  ' ',
  '-',
  '.',
  '/',
  '(',
  ')',
  '\u00a0',
  '\u200b',
  '\u200d',
  '\u2060',
  '\u00ad',
  '\u202e',
  '\u2011',
];
const around = [' ', '\n', '\r\n', '\t', '\0', '\u00a0', '\ufeff', '\u200e', '"', "'", ',', ';', '%00'];
const plusses = ['＋', '﹢', '⁺', '+ ', '++', '%2B', '00', '0', '', '011', '\u002b\u200b', '+0'];
const lookalikes: Readonly<Record<string, string>> = {
  '0': 'O',
  '1': 'l',
  '5': 'S',
  '8': 'B',
  '9': 'g',
  '6': 'б',
};

type Change = (number: string, chance: Chance) => string;

const changes: readonly Change[] = [
  (n, c) => n.replace(/[0-9]/g, (d) => digitOf(d, c.pick(zeros))),
  (n, c) => replaceAt(n, c, (d) => digitOf(d, c.pick(zeros))),
  (n, c) => replaceAt(n, c, (d) => lookalikes[d] ?? 'x'),
  (n, c) => insert(n, c.below(n.length + 1), c.pick(between)),
  (n, c) => c.pick(around) + n,
  (n, c) => n + c.pick(around),
  (n, c) => c.pick(plusses) + n.slice(1),
  (n, c) => `${n.slice(0, 3)}${c.pick(['0', '91', '091', '+91'])}${n.slice(3)}`,
  (n, c) => `${c.pick(['tel:', 'sms:', 'TEL:', 'callto:'])}${n}`,
  (n, c) => `${n}${c.pick([';ext=1', 'x1', '#', 'p1', 'w', ',,1', '@ims'])}`,
  (n) => n.slice(3),
  (n) => `0${n.slice(3)}`,
  (n) => n.slice(1),
  (n, c) => insert(n, c.below(n.length + 1), String(c.below(10))),
  (n, c) => n.slice(0, c.below(n.length)),
];

/** Generates this many different spellings, none of them equal to `number`. */
export function spellingsOf(number: string, count: number, chance: Chance): readonly string[] {
  const spellings = new Set<string>();
  while (spellings.size < count) {
    const times = 1 + chance.below(3);
    let spelling = number;
    for (let i = 0; i < times; i += 1) spelling = chance.pick(changes)(spelling, chance);
    if (spelling !== number && spelling.length < 200) spellings.add(spelling);
  }
  return [...spellings];
}

/** JSON texts of the number itself, with each character plain or escaped. The functions must read them as the number. */
export function jsonTextsOf(number: string, count: number, chance: Chance): readonly string[] {
  return Array.from(
    { length: count },
    () =>
      `"${[...number].map((c) => (chance.next() < 0.5 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)).join('')}"`,
  );
}

const digitOf = (digit: string, zero: number): string =>
  /^[0-9]$/.test(digit) ? String.fromCodePoint(zero + Number(digit)) : digit;
const insert = (text: string, at: number, more: string): string => text.slice(0, at) + more + text.slice(at);

function replaceAt(number: string, chance: Chance, change: (digit: string) => string): string {
  const at = 1 + chance.below(number.length - 1);
  return number.slice(0, at) + change(number.charAt(at)) + number.slice(at + 1);
}
