/** The local Secrets Manager behind an address, so that the same client asks it and moto. */
import { createServer } from 'node:http';
import { sendError } from '../../local/aws/aws-answer.ts';
import { AwsError } from '../../local/aws/aws-error.ts';
import { close, listen } from '../../local/listen.ts';
import type { CallSecrets } from './contract.ts';

/** Answers calls of the JSON protocol, without signatures and rights. */
export async function serveSecrets(
  call: CallSecrets,
): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const action = String(incoming.headers['x-amz-target']).replace('secretsmanager.', '');
      Promise.resolve()
        .then(() => call(action, JSON.parse(`${Buffer.concat(chunks)}`)))
        .then(
          (answer) =>
            response
              .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
              .end(JSON.stringify(answer)),
          (error: unknown) =>
            sendError(
              response,
              error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500),
            ),
        );
    });
  });
  const url = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  return {
    url,
    stop: async () => {
      server.closeAllConnections();
      await close(server);
    },
  };
}
