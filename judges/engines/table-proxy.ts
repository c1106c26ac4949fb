/** A proxy in front of a DynamoDB engine that takes one call after the other. */
import { createServer } from 'node:http';
import { close, listen } from '../../local/listen.ts';
import { callTable, type TableAnswer, type TableCall } from './table-call.ts';

export interface TableProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it; `answer` gets each call, and what sends it to the engine. No other call comes between what it sends. */
export async function startTableProxy(
  engineUrl: string,
  answer: (call: TableCall, send: (call: TableCall) => Promise<TableAnswer>) => Promise<TableAnswer>,
): Promise<TableProxy> {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (call: TableCall): Promise<TableAnswer> => {
    const answered = last.then(() => answer(call, (sent) => callTable(engineUrl, sent)));
    last = answered.catch(() => undefined);
    return answered;
  };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const operation = `${incoming.headers['x-amz-target']}`.replace(/^.*\./, '');
    try {
      const input = JSON.parse(Buffer.concat(chunks).toString() || '{}');
      const { status, output } = await inTurn({ operation, input });
      response
        .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(output));
    } catch {
      response.destroy();
    }
  });
  // A connection that rests is not closed under the next call.
  server.keepAliveTimeout = 0;
  return {
    url: `http://127.0.0.1:${await listen(server, { port: 0 })}`,
    stop: async () => {
      server.closeAllConnections();
      await close(server);
    },
  };
}
