/** The exchange over TLS: a connection of its own each time, and a session that the next one resumes. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exchange } from '../../functions/runtime/bounded-exchange.ts';
import { ownCertificate } from '../../test-kit/own-certificate.ts';

const certificate = ownCertificate();
const trusted = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...trusted, certificate.cert]));
afterAll(() => setDefaultCACertificates(trusted));

/** Whether each connection so far resumed a session. */
const resumed: boolean[] = [];

async function start(port: number): Promise<Server> {
  const server = createServer(certificate, (_, response) => response.end('hello'));
  server.on('secureConnection', (socket: TLSSocket) => resumed.push(socket.isSessionReused()));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

it('resumes the session on a new connection, and makes a whole handshake where it is forgotten', async () => {
  const first = await start(0);
  const { port } = first.address() as AddressInfo;
  const ask = () =>
    exchange({
      url: new URL(`https://127.0.0.1:${port}/`),
      method: 'GET',
      headers: {},
      deadlineMs: 5_000,
      maxBytes: 1_000,
    });
  for (let i = 0; i < 3; i += 1) expect(await ask()).toMatchObject({ tag: 'answered', status: 200 });
  expect(resumed).toEqual([false, true, true]);
  await stop(first);
  // Another server has other ticket keys.
  const second = await start(port);
  const answers = [await ask(), await ask()];
  expect(answers.map(({ tag }) => tag)).toEqual(['answered', 'answered']);
  expect(resumed.slice(3)).toEqual([false, true]);
  await stop(second);
});
