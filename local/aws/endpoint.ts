/**
 * The AWS endpoint of the local stack: one loopback server in front of the table server and the secrets. It knows a
 * function by the access key id in its signature (SigV4, "Credential"), allows what that function's role allows, and
 * refuses the rest as AWS does. Signatures are not checked: nobody but our own processes reaches it.
 */
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import type { DeployedFunction } from '../deployed.ts';
import { type AwsAnswer, fail, pass, sendError, spoil } from './aws-answer.ts';
import { AwsError } from './aws-error.ts';
import { type AwsCall, type Faults, isInstead } from './faults.ts';
import type { Gate } from './gate.ts';
import { isAllowed, isDenied, type Statement } from './iam.ts';
import type { SecretsManager } from './secrets-manager.ts';

export interface AwsEndpointOptions {
  /** Who signs with an access key id. */
  readonly caller: (accessKeyId: string) => Caller | undefined;
  readonly secretsManager: SecretsManager;
  /** The resource policy of a secret, by its ARN. */
  readonly policyOf: (secretArn: string) => readonly Statement[];
  readonly tableArn: string;
  /** The table server. */
  readonly tableUrl: string;
  readonly faults: Faults;
  readonly gate: Gate;
  /** Told of every call that is allowed and not stopped by a fault before it is carried out. */
  readonly onCall: (call: AwsCall) => void;
}

/** Somebody who signs calls: a function, or a person with rights of his own. */
export type Caller = Pick<DeployedFunction, 'name' | 'arn' | 'roleArn' | 'statements'>;

/** Longer than any caller waits for one try. */
const lateMs = 1_000;

interface Request {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** Creates the server; it does not listen yet. */
export function createAwsEndpoint(options: AwsEndpointOptions): Server {
  return createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => response.destroy());
    incoming.on('end', () => {
      answer(options, { incoming, body: Buffer.concat(chunks) }, response).catch((error: unknown) =>
        sendError(response, error),
      );
    });
  });
}

async function answer(
  options: AwsEndpointOptions,
  request: Request,
  response: ServerResponse,
): Promise<void> {
  const { caller, call, ask, input } = readCall(options, request);
  if (!isAllowed(caller.statements, ask)) {
    const message = `User: ${caller.arn} is not authorized to perform: ${ask.action} on resource: ${ask.resource} because no identity-based policy allows the ${ask.action} action`;
    throw new AwsError('AccessDeniedException', message);
  }
  if (isDenied(options.policyOf(ask.resource), ask)) {
    const message = `User: ${caller.arn} is not authorized to perform: ${ask.action} on resource: ${ask.resource} with an explicit deny in a resource-based policy`;
    throw new AwsError('AccessDeniedException', message);
  }
  const fault = options.faults.hit(call);
  if (fault !== undefined && isInstead(fault)) return fail(response, fault);
  if (fault === 'late') await pause(lateMs);
  await options.gate.pass(call);
  options.onCall(call);
  const answered =
    call.service === 'dynamodb'
      ? await passOn(options.tableUrl, request)
      : secretAnswer(await options.secretsManager.call(call.action, input));
  if (fault === undefined) pass(response, answered);
  else spoil(response, answered, fault);
}

function secretAnswer(result: unknown): AwsAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(result)) };
}

const dynamoDbInput = v.object({
  Key: v.optional(v.object({ pk: v.object({ S: v.string() }) })),
  Item: v.optional(v.object({ pk: v.object({ S: v.string() }) })),
});
const secretInput = v.object({ SecretId: v.string(), VersionStage: v.optional(v.string()) });

function readCall({ caller: callerOf, tableArn }: AwsEndpointOptions, { incoming, body }: Request) {
  const [, accessKeyId] = /Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
  const caller = callerOf(accessKeyId ?? '');
  if (caller === undefined) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  const [, target = '', action = ''] =
    /^(\w+?)(?:_\d+)?\.(\w+)$/.exec(String(incoming.headers['x-amz-target'])) ?? [];
  const input: unknown = JSON.parse(body.toString('utf8'));
  if (target === 'DynamoDB') {
    const { Key, Item } = v.parse(dynamoDbInput, input);
    const key = (Key ?? Item)?.pk.S;
    const call: AwsCall = {
      service: 'dynamodb',
      action,
      function: caller.name,
      keyPrefix: key?.split('#')[0],
    };
    const context = key === undefined ? {} : { 'dynamodb:LeadingKeys': [key] };
    return { caller, call, input, ask: { action: `dynamodb:${action}`, resource: tableArn, context } };
  }
  const { SecretId, VersionStage } = v.parse(secretInput, input);
  const call: AwsCall = {
    service: 'secretsmanager',
    action,
    function: caller.name,
    keyPrefix: undefined,
    secretArn: SecretId,
    versionStage: VersionStage,
  };
  return {
    caller,
    call,
    input,
    ask: {
      action: `secretsmanager:${action}`,
      resource: SecretId,
      context: { 'aws:PrincipalArn': [caller.roleArn] },
    },
  };
}

/** Hands the call to the table server as it came, and gives its whole answer. */
function passOn(tableUrl: string, { incoming, body }: Request): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const onward = forward(tableUrl, { method: 'POST', headers }, (upstream) => {
      const chunks: Buffer[] = [];
      upstream.on('data', (chunk: Buffer) => chunks.push(chunk));
      upstream.on('end', () =>
        resolve({
          status: upstream.statusCode ?? 500,
          headers: upstream.headers,
          body: Buffer.concat(chunks),
        }),
      );
      upstream.on('error', reject);
    });
    onward.on('error', reject);
    onward.end(body);
  });
}
