/**
 * A JSON object in which no object has a member twice, at any depth. `JSON.parse` takes the last of two, other parsers
 * take the first: RFC 7515 section 4 and RFC 7519 section 4 let a reader refuse them.
 */
import * as v from 'valibot';
import { hasMemberTwice } from './json-faults.ts';

/** Parses a JSON object; throws for anything else, and for a member that is there twice. */
export function parseUniqueJson(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) throw new TypeError('expected a JSON object');
  if (hasMemberTwice(text)) throw new TypeError('expected each member once');
  return value;
}

/** The schema of a text that {@link parseUniqueJson} takes. */
export const uniqueJsonSchema = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseUniqueJson(dataset.value);
    } catch {
      addIssue({ message: 'expected a JSON object with each member once' });
      return NEVER;
    }
  }),
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
