/**
 * Looks for every spelling of every canary in every text, in one pass per text: the first characters of a spelling are
 * looked up in a table. A code is six digits, which a time or a count may hold by chance, so it must stand by itself;
 * in base64 it is looked for with the quotation marks that JSON puts around it.
 */
import { type Spelling, spellingsOf } from './encodings.ts';
import type { Canary, CanaryKind, Ledger, Place } from './ledger.ts';

/** A canary in a place where it is not allowed. It never has the value, because more people read reports than logs. */
export interface Hit {
  readonly kind: CanaryKind;
  readonly encoding: string;
  readonly place: Place;
  /** What stands around it, without it. */
  readonly around: string;
}

interface Needle extends Spelling {
  readonly kind: CanaryKind;
  readonly standsAlone: boolean;
}

const prefixCharacters = 6;
const aroundCharacters = 40;

/** Where a kind may be: a request's id is for whoever asked. */
const allowed: Readonly<Partial<Record<CanaryKind, readonly Place[]>>> = {
  'request id': ['answer'],
  'device token': ['answer'],
};

/** Every hit. */
export function scan({ canaries, texts }: Pick<Ledger, 'canaries' | 'texts'>): readonly Hit[] {
  const needles = new Map<string, Needle[]>();
  for (const needle of canaries.flatMap(needlesOf)) {
    const prefix = needle.text.slice(0, prefixCharacters);
    needles.set(prefix, [...(needles.get(prefix) ?? []), needle]);
  }
  return texts.flatMap(({ place, text }) => hitsIn(text, { place, needles }));
}

function needlesOf({ kind, value }: Canary): readonly Needle[] {
  if (kind !== 'code') {
    // A number is the same one without its country.
    const core = kind === 'number' ? value.replace(/^\+91/, '') : value;
    return spellingsOf(core).map((spelling) => ({ ...spelling, kind, standsAlone: false }));
  }
  const [plain, reversed] = [value, [...value].reverse().join('')];
  const quoted = spellingsOf(`"${value}"`).filter(({ encoding }) => encoding.startsWith('base64'));
  const encoded = spellingsOf(value).filter(({ encoding }) => /hex|percent/.test(encoding));
  return [
    { kind, encoding: 'as it is', text: plain, standsAlone: true },
    { kind, encoding: 'reversed', text: reversed, standsAlone: true },
    ...[...quoted, ...encoded].map((spelling) => ({ ...spelling, kind, standsAlone: false })),
  ];
}

function hitsIn(
  text: string,
  { place, needles }: { place: Place; needles: ReadonlyMap<string, readonly Needle[]> },
): readonly Hit[] {
  const hits: Hit[] = [];
  for (let at = 0; at + prefixCharacters <= text.length; at += 1) {
    const candidates = needles.get(text.slice(at, at + prefixCharacters));
    if (candidates === undefined) continue;
    for (const needle of candidates) {
      const { kind, encoding, standsAlone } = needle;
      if (!text.startsWith(needle.text, at) || allowed[kind]?.includes(place)) continue;
      const end = at + needle.text.length;
      if (standsAlone && /[A-Za-z0-9]/.test(`${text[at - 1] ?? ' '}${text[end] ?? ' '}`)) continue;
      const around = `${text.slice(Math.max(0, at - aroundCharacters), at)}…${text.slice(end, end + aroundCharacters)}`;
      hits.push({ kind, encoding, place, around });
    }
  }
  return hits;
}
