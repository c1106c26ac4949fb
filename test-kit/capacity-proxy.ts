/**
 * A proxy in front of a table server that takes no more writes to one key in a second than DynamoDB does. A write over that
 * is refused in DynamoDB's words. A write that a condition refuses counts as well, as it does there. The second is the test's
 * own, so nothing depends on how fast the machine is. Items are taken to be under 1 KB: one write is one unit.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html
 */
import { Agent, createServer, request } from 'node:http';
import { maxItemWritesPerSecond } from '../functions/limits/budget-shards.ts';
import { close, listen } from '../local/listen.ts';

export interface CapacityProxy {
  readonly endpoint: string;
  /** How many writes were refused since the figures began. */
  readonly throttled: number;
  /** The most writes that one key got in a second since then, those refused included. */
  readonly busiest: number;
  /** Begins a new second. */
  nextSecond(): void;
  /** Begins a new second and new figures. */
  startOver(): void;
  stop(): Promise<void>;
}

const refusal = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  message: 'The level of configured provisioned throughput for the table was exceeded.',
  ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource: 'table/doorcode-test' }],
});

/** Starts a proxy in front of `endpoint`. */
export async function startCapacityProxy(endpoint: string): Promise<CapacityProxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const writes = new Map<string, number>();
  let throttled = 0;
  let busiest = 0;
  const takes = (body: Buffer): boolean => {
    const { Key } = JSON.parse(body.toString());
    const count = (writes.get(Key.pk.S) ?? 0) + 1;
    writes.set(Key.pk.S, count);
    busiest = Math.max(busiest, count);
    return count <= maxItemWritesPerSecond;
  };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (String(incoming.headers['x-amz-target']).endsWith('.UpdateItem') && !takes(body)) {
      throttled += 1;
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal);
      return;
    }
    const { host: _, connection: __, ...headers } = incoming.headers;
    const onward = request(endpoint, { method: 'POST', agent, headers }, (upstream) => {
      response.writeHead(upstream.statusCode ?? 500, upstream.headers);
      upstream.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  return {
    endpoint: `http://127.0.0.1:${await listen(server, { port: 0 })}`,
    get throttled() {
      return throttled;
    },
    get busiest() {
      return busiest;
    },
    nextSecond: () => writes.clear(),
    startOver: () => {
      writes.clear();
      throttled = 0;
      busiest = 0;
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await close(server);
    },
  };
}
