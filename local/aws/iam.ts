/**
 * The part of IAM that our policies use: identity policies with Allow and Deny, wildcards, and a few conditions. An
 * unknown operator or condition key denies, because the local stack must never allow what AWS would refuse.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import * as v from 'valibot';

const oneOrMany = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
);

export const statementSchema = v.strictObject({
  Sid: v.optional(v.string()),
  /** Only in a resource policy. Ours all name everybody. */
  Principal: v.optional(v.union([v.literal('*'), v.strictObject({ AWS: v.literal('*') })])),
  Effect: v.picklist(['Allow', 'Deny']),
  Action: oneOrMany,
  Resource: oneOrMany,
  Condition: v.optional(v.record(v.string(), v.record(v.string(), oneOrMany)), {}),
});

/** One statement of a policy, with single values turned into lists. */
export type Statement = Readonly<v.InferOutput<typeof statementSchema>>;

/** A request for an action. `context` has its condition keys; a key that the request lacks is absent. */
export interface Ask {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Whether the statements allow the request: at least one Allow, and no Deny. */
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
  // With an unknown condition an Allow never matches and a Deny always does.
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

/** Whether a resource policy denies the request. Its Allow statements add nothing for roles of the same account. */
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
