/**
 * What people read where a schema has no message of its own. The library's default shows the value that it received,
 * which may be what nobody shall see, and speaks as a type checker does. Ours says what would be right.
 */
import type * as v from 'valibot';

/** The third argument of `v.safeParse`. A message that stands in the schema itself is kept. */
export const inOurWords = { message: wording } as const;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
};

/** `unknown`, `required` or `expected …`; never the value. */
function wording({ type, expected }: v.BaseIssue<unknown>): string {
  if (expected === null) return 'expected another value';
  if (Object.hasOwn(kinds, expected)) return `expected ${kinds[expected]}`;
  if (type === 'strict_object' && expected === 'never') return 'unknown';
  return type === 'strict_object' || type === 'object' ? 'required' : `expected ${expected}`;
}
