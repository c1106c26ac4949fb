/**
 * The intrinsic functions of CloudFormation that our template uses: Ref, Fn::GetAtt, Fn::Join and plain Fn::Sub. An unknown
 * one throws an error with its name, because a guess would run something else than what is deployed.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

/** Values by name: `Table` for a Ref, `Table.Arn` for an attribute, `AWS::Region` for a pseudo parameter. */
export type Names = ReadonlyMap<string, string>;

/** Replaces every intrinsic in `value`. Throws where a name or a function is unknown. */
export function resolve(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, names));
  if (!isObject(value)) return value;
  const [key, argument] = Object.entries(value)[0] ?? [];
  const isIntrinsic =
    key !== undefined && (key === 'Ref' || key.startsWith('Fn::')) && Object.keys(value).length === 1;
  if (isIntrinsic) return resolveIntrinsic(key, argument, names);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, names)]));
}

function resolveIntrinsic(key: string, argument: unknown, names: Names): string {
  switch (key) {
    case 'Ref':
      return lookUp(String(argument), names);
    case 'Fn::GetAtt':
      return lookUp(Array.isArray(argument) ? argument.join('.') : String(argument), names);
    case 'Fn::Join': {
      const [separator, parts] = Array.isArray(argument) ? argument : [];
      const resolved = resolve(parts, names);
      return Array.isArray(resolved) ? resolved.join(String(separator)) : String(resolved);
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, name: string) => lookUp(name, names));
    default:
      throw new Error(`The local stack does not support ${key}. Add it to local/intrinsics.ts.`);
  }
}

function lookUp(name: string, names: Names): string {
  const value = names.get(name);
  if (value === undefined)
    throw new Error(`The local stack has no value for ${name}. Add it to local/deployed-names.ts.`);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
