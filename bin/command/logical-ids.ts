/**
 * The logical ids of a Doorcode in a stack. Where it shares the stack with other resources, each has a prefix, and what has
 * none is not ours. Without the prefix they are those of a stack that it has to itself, so the commands know one spelling.
 */
import { prefixIn } from '../../lib/shared-prefix.ts';

/** What of `ids` is ours, in the spelling of a stack of our own. `outputs` are all outputs of the stack. */
export function ownIds<T>(
  ids: ReadonlyMap<string, T>,
  outputs: ReadonlyMap<string, string>,
): ReadonlyMap<string, T> {
  const prefix = prefixIn([...outputs.keys()]);
  return new Map(
    [...ids].flatMap(([id, value]) => (id.startsWith(prefix) ? [[id.slice(prefix.length), value]] : [])),
  );
}
