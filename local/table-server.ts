/**
 * The table server: the one that AWS_ENDPOINT_URL_DYNAMODB names, or else dynoxide, a DynamoDB-compatible server on SQLite,
 * as a child process. It must never outlive the runner, not even one that is killed. So a shell holds the other end of a
 * pipe from the runner, and ends the server when the pipe closes.
 *
 * dynoxide admits every page of every origin (CORS `*`, no signature checked), and no option changes that. So it listens
 * where no page finds it: each start draws a new address of 127.0.0.0/8 and a new port, and publishes neither. docs/decisions/019-who-may-ask-the-local-stack.md says what that is worth.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
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
import { Advice } from '../terminal/advice.ts';
import type { Deployment } from './deployed.ts';

export interface TableServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** It takes 10 ms, but a busy machine may give it no turn for seconds. */
const startTimeoutMs = 30_000;

/**
 * Ends the server when the pipe closes, and ends itself with the server. A shell gives its background commands /dev/null
 * as standard input, so the pipe has another file descriptor.
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
  return startOwnTableServer(file);
}

/** Starts dynoxide on a data file, or in memory without one. */
export async function startOwnTableServer(file?: string): Promise<TableServer> {
  const binary = tableServerBinary(process);
  const host = hiddenAddress();
  const port = await freePort(host);
  const listening = ['--host', host, '--port', String(port)];
  const data = file === undefined ? [] : ['--db-path', file];
  const server = spawn('sh', ['-c', guard, 'sh', binary, ...listening, ...data], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `http://${host}:${port}`;
  const stop = async (): Promise<void> => {
    server.stdin?.end();
    await ended;
  };
  try {
    await waitUntilHealthy(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Creates the table of the template; leaves an existing one unchanged. */
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
        DeletionProtectionEnabled: table.isProtected,
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
        '  docker run -d -p 127.0.0.1:8000:8000 amazon/dynamodb-local -jar DynamoDBLocal.jar -inMemory -sharedDb -cors http://localhost\n' +
        '  AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 npm start',
    );
  }
}

/** One of 16 million loopback addresses. Linux has all of them, and dynoxide comes for Linux alone. */
function hiddenAddress(): string {
  return `127.${randomInt(1, 256)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}

async function waitUntilHealthy(url: string, server: ChildProcess): Promise<void> {
  const endsAtMs = performance.now() + startTimeoutMs;
  while (performance.now() < endsAtMs && server.exitCode === null) {
    const answered = await fetch(url, { method: 'POST' }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await pause(5);
  }
  const what =
    server.exitCode === null ? `did not start in ${startTimeoutMs / 1000} s` : 'ended at its start';
  throw new Advice(`The table server ${what}. If its data is broken: npm start -- --reset`);
}
