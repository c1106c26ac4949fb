/**
 * Listening on loopback, with an answer for a port that is taken, and an end that waits for answers under way.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { Advice } from './advice.ts';

interface Place {
  /** 0 takes a free one. */
  readonly port: number;
  /** The option by which people choose another. */
  readonly option?: string;
  readonly host?: '127.0.0.1' | '::1';
}

/** Listens and gives the port. */
export function listen(server: Server, { port, option = '', host = '127.0.0.1' }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        isTaken
          ? new Advice(`Port ${port} is not free. Choose another: npm start -- ${option} ${port + 100}`)
          : error,
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Stops listening; idle connections end at once, the others with their answer. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

/** A front on 127.0.0.1 and, where this machine has it, on ::1 at the same port, as a dual-stack API has it. */
export interface Front {
  readonly url: string;
  readonly urlIpv6: string | undefined;
  /** Sets who answers, in place of the one before. */
  handle(listener: RequestListener): void;
  close(): Promise<void>;
}

/** How long an idle connection is kept: longer than any client of a busy machine takes to notice that it ends. */
const keepAliveMs = 65_000;

/** Opens a front that answers nothing yet. */
export async function openFront(place: Place): Promise<Front> {
  let current: RequestListener = (_, response) => response.writeHead(503).end();
  const options = { keepAliveTimeout: keepAliveMs };
  const servers = [createServer(options), createServer(options)] as const;
  for (const server of servers) server.on('request', (request, response) => current(request, response));
  const [ipv4, ipv6] = servers;
  const port = await listen(ipv4, place);
  const hasIpv6 = await listen(ipv6, { port, host: '::1' }).then(
    () => true,
    () => false,
  );
  return {
    url: `http://127.0.0.1:${port}`,
    urlIpv6: hasIpv6 ? `http://[::1]:${port}` : undefined,
    handle: (listener) => {
      current = listener;
    },
    close: async () => {
      await Promise.all([close(ipv4), hasIpv6 ? close(ipv6) : undefined]);
    },
  };
}
