/**
 * The message for a mistake where the schema has none of its own. The library's default shows the received value, which may
 * be secret, and is written for programmers. Ours says what is expected.
 */
import type * as v from 'valibot';

/** The third argument of `v.safeParse`. A message in the schema itself takes precedence. */
export const inOurWords = { message: wording } as const;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
};

/** Gives `unknown`, `required` or `expected …`, but never the value. */
function wording({ type, expected }: v.BaseIssue<unknown>): string {
  if (expected === null) return 'expected another value';
  if (Object.hasOwn(kinds, expected)) return `expected ${kinds[expected]}`;
  if (type === 'strict_object' && expected === 'never') return 'unknown';
  const [, sign, bound] = /^([<>])=(.+)$/.exec(expected) ?? [];
  if (bound !== undefined) {
    const what = type.endsWith('_length') ? 'a length of ' : '';
    return `expected ${what}${sign === '>' ? 'at least' : 'at most'} ${bound}`;
  }
  return type === 'strict_object' || type === 'object' ? 'required' : `expected ${expected}`;
}
