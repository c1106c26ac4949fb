/**
 * What the roles of a template allow, as sentences that a test can list. A statement of any other shape than the
 * stack writes (a Deny, a NotAction, an unknown condition) is an error, so that nothing is overlooked.
 */
import type { Template } from 'aws-cdk-lib/assertions';
import * as v from 'valibot';

const oneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
);

const resource = v.union([
  // A secret of a stack before this one, by its ARN.
  v.string(),
  v.pipe(
    v.strictObject({ Ref: v.string() }),
    v.transform(({ Ref }) => Ref),
  ),
  v.pipe(
    v.strictObject({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }),
    v.transform(({ 'Fn::GetAtt': [id] }) => id),
  ),
]);

const statement = v.strictObject({
  Effect: v.literal('Allow'),
  Action: oneOrMore,
  Resource: resource,
  Condition: v.optional(
    v.strictObject({
      'ForAllValues:StringLike': v.strictObject({ 'dynamodb:LeadingKeys': oneOrMore }),
      Null: v.strictObject({ 'dynamodb:LeadingKeys': v.literal('false') }),
    }),
  ),
});

const role = v.object({
  Properties: v.strictObject({
    AssumeRolePolicyDocument: v.unknown(),
    Policies: v.array(
      v.strictObject({
        PolicyName: v.string(),
        PolicyDocument: v.strictObject({ Version: v.string(), Statement: v.array(statement) }),
      }),
    ),
  }),
});

const lambda = v.object({
  Properties: v.object({ Role: v.object({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }) }),
});

/** The functions of the stack, by the ids of their constructs. */
export type FunctionName =
  | 'RequestOtp'
  | 'VerifyOtp'
  | 'WellKnown'
  | 'RotateSigningKey'
  | 'RotateProviderKey'
  | 'Support'
  | 'RotateCodeSecret'
  | 'Session'
  | 'RotateSessionSecret';

/** The logical id of a function. */
export function functionId(template: Template, name: FunctionName): string {
  const ids = Object.keys(template.findResources('AWS::Lambda::Function'));
  const [id, ...others] = ids.filter((candidate) => candidate.startsWith(`${name}Function`));
  if (id === undefined || others.length > 0) throw new Error(`expected one function ${name}`);
  return id;
}

/** The logical id of the role that a function runs with. */
export function roleId(template: Template, name: FunctionName): string {
  const functions = template.findResources('AWS::Lambda::Function');
  return v.parse(lambda, functions[functionId(template, name)]).Properties.Role['Fn::GetAtt'][0];
}

/** Everything a function may do: `action on resource`, and the item keys where they are restricted. */
export function grants(template: Template, name: FunctionName): readonly string[] {
  const found = template.findResources('AWS::IAM::Role')[roleId(template, name)];
  return v.parse(role, found).Properties.Policies.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Action, Resource, Condition }) => {
      const keys = Condition?.['ForAllValues:StringLike']['dynamodb:LeadingKeys'];
      return Action.map((action) => `${action} on ${Resource}${keys ? ` (${keys.join(', ')})` : ''}`);
    }),
  );
}
