/**
 * Lambda's Invoke, for people who may invoke a function by hand. The call must be signed, allowed by IAM and synchronous.
 * The endpoint refuses web pages.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import type { Server, ServerResponse } from 'node:http';
import { createGuardedServer } from '../listeners/guarded-server.ts';
import { ownProcesses } from '../listeners/may-ask.ts';
import { parsedJson, readBody } from '../listeners/read-body.ts';
import type { Invocation } from '../workers/worker-process.ts';
import { refuseAsAws, sendError } from './aws-answer.ts';
import { AwsError } from './aws-error.ts';
import { isAllowed } from './iam.ts';
import { type Identities, identify } from './identify.ts';
import type { SignedRequest } from './signature.ts';

export interface LambdaEndpointOptions extends Identities {
  readonly region: string;
  /** Whether there is a function of this ARN. */
  readonly isFunction: (arn: string) => boolean;
  readonly invoke: (arn: string, event: unknown) => Promise<Invocation>;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxPayloadBytes = 6 * 1024 * 1024;

/** Creates the server; it does not listen yet. */
export function createLambdaEndpoint(options: LambdaEndpointOptions): Server {
  return createGuardedServer({
    name: 'Lambda endpoint',
    mayAsk: ownProcesses,
    refuse: refuseAsAws,
    answer: async (incoming, response, url) => {
      try {
        const body = await readBody(incoming, maxPayloadBytes);
        if (body === undefined)
          throw new AwsError('RequestTooLargeException', 'The payload is above 6 MB.', 413);
        await answerInvocation(options, { incoming, url, body }, response);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        sendError(response, error);
      }
    },
  });
}

/** Answers one request, or throws an `AwsError`. */
export async function answerInvocation(
  options: LambdaEndpointOptions,
  request: Pick<SignedRequest, 'incoming' | 'url' | 'body'>,
  response: ServerResponse,
): Promise<void> {
  const { arn, event } = await readInvocation(options, request);
  send(response, await options.invoke(arn, event));
}

async function readInvocation(
  { region, isFunction, ...identities }: LambdaEndpointOptions,
  { incoming, url, body }: Pick<SignedRequest, 'incoming' | 'url' | 'body'>,
): Promise<{ readonly arn: string; readonly event: unknown }> {
  const caller = await identify(identities, { incoming, url, body, region, service: 'lambda' });
  const arn = incoming.method === 'POST' ? arnIn(url) : undefined;
  if (arn === undefined)
    throw new AwsError('UnknownOperationException', 'The local stack only supports Invoke.', 404);
  if (!isAllowed(caller.statements, { action: 'lambda:InvokeFunction', resource: arn, context: {} })) {
    const message = `User: ${caller.arn} is not authorized to perform: lambda:InvokeFunction on resource: ${arn}`;
    throw new AwsError('AccessDeniedException', message, 403);
  }
  if (!isFunction(arn)) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  const type = incoming.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse')
    throw new AwsError('InvalidParameterValueException', 'The local stack only supports RequestResponse.');
  const event = body.length === 0 ? { json: {} } : parsedJson(body);
  if (event === undefined)
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  return { arn, event: event.json };
}

/** The function of a path; undefined for another path, and for an ARN that is not percent-encoded UTF-8. */
function arnIn({ pathname }: URL): string | undefined {
  const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname) ?? [];
  try {
    return encoded && decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, invocation: Invocation): void {
  const headers = { 'content-type': 'application/json' };
  if (invocation.tag === 'result') {
    response.writeHead(200, headers).end(JSON.stringify(invocation.result ?? null));
    return;
  }
  const { errorType, errorMessage } =
    invocation.tag === 'error' ? invocation : { errorType: invocation.tag, errorMessage: invocation.tag };
  response
    .writeHead(200, { ...headers, 'x-amz-function-error': 'Unhandled' })
    .end(JSON.stringify({ errorType, errorMessage }));
}
