/** One exchange with the provider, on real sockets. The whole matrix of answers runs through the local stack. */
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';
import { connectProvider, sendSms } from '../../functions/provider/startmessaging.ts';

const sms = {
  phoneNumber: '+919876543210',
  templateId: '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d',
  variables: { otp: '012345', appName: 'Acme', expiry: '5' },
  idempotencyKey: 'send-id',
};
const key = `sm_live_${randomBytes(20).toString('hex')}`;
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function http(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  return listen(
    createHttpServer((request, response) => request.resume().on('end', () => answer(request, response))),
  );
}

const send = (baseUrl: string, timeoutMs = 2_000): Promise<SendOutcome> =>
  sendSms(connectProvider(baseUrl), { sms, key, timeoutMs });
const ok = JSON.stringify({ success: true, data: { status: 'sent' } });

describe('the provider client', () => {
  it('sends strings only, with the key in its own header', async () => {
    const seen: { headers?: IncomingMessage['headers']; path?: string | undefined; body?: unknown } = {};
    const server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        Object.assign(seen, {
          headers: request.headers,
          path: request.url,
          body: JSON.parse(String(Buffer.concat(chunks))),
        });
        response.writeHead(201).end(ok);
      });
    });
    expect(await send(await listen(server))).toEqual({ tag: 'accepted' });
    expect(seen.path).toBe('/otp/send');
    expect(seen.body).toEqual(sms);
    expect(seen.headers?.['x-api-key']).toBe(key);
    expect(seen.headers?.authorization).toBeUndefined();
    expect(seen.headers?.connection).toBe('close');
  });

  it('follows no redirect', async () => {
    const visits: string[] = [];
    const elsewhere = await http((request, response) => {
      visits.push(request.url ?? '');
      response.writeHead(201).end(ok);
    });
    const from = await http((_, response) =>
      response.writeHead(307, { location: `${elsewhere}/otp/send` }).end(),
    );
    expect((await send(from)).tag).toBe('failed');
    expect(visits).toEqual([]);
  });

  it('tries once more when nobody listens, and calls it a definite refusal', async () => {
    const url = await http(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await send(url)).toMatchObject({ tag: 'refused', cause: 'unreachable' });
  });

  it('calls a reset after the request was written unconfirmed, and does not send again', async () => {
    const requests: string[] = [];
    const url = await http((request) => {
      requests.push(request.url ?? '');
      request.socket.resetAndDestroy();
    });
    expect(await send(url)).toEqual({ tag: 'unconfirmed' });
    expect(requests).toHaveLength(1);
  });

  it('calls silence unconfirmed at its deadline', async () => {
    const url = await http(() => undefined);
    expect(await send(url, 200)).toEqual({ tag: 'unconfirmed' });
  });

  it('calls a trickling answer unconfirmed at its deadline', async () => {
    const url = await http((_, response) => {
      response.writeHead(500, { 'content-length': '1000' });
      response.write('{');
    });
    expect(await send(url, 200)).toEqual({ tag: 'unconfirmed' });
  });

  it('calls an error that breaks off a failure', async () => {
    const url = await http((request, response) => {
      response.writeHead(400, { 'content-length': '1000' });
      response.write('{"success":fal', () => request.socket.destroy());
    });
    expect((await send(url)).tag).toBe('failed');
  });

  it('reads no more than 64 KiB of an answer', async () => {
    const url = await http((request, response) => {
      response.writeHead(500, { 'content-length': String(80 * 1024 * 1024) });
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const pump = (): void => {
        while (!request.socket.destroyed && response.write(chunk));
        if (!request.socket.destroyed) response.once('drain', pump);
      };
      pump();
    });
    expect((await send(url)).tag).toBe('failed');
    const [socket] = sockets;
    expect(socket?.bytesWritten ?? 0).toBeLessThan(16 * 1024 * 1024);
  });

  it('calls an answer that is not HTTP unconfirmed', async () => {
    const url = await listen(
      createServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n'))),
    );
    expect(await send(url)).toEqual({ tag: 'unconfirmed' });
  });

  it('calls a TLS handshake that fails a definite refusal, after a second try', async () => {
    let connections = 0;
    const url = await listen(
      createServer((socket) => {
        connections += 1;
        socket.once('data', () => socket.end('not TLS'));
      }),
    );
    expect(await send(url.replace('http:', 'https:'))).toMatchObject({
      tag: 'refused',
      cause: 'unreachable',
    });
    expect(connections).toBe(2);
  });

  it('never lets the key travel in the clear, but to this machine', () => {
    expect(() => connectProvider('http://api.startmessaging.com')).toThrow(TypeError);
    expect(() => connectProvider('http://127.0.0.1.example.com')).toThrow(TypeError);
    expect(() => connectProvider('ftp://127.0.0.1')).toThrow(TypeError);
    expect(connectProvider('https://api.startmessaging.com').baseUrl.protocol).toBe('https:');
  });
});
