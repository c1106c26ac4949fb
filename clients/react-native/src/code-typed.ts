/** The content of a code field after typing, paste and autofill. */
import { asciiDigits, codeIn } from 'doorcode-client';

/**
 * The new content of a code field that held `before`: the code, or its digits so far; undefined for text that is no part of a code.
 * An insertion counts as typed at the end, because the field shows no caret to put it elsewhere.
 */
export function codeTyped(
  text: string,
  { before, codeLength }: { before: string; codeLength: number },
): string | undefined {
  const inserted = insertions(before, text);
  const code = inserted.length > 0 ? onlyCode(inserted, codeLength) : codeIn(text, codeLength);
  if (code !== undefined) return code;
  // Autofill has inserted the same complete code again.
  if (before.length === codeLength && inserted.includes(before)) return before;
  const [typed] = inserted;
  const digits = asciiDigits(typed === undefined ? text : before + typed).replace(/[\s-]/g, '');
  return /^\d*$/.test(digits) && digits.length <= codeLength ? digits : undefined;
}

/** Every text that, put somewhere into `before`, gives `text`. */
function insertions(before: string, text: string): readonly string[] {
  const added = text.length - before.length;
  if (added <= 0) return [];
  const found = new Set<string>();
  for (let at = before.length; at >= 0; at -= 1)
    if (text.slice(0, at) + text.slice(at + added) === before) found.add(text.slice(at, at + added));
  return [...found];
}

/** The one code among several texts. */
function onlyCode(texts: readonly string[], codeLength: number): string | undefined {
  const [code, ...others] = new Set(texts.flatMap((text) => codeIn(text, codeLength) ?? []));
  return others.length > 0 ? undefined : code;
}
