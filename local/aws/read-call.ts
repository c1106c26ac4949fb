/** Reads a call of DynamoDB or Secrets Manager: its service and operation, its input, and the right that it needs. */
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { parsedJson } from '../listeners/read-body.ts';
import { AwsError } from './aws-error.ts';
import type { Ask } from './iam.ts';
import type { Caller } from './identify.ts';
import type { AwsCall } from './injected-faults.ts';

const dynamoDbInput = v.object({
  Key: v.optional(v.object({ pk: v.object({ S: v.string() }) })),
  Item: v.optional(v.object({ pk: v.object({ S: v.string() }) })),
});
const secretInput = v.object({ SecretId: v.string(), VersionStage: v.optional(v.string()) });

interface Target {
  readonly service: AwsCall['service'];
  readonly action: string;
}

/** The service and operation of a call. An unclear call counts as an unknown operation of Secrets Manager. */
export function targetOf({
  incoming: { method, headers },
  url,
}: {
  readonly incoming: Pick<IncomingMessage, 'method' | 'headers'>;
  readonly url: URL;
}): Target {
  const target = method === 'POST' && url.pathname === '/' ? String(headers['x-amz-target']) : '';
  const [, service, action = ''] = /^(DynamoDB_20120810|secretsmanager)\.([A-Za-z]+)$/.exec(target) ?? [];
  return { service: service === 'DynamoDB_20120810' ? 'dynamodb' : 'secretsmanager', action };
}

interface Identified {
  readonly caller: Caller;
  readonly target: Target;
  readonly body: Buffer;
}

/** What is called, for the switches of faults, and what the caller's rights are asked for. Throws an `AwsError`. */
export function readCall(
  { tableArn }: { readonly tableArn: string },
  { caller, target: { service, action }, body }: Identified,
): { readonly call: AwsCall; readonly input: unknown; readonly ask: Ask } {
  if (action === '') throw new AwsError('UnknownOperationException', '');
  const input = parsedJson(body)?.json;
  if (service === 'dynamodb') {
    const { Key, Item } = readInput(dynamoDbInput, input);
    const key = (Key ?? Item)?.pk.S;
    const call: AwsCall = {
      service: 'dynamodb',
      action,
      function: caller.name,
      keyPrefix: key?.split('#')[0],
    };
    const context = key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] };
    return { call, input, ask: { action: `dynamodb:${action}`, resource: tableArn, context } };
  }
  const { SecretId, VersionStage } = readInput(secretInput, input);
  const call: AwsCall = {
    service: 'secretsmanager',
    action,
    function: caller.name,
    keyPrefix: undefined,
    secretArn: SecretId,
    versionStage: VersionStage,
  };
  return {
    call,
    input,
    ask: {
      action: `secretsmanager:${action}`,
      resource: SecretId,
      context: { 'aws:PrincipalArn': [caller.roleArn] },
    },
  };
}

/** Parses the body. Throws what both services answer to a body that is not JSON or has the wrong shape. */
function readInput<T>(schema: v.GenericSchema<unknown, T>, input: unknown): T {
  const parsed = v.safeParse(schema, input);
  if (!parsed.success)
    throw new AwsError('SerializationException', 'The input is not of the operation’s shape.');
  return parsed.output;
}
