/** One exchange over real sockets: what is sent, where it is cut, and how far it came. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ExchangeRequest, exchange } from '../../functions/runtime/bounded-exchange.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<URL> {
  servers.push(server);
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/asked`);
}

const http = (answer: RequestListener): Promise<URL> => listen(createServer(answer));
const get = (url: URL, bounds: Partial<ExchangeRequest> = {}) =>
  exchange({ url, method: 'GET', headers: {}, deadlineMs: 2_000, maxBytes: 100, ...bounds });

describe('an exchange', () => {
  it('gives status, headers and the whole body', async () => {
    const url = await http((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slower'));
    const ended = await get(url);
    expect(ended).toMatchObject({ tag: 'answered', status: 429, headers: { 'retry-after': '7' } });
    expect(String(ended.tag === 'answered' && ended.body)).toBe('slower');
  });

  it('sends the bytes of a POST with their length, and a GET without a body', async () => {
    const seen: { headers: IncomingMessage['headers']; body: string }[] = [];
    const url = await http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ headers: request.headers, body: String(Buffer.concat(chunks)) });
        response.end();
      });
    });
    await get(url, { method: 'POST', headers: { 'X-Name': 'a' }, body: 'é' });
    await get(url);
    expect(seen.map(({ body }) => body)).toEqual(['é', '']);
    expect(seen[0]?.headers).toMatchObject({ 'content-length': '2', 'x-name': 'a', connection: 'close' });
    expect(seen[1]?.headers).not.toHaveProperty('content-length');
  });

  it('reads a body of the bound, and none above it', async () => {
    const of = async (bytes: number) => get(await http((_, response) => response.end('a'.repeat(bytes))));
    expect(await of(100)).toMatchObject({ tag: 'answered', body: Buffer.alloc(100, 'a') });
    expect(await of(101)).toMatchObject({ tag: 'answered', status: 200, body: 'too large' });
  });

  it('tells an answer that its deadline cuts, one that breaks off, and none', async () => {
    const cut = await http((_, response) => response.writeHead(200, { 'content-length': '9' }).write('a'));
    expect(await get(cut, { deadlineMs: 100 })).toMatchObject({ tag: 'answered', body: 'timeout' });
    const broken = await http((_, response) =>
      response.writeHead(200, { 'content-length': '9' }).write('a', () => response.destroy()),
    );
    expect(await get(broken)).toMatchObject({ tag: 'answered', body: 'broken off' });
    const silent = await http(() => undefined);
    const timeout = { tag: 'unanswered', wasConnected: true, reason: 'timeout' };
    expect(await get(silent, { deadlineMs: 100 })).toEqual(timeout);
  });

  it('knows whether anything can have been sent', async () => {
    const closing = await listen(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
    expect(await get(closing)).toEqual({ tag: 'unanswered', wasConnected: true, reason: 'unreachable' });
    const tls = new URL(closing.href.replace('http:', 'https:'));
    expect(await get(tls)).toEqual({ tag: 'unanswered', wasConnected: false, reason: 'unreachable' });
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await get(closing)).toEqual({ tag: 'unanswered', wasConnected: false, reason: 'unreachable' });
  });

  it('ends at the head where another status is wanted, however long the body takes', async () => {
    const url = await http((_, response) => response.writeHead(503).write('a'));
    const ended = await get(url, { onlyStatus: 200 });
    expect(ended).toMatchObject({ tag: 'answered', status: 503, body: Buffer.alloc(0) });
  });

  it('ends with its signal', async () => {
    const aborted = get(await http(() => undefined), { signal: AbortSignal.timeout(50) });
    expect(await aborted).toEqual({ tag: 'unanswered', wasConnected: true, reason: 'unreachable' });
  });
});
