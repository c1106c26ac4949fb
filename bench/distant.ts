/**
 * Servers as far away as AWS's and the provider's: over TLS, with an answer that takes its time. Each stands in front of one
 * of the bench's own servers. What it costs to play them is not the function's.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../local/listen.ts';
import { ownCertificate } from '../test-kit/own-certificate.ts';

/** How long an answer takes: what DynamoDB, Secrets Manager and StartMessaging take in the region. */
export const distanceMs = { table: 4, secrets: 15, provider: 250 } as const;

export interface Distant {
  /** Puts a server behind TLS and a delay; gives its address. */
  front(url: string, delayMs: number, onBody?: (body: string) => void): Promise<string>;
  /** The environment in which Node trusts these servers. */
  readonly trust: Readonly<Record<string, string>>;
  stop(): void;
}

/** Opens the distance. */
export function openDistance(): Distant {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-tls-'));
  const certificate = ownCertificate();
  const file = join(directory, 'ca.pem');
  writeFileSync(file, certificate.cert);
  const servers: Server[] = [];
  const agent = new Agent({ keepAlive: true });
  return {
    trust: { NODE_EXTRA_CA_CERTS: file },
    front: async (url, delayMs, onBody) => {
      const server = createServer(certificate, (incoming, response) => {
        const isDue = new Promise((resolve) => setTimeout(resolve, delayMs));
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const body = Buffer.concat(chunks);
          onBody?.(body.toString());
          const { host: _, connection: __, ...headers } = incoming.headers;
          const options = { method: incoming.method ?? 'POST', agent, headers };
          const onward = request(new URL(incoming.url ?? '/', url), options, async (upstream) => {
            const parts: Buffer[] = [];
            for await (const part of upstream) parts.push(part);
            await isDue;
            response.writeHead(upstream.statusCode ?? 500, upstream.headers).end(Buffer.concat(parts));
          });
          onward.on('error', () => response.destroy());
          onward.end(body);
        });
      });
      server.keepAliveTimeout = 60_000;
      servers.push(server);
      return `https://127.0.0.1:${await listen(server, { port: 0 })}`;
    },
    stop: () => {
      agent.destroy();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(directory, { recursive: true });
    },
  };
}
