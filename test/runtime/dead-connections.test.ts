/** A worker that slept: its idle connections are dead, which the first bytes on one of them tell. */
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyUpdate, openTable, type Table } from '../../functions/table/table.ts';
import { listen } from '../../local/listen.ts';
import { neverOver } from '../support/test-clock.ts';

const atOnce = 4;
const environment = { AWS_REGION: 'ap-south-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
let server: Server;
let dead: Set<Socket>;
let alive: Set<Socket>;
let table: Table;

beforeEach(async () => {
  dead = new Set();
  alive = new Set();
  const waiting: (() => void)[] = [];
  server = createServer((request, response) => {
    request.resume();
    if (dead.has(request.socket)) return void request.socket.resetAndDestroy();
    alive.add(request.socket);
    const answer = (): void => {
      response.writeHead(200, { connection: 'keep-alive', 'content-type': 'application/x-amz-json-1.0' });
      response.end('{}');
    };
    if (dead.size > 0) return answer();
    // Until as many are asked as connections are wanted.
    waiting.push(answer);
    if (waiting.length === atOnce) for (const go of waiting.splice(0)) go();
  });
  const url = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  Object.assign(process.env, { ...environment, AWS_ENDPOINT_URL_DYNAMODB: url });
  table = openTable('table');
});
afterEach(() => {
  for (const name of [...Object.keys(environment), 'AWS_ENDPOINT_URL_DYNAMODB']) delete process.env[name];
  server.closeAllConnections();
  server.close();
});

const write = (client = table.client) =>
  applyUpdate({ ...table, client }, { key: 'k', conditions: [], values: { ':ttl': 1 } }, neverOver);

async function sleep(client = table.client): Promise<void> {
  await Promise.all(Array.from({ length: atOnce }, () => write(client)));
  expect(alive.size).toBe(atOnce);
  dead = new Set(alive);
}

describe('a client of AWS whose idle connections are all dead', () => {
  it('makes its second try on a new one', async () => {
    await sleep();
    expect((await write()).tag).toBe('written');
  });

  it('with one try alone never makes it on an old one', async () => {
    const client = table.singleTryClient();
    await sleep(client);
    expect((await write(client)).tag).toBe('written');
  });
});
