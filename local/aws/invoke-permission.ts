/**
 * Which AWS services may invoke a function. The template's `AWS::Lambda::Permission`s are the function's resource policy.
 * A permission without a source would let in the API or secret of any account.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
import * as v from 'valibot';
import type { OfType } from '../template.ts';
import { isLike } from './iam.ts';

const permissionSchema = v.object({
  Action: v.literal('lambda:InvokeFunction'),
  FunctionName: v.string(),
  Principal: v.string(),
  SourceArn: v.optional(v.string(), '*'),
  SourceAccount: v.optional(v.string()),
});

/** One permission; `SourceArn` may have wildcards. */
export type InvokePermission = Readonly<v.InferOutput<typeof permissionSchema>>;

/** A service that asks to invoke a function, on behalf of one of its resources. */
export interface Invoker {
  readonly functionArn: string;
  readonly principal: 'apigateway.amazonaws.com' | 'secretsmanager.amazonaws.com' | 'events.amazonaws.com';
  readonly sourceArn: string;
}

/** The permissions of a template. */
export function readInvokePermissions(ofType: OfType): readonly InvokePermission[] {
  return ofType('AWS::Lambda::Permission').map(([, properties]) => v.parse(permissionSchema, properties));
}

/** Whether one of the permissions allows `invoker`. */
export function mayInvoke(permissions: readonly InvokePermission[], invoker: Invoker): boolean {
  return permissions.some(
    ({ FunctionName, Principal, SourceArn }) =>
      FunctionName === invoker.functionArn &&
      Principal === invoker.principal &&
      isLike(invoker.sourceArn, SourceArn),
  );
}
