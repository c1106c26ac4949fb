/**
 * The encodings in which a secret may leak: plain, reversed, base64 at each of its three alignments in a longer text,
 * hexadecimal, percent-encoded. A spelling that is too short proves nothing, because it occurs by chance.
 */

/** The shortest useful spelling. Fewer characters occur in base64 and hexadecimal by chance. */
const minEncodedCharacters = 8;

/** A spelling, and its name for a report. */
export interface Spelling {
  readonly encoding: string;
  readonly text: string;
}

/** Every spelling of `value`. */
export function spellingsOf(value: string): readonly Spelling[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const encoded = [
    ...base64Cores(bytes).flatMap((core, offset) => [
      { encoding: `base64 at offset ${offset}`, text: core },
      { encoding: `base64url at offset ${offset}`, text: core.replaceAll('+', '-').replaceAll('/', '_') },
    ]),
    { encoding: 'hexadecimal', text: hex },
    { encoding: 'hexadecimal in capitals', text: hex.toUpperCase() },
    { encoding: 'percent-encoded', text: percent },
    { encoding: 'percent-encoded in capitals', text: percent.toUpperCase() },
    { encoding: 'percent-encoded where needed', text: encodeURIComponent(value) },
  ].filter(({ text }) => text.length >= minEncodedCharacters && text !== value);
  const byText = new Map(
    [
      { encoding: 'as it is', text: value },
      { encoding: 'reversed', text: [...value].reverse().join('') },
      ...encoded,
    ].map((spelling) => [spelling.text, spelling] as const),
  );
  return [...byText.values()];
}

/** What does not depend on the neighbours, with 0, 1 and 2 bytes before it. */
function base64Cores(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const firstOwn = Math.ceil((offset * 8) / 6);
    const lastOwn = Math.floor(((offset + bytes.length) * 8) / 6);
    return text.slice(firstOwn, lastOwn);
  });
}
