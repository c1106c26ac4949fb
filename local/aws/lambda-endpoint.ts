/**
 * Lambda's Invoke, for the people who may invoke a function by hand. Only the synchronous form, and only on loopback.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Invocation } from '../workers/worker-process.ts';

/** Creates the server; it does not listen yet. `invoke` takes a function's ARN. */
export function createLambdaEndpoint(invoke: (arn: string, event: unknown) => Promise<Invocation>): Server {
  return createServer(async (request, response) => {
    const [, arn] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '') ?? [];
    if (arn === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
      return;
    }
    const invocation = await invoke(decodeURIComponent(arn), await readJson(request));
    if (invocation.tag === 'result') {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(invocation.result ?? null));
      return;
    }
    const { errorType, errorMessage } =
      invocation.tag === 'error' ? invocation : { errorType: invocation.tag, errorMessage: invocation.tag };
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' })
      .end(JSON.stringify({ errorType, errorMessage }));
  });
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || 'null');
}
