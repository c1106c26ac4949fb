/**
 * Lists every grant of a template in the smallest parts that a test can remove. A part is one action on one resource for
 * one pattern of item keys, a permission to invoke a function, or a role that a secret's resource policy admits. The list
 * leaves out the rights to write logs, because the local stack does not check them.
 */
import * as v from 'valibot';
import type { Template } from '../local/template.ts';

export interface Grant {
  /** Whose it is: the construct's id, such as `RequestOtp`. */
  readonly holder: string;
  /** What it allows, in a few words. */
  readonly allows: string;
  /** Removes it from a template. */
  readonly remove: (template: Template) => void;
}

const listed = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value): readonly string[] => (typeof value === 'string' ? [value] : value)),
);
const condition = v.looseObject({
  'ForAllValues:StringLike': v.strictObject({ 'dynamodb:LeadingKeys': listed }),
});
const statement = v.object({
  Effect: v.literal('Allow'),
  Action: listed,
  Resource: v.record(v.string(), v.unknown()),
  Condition: v.optional(condition),
});
const policies = v.array(v.looseObject({ PolicyDocument: v.looseObject({ Statement: v.array(statement) }) }));

const denial = v.object({
  Effect: v.literal('Deny'),
  Principal: v.object({ AWS: v.literal('*') }),
  Action: listed,
  Resource: v.literal('*'),
  Condition: v.optional(
    v.strictObject({
      ArnNotEquals: v.strictObject({
        'aws:PrincipalArn': v.array(
          v.strictObject({ 'Fn::GetAtt': v.tuple([v.string(), v.literal('Arn')]) }),
        ),
      }),
    }),
  ),
});
const secretPolicy = v.object({
  SecretId: v.object({ Ref: v.string() }),
  ResourcePolicy: v.looseObject({ Statement: v.array(denial) }),
});

type Statement = v.InferOutput<typeof statement>;

/** The grants of the functions' roles, and the permissions to invoke the functions. */
export function grantsOf(template: Template): readonly Grant[] {
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) => {
    if (Type === 'AWS::IAM::Role') return roleGrants(id, v.parse(policies, Properties['Policies']));
    if (Type === 'AWS::Lambda::Permission') return [permissionGrant(id, Properties)];
    if (Type === 'AWS::SecretsManager::ResourcePolicy')
      return exceptions(id, v.parse(secretPolicy, Properties));
    return [];
  });
}

const writesLogs: ReadonlySet<string> = new Set(['logs:CreateLogStream', 'logs:PutLogEvents']);

function roleGrants(id: string, all: v.InferOutput<typeof policies>): readonly Grant[] {
  const statements = all.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return statements.flatMap((wanted, index) =>
    wanted.Action.filter((action) => !writesLogs.has(action)).flatMap((action) =>
      keysOf(wanted).map((key) => ({
        holder: id.replace(/Role[0-9A-F]{8}$/, ''),
        allows: [action, 'on', resourceName(wanted), key].filter((word) => word !== '').join(' '),
        remove: (template: Template) => {
          const kept = statements.flatMap((candidate, at) =>
            at === index ? without(candidate, action, key) : candidate,
          );
          const role = template.Resources[id];
          if (role)
            role.Properties['Policies'] = [{ PolicyName: 'Needs', PolicyDocument: { Statement: kept } }];
        },
      })),
    ),
  );
}

/** The same statement for every other action, and for every other key. */
function without(from: Statement, action: string, key: string): readonly Statement[] {
  const otherActions = { ...from, Action: from.Action.filter((candidate) => candidate !== action) };
  const keys = keysOf(from).filter((candidate) => candidate !== key);
  const otherKeys = {
    ...from,
    Action: [action],
    Condition: { ...from.Condition, 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
  };
  return [...(otherActions.Action.length > 0 ? [otherActions] : []), ...(keys.length > 0 ? [otherKeys] : [])];
}

function keysOf({ Condition }: Statement): readonly string[] {
  return Condition?.['ForAllValues:StringLike']['dynamodb:LeadingKeys'] ?? [''];
}

function resourceName({ Resource }: Statement): string {
  const [name] = Object.values(Resource).flat();
  return String(name);
}

/** The roles that a resource policy does not deny. Without this exception, a role's own grant has no effect. */
function exceptions(
  id: string,
  { SecretId, ResourcePolicy }: v.InferOutput<typeof secretPolicy>,
): readonly Grant[] {
  return ResourcePolicy.Statement.flatMap((wanted, index) => {
    const roles = wanted.Condition?.ArnNotEquals['aws:PrincipalArn'] ?? [];
    return roles.map((role) => ({
      holder: role['Fn::GetAtt'][0].replace(/Role[0-9A-F]{8}$/, ''),
      allows: `exception for ${wanted.Action.join(', ')} in the policy of ${SecretId.Ref}`,
      remove: (template: Template) => {
        const others = roles.filter((candidate) => candidate !== role);
        // IAM has no empty list of values: without exceptions there is no condition.
        const { Condition: _, ...denial } = wanted;
        const stricter =
          others.length === 0
            ? denial
            : { ...denial, Condition: { ArnNotEquals: { 'aws:PrincipalArn': others } } };
        const Statement = ResourcePolicy.Statement.map((kept, at) => (at === index ? stricter : kept));
        const resource = template.Resources[id];
        if (resource) resource.Properties['ResourcePolicy'] = { Statement };
      },
    }));
  });
}

function permissionGrant(id: string, { Principal, SourceArn }: Readonly<Record<string, unknown>>): Grant {
  const source = JSON.stringify(SourceArn);
  const [, path] = /"\/\*\/\*(\/[^"]+)"/.exec(source) ?? [];
  const [, secret] = /^\{"Ref":"(\w+)"\}$/.exec(source) ?? [];
  const [, rule] = /^\{"Fn::GetAtt":\["(\w+)","Arn"\]\}$/.exec(source) ?? [];
  return {
    holder: String(Principal),
    allows: `lambda:InvokeFunction for ${path ?? secret ?? rule ?? source}`,
    remove: (template) => {
      delete template.Resources[id];
    },
  };
}
