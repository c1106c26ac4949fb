/**
 * A table server behind a gate that every call of every process passes. Calls that must meet at the table wait for each
 * other there. The gate recognises them by what they write.
 */
import { Agent, createServer, request } from 'node:http';
import { createGate, type Gate } from '../../local/aws/gate.ts';
import { close, listen } from '../../local/listen.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

export interface GatedTable {
  /** The table itself, which bypasses the gate. */
  readonly table: TestTable;
  /** The endpoint whose calls pass the gate. */
  readonly endpoint: string;
  readonly gate: Gate;
  stop(): Promise<void>;
}

/** What a call writes: a code that wins, or anything else. */
function stepOf(body: string): 'consume' | 'other' {
  return body.includes('consumedBy = :consumedBy') ? 'consume' : 'other';
}

/** Starts a table with a gate in front; at most `calls` of them pass at once. */
export async function startGatedTable(calls: number): Promise<GatedTable> {
  const table = await startTestTable();
  const gate = createGate();
  const agent = new Agent({ keepAlive: true, maxSockets: calls });
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', async () => {
      const body = Buffer.concat(chunks);
      const action = stepOf(body.toString());
      await gate.pass({ service: 'dynamodb', action, function: '', keyPrefix: undefined });
      const { host: _, connection: __, ...headers } = incoming.headers;
      const onward = request(table.endpoint, { method: 'POST', agent, headers }, (upstream) => {
        response.writeHead(upstream.statusCode ?? 500, upstream.headers);
        upstream.pipe(response);
      });
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  // A connection that rests between two rounds is not closed under the next call.
  server.keepAliveTimeout = 0;
  const endpoint = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  return {
    table,
    endpoint,
    gate,
    stop: async () => {
      gate.open();
      agent.destroy();
      server.closeAllConnections();
      await close(server);
      await table.stop();
    },
  };
}
