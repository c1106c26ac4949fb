/**
 * IAM, as far as our policies go: identity policies with Allow and Deny, wildcards, and the conditions in use. What is
 * not understood, an operator or a condition key, denies: the local stack must never allow what AWS would not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import * as v from 'valibot';

const oneOrMany = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
);

export const statementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  /** In a resource policy; everybody's is the only one in use. */
  Principal: v.optional(v.union([v.literal('*'), v.strictObject({ AWS: v.literal('*') })])),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: v.optional(v.record(v.string(), v.record(v.string(), oneOrMany)), {}),
});

/** One statement of a policy, its single values as lists. */
export type Statement = Readonly<v.InferOutput<typeof statementSchema>>;

/** What somebody asks for. `context` has the request's condition keys; a key that it lacks is absent. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Whether the statements allow it: an Allow, and no Deny. */
export function isAllowed(statements: readonly Statement[], ask: Ask): boolean {
  const applying = statements.filter((statement) => applies(statement, ask));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

function applies(
  { Effect, Action, Resource, Condition }: Statement,
  { action, resource, context }: Ask,
): boolean {
  const isMeant = Action.some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase()));
  if (!isMeant || !Resource.some((pattern) => isLike(resource, pattern))) return false;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => holds(operator, wanted, context[key])),
  );
  // An unknown condition makes an Allow useless and a Deny certain.
  return Effect === 'Allow' ? conditions.every((c) => c === true) : conditions.every((c) => c !== false);
}

function holds(
  operator: string,
  wanted: readonly string[],
  given: readonly string[] | undefined,
): boolean | undefined {
  switch (operator) {
    case 'StringEquals':
      return given?.length === 1 && given.every((value) => wanted.includes(value));
    case 'ArnNotEquals':
      return !given?.some((value) => wanted.includes(value));
    case 'StringLike':
      return given?.length === 1 && given.every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case 'ForAllValues:StringEquals':
      return (given ?? []).every((value) => wanted.includes(value));
    case 'ForAllValues:StringLike':
      return (given ?? []).every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case 'Null':
      return wanted.every((value) => (value === 'true') === (given === undefined));
    default:
      return undefined;
  }
}

/** Whether the statements of a resource policy forbid it. An Allow there adds nothing within one account's roles. */
export function isDenied(statements: readonly Statement[], ask: Ask): boolean {
  return statements.some((statement) => statement.Effect === 'Deny' && applies(statement, ask));
}

/** IAM's wildcards: `*` for any characters, `?` for one. */
export function isLike(value: string, pattern: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
