/** The inputs of the calls that the local Secrets Manager supports, with the members that it reads. */
import * as v from 'valibot';
import { inOurWords } from '../../functions/settings/wording.ts';
import { AwsError } from './aws-error.ts';

const text = v.string();
/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const maxSecretBytes = 65_536;
const secretId = { SecretId: text };
const value = v.pipe(text, v.minLength(1), v.maxBytes(maxSecretBytes));
const token = v.optional(v.pipe(text, v.minLength(32), v.maxLength(64)));
export const inputs = {
  GetSecretValue: v.object({ ...secretId, VersionId: v.optional(text), VersionStage: v.optional(text) }),
  DescribeSecret: v.object(secretId),
  ListSecretVersionIds: v.object({ ...secretId, IncludeDeprecated: v.optional(v.boolean()) }),
  PutSecretValue: v.object({
    ...secretId,
    SecretString: value,
    ClientRequestToken: token,
    VersionStages: v.optional(v.pipe(v.array(text), v.minLength(1))),
  }),
  /** A description or an encryption key is accepted and has no effect here. */
  UpdateSecret: v.object({ ...secretId, SecretString: v.optional(value), ClientRequestToken: token }),
  UpdateSecretVersionStage: v.object({
    ...secretId,
    VersionStage: text,
    MoveToVersionId: v.optional(text),
    RemoveFromVersionId: v.optional(text),
  }),
  RotateSecret: v.object({
    ...secretId,
    ClientRequestToken: token,
  }),
};

/** The input of one call. */
export type Input<Action extends keyof typeof inputs> = v.InferOutput<(typeof inputs)[Action]>;

/** Reads an input; throws the service's error for a wrong one. */
export function valid<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const result = v.safeParse(schema, input, inOurWords);
  if (!result.success)
    throw new AwsError(
      'ValidationException',
      `${v.getDotPath(result.issues[0]) ?? 'the input'}: ${result.issues[0].message}`,
    );
  return result.output;
}
