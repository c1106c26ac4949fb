/**
 * Listens on loopback, and on another address only with an option. It gives advice for a port that is taken. Stopping
 * waits until pending requests are answered.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import { Advice } from '../terminal/advice.ts';
import { createGuardedServer } from './listeners/guarded-server.ts';
import { apps } from './listeners/may-ask.ts';

interface Place {
  /** The port; 0 takes a free one. */
  readonly port: number;
  /** The option with which people choose another port. */
  readonly option?: string;
  /** The address; loopback by default. */
  readonly host?: string;
}

/** Starts to listen and returns the port. */
export function listen(server: Server, { port, option = '', host = '127.0.0.1' }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        isTaken
          ? new Advice(`Port ${port} is taken. Choose another: npm start -- ${option} ${port + 100}`)
          : error,
      );
    });
    // The stack goes on after an error of a listening server, such as too many open files.
    server.once('listening', () =>
      server.on('error', (error) => console.error(`Port ${port}: ${error.message}`)),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Longer than the slowest answer. */
const patienceMs = 10_000;

/** Stops listening. It closes idle connections at once and busy ones after their answer. After a timeout it closes the rest. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * A server on 127.0.0.1 and, where this machine has IPv6, on ::1 at the same port, like a dual-stack API. An option adds
 * an address of this machine in its network.
 */
export interface Front {
  readonly url: string;
  readonly urlIpv6: string | undefined;
  /** For phones on the same network. */
  readonly lanUrl: string | undefined;
  /** Sets the request handler, in place of the one before. */
  handle(answer: Answer): void;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The keep-alive time of an idle connection. It is longer than a client of a busy machine needs to notice its end. */
const keepAliveMs = 65_000;

interface FrontPlace extends Place {
  /** An address of this machine in its network. */
  readonly lanAddress?: string | undefined;
}

/** Opens the server, which answers nothing until it gets a handler. */
export async function openFront({ lanAddress, ...place }: FrontPlace): Promise<Front> {
  if (lanAddress !== undefined) checkLanAddress(lanAddress);
  let current: Answer = (_, response) => void response.writeHead(503).end();
  const open = (): Server =>
    createGuardedServer(
      {
        name: 'API',
        mayAsk: apps(lanAddress === undefined ? [] : [authorityName(lanAddress)]),
        answer: (request, response) => current(request, response),
        refuse: (response, { status, message }) =>
          void response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify({ message })),
      },
      { keepAliveTimeout: keepAliveMs },
    );
  const ipv4 = open();
  const port = await listen(ipv4, place);
  const opened = [ipv4];
  const urlOn = async (host: string): Promise<string> => {
    const server = open();
    await listen(server, { ...place, port, host });
    opened.push(server);
    return `http://${authorityName(host)}:${port}`;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(opened.map(close));
  };
  const urlIpv6 = await urlOn('::1').catch(() => undefined);
  const lanUrl = await (lanAddress === undefined ? undefined : urlOn(lanAddress))?.catch(async (error) => {
    await closeAll();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    urlIpv6,
    lanUrl,
    handle: (answer) => {
      current = answer;
    },
    close: closeAll,
  };
}

/** An address as it stands in a URL. */
function authorityName(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** Throws `Advice` for an address that is not one of this machine in a network. */
function checkLanAddress(address: string): void {
  const own = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ internal, address: one }) => !internal && !one.startsWith('fe80:'))
    .map(({ address: one }) => one);
  if (own.includes(address)) return;
  throw new Advice(
    `--lan: expected one of this machine's network addresses (${own.join(', ') || 'it has none'}; given: ${address})`,
  );
}
