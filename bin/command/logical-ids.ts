/**
 * The logical ids of a Doorcode in a stack. Where it shares the stack with other resources, each has a prefix, and what has
 * none is not ours. Without the prefix they are those of a stack that it has to itself, so the commands know one spelling.
 */
import { sharedPrefix } from '../../lib/shared-prefix.ts';

/** An output of every Doorcode. With the prefix, no stack has it that a Doorcode has to itself. */
const everyOnesOutput = `${sharedPrefix}ApiUrl`;

/** What of `ids` is ours, in the spelling of a stack of our own. `outputs` are all outputs of the stack. */
export function ownIds<T>(
  ids: ReadonlyMap<string, T>,
  outputs: ReadonlyMap<string, string>,
): ReadonlyMap<string, T> {
  if (!outputs.has(everyOnesOutput)) return ids;
  return new Map(
    [...ids].flatMap(([id, value]) =>
      id.startsWith(sharedPrefix) ? [[id.slice(sharedPrefix.length), value]] : [],
    ),
  );
}
