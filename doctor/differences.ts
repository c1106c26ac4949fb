/** Compares what the template says with what AWS answers. */

/** Stands in a template's value for what only AWS knows, such as an attribute of a resource of somebody else. Equals all. */
export const unknownValue = '\u0000unknown';

/**
 * The paths at which `found` is not as `expected` says. Members that `expected` does not have are not compared. Lists
 * must have the same entries, in any order. Numbers and their spellings are the same, as for CloudFormation.
 */
export function differences(expected: unknown, found: unknown, path = ''): readonly string[] {
  if (typeof expected === 'string' && expected.includes(unknownValue)) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return [path];
    const left = [...found];
    for (const item of expected) {
      const at = left.findIndex((other) => differences(item, other).length === 0);
      if (at === -1) return [path];
      left.splice(at, 1);
    }
    return [];
  }
  if (isRecord(expected)) {
    if (!isRecord(found)) return [path];
    return Object.entries(expected).flatMap(([name, value]) =>
      value === undefined ? [] : differences(value, found[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return String(expected) === String(found) ? [] : [path];
}

/** Whether each of the two has everything that the other has. */
export function isSame(one: unknown, other: unknown): boolean {
  return differences(one, other).length === 0 && differences(other, one).length === 0;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A policy document in one spelling: lists where IAM also takes a single value, and no empty members. */
export function policyStatements(document: unknown): readonly unknown[] {
  const { Statement } = Object(document);
  return listOf(Statement).map((statement) => {
    const { Effect, Principal, Action, Resource, Condition = {} } = Object(statement);
    return {
      Effect,
      // `*` and `{ "AWS": "*" }` both mean everybody.
      ...(Principal !== undefined && {
        Principal: isRecord(Principal) ? spelt(Principal) : { AWS: [Principal] },
      }),
      Action: listOf(Action),
      Resource: listOf(Resource),
      Condition: Object.fromEntries(
        Object.entries(Object(Condition)).map(([operator, keys]) => [operator, spelt(Object(keys))]),
      ),
    };
  });
}

function spelt(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, listOf(value)]));
}

/** A list as it is, and anything else as a list of one; nothing is an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
