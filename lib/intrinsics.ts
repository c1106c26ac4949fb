/**
 * The intrinsic functions of CloudFormation that our template uses: Ref, Fn::GetAtt, Fn::Join, Fn::Split, Fn::Select and
 * plain Fn::Sub. The local stack runs what they give, and the doctor compares it with what AWS answers. An unknown one
 * throws an error with its name, because a guess would run or expect something else than what is deployed.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

/** Values by name: `Table` for a Ref, `Table.Arn` for an attribute, `AWS::Region` for a pseudo parameter. */
export type Names = Pick<ReadonlyMap<string, string>, 'get'>;

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

function resolveIntrinsic(key: string, argument: unknown, names: Names): unknown {
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
    case 'Fn::Split': {
      const [separator, text] = Array.isArray(argument) ? argument : [];
      return String(resolve(text, names)).split(String(separator));
    }
    case 'Fn::Select': {
      const [index, list] = Array.isArray(argument) ? argument : [];
      const resolved = resolve(list, names);
      return Array.isArray(resolved) ? resolved[Number(index)] : undefined;
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_, name: string) => lookUp(name, names));
    default:
      throw new Error(`${key} is not supported. Add it to lib/intrinsics.ts.`);
  }
}

function lookUp(name: string, names: Names): string {
  const value = names.get(name);
  if (value === undefined)
    throw new Error(`There is no value for ${name}. For the local stack add it to local/deployed-names.ts.`);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
