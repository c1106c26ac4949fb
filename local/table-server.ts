/**
 * The table server: dynoxide, a DynamoDB-compatible server on SQLite, as a child process on a free port; or whatever
 * AWS_ENDPOINT_URL_DYNAMODB names. It must never outlive the runner, not even one that is killed: a shell holds the
 * other end of a pipe from the runner, and ends the server when the pipe closes.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { Advice } from './advice.ts';
import type { Deployment } from './deployed.ts';

export interface TableServer {
  readonly url: string;
  stop(): Promise<void>;
}

const startTimeoutMs = 5_000;

/**
 * Ends the server when standard input closes, and itself with the server. A shell gives its background commands
 * /dev/null for standard input, so the pipe goes by another number.
 */
const guard = [
  'exec 3<&0',
  '"$@" 3<&- &',
  'server=$!',
  '{ cat <&3 >/dev/null; kill "$server" 2>/dev/null; } &',
  'wait "$server"',
].join('\n');

/** Starts the server on the data file `file`, or connects to the one that the environment names. */
export async function startTableServer(file: string): Promise<TableServer> {
  const external = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
  if (external) return { url: external, stop: async () => undefined };
  const binary = tableServerBinary(process);
  const port = await freePort();
  const server = spawn('sh', ['-c', guard, 'sh', binary, '--port', String(port), '--db-path', file], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  await waitUntilHealthy(url);
  return {
    url,
    stop: async () => {
      server.stdin?.end();
      await ended;
    },
  };
}

/** Creates the table of the template; one that exists is left as it is. */
export async function createTable(
  url: string,
  { table, region }: Pick<Deployment, 'table' | 'region'>,
): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region, credentials });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table.name,
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const TimeToLiveSpecification = { AttributeName: table.ttlAttribute, Enabled: true };
    await client.send(new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}

/** The server's binary, from the package for this platform; throws advice where there is none. */
export function tableServerBinary({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'>): string {
  try {
    const folder = dirname(
      createRequire(import.meta.url).resolve(`@dynoxide/${platform}-${arch}/package.json`),
    );
    return join(folder, 'dynoxide');
  } catch {
    throw new Advice(
      `There is no table server for ${platform}-${arch}. Run DynamoDB Local and point to it:\n` +
        '  docker run -d -p 8000:8000 amazon/dynamodb-local\n' +
        '  AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 npm start',
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

async function waitUntilHealthy(url: string): Promise<void> {
  const endsAtMs = performance.now() + startTimeoutMs;
  while (performance.now() < endsAtMs) {
    const answered = await fetch(url, { method: 'POST' }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(5);
  }
  throw new Advice(
    `The table server did not start in ${startTimeoutMs / 1000} s. If its data is broken: npm start -- --reset`,
  );
}
