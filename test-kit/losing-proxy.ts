/**
 * A proxy between a client and a table server that loses answers. The write lands, and the connection ends before the
 * client gets the answer. The test decides by the call's body, and by how often the same body came.
 */
import { createServer } from 'node:http';
import { close, listen } from '../local/listen.ts';

/** One call, as the proxy sees it; `tries` counts the same write from 1. */
interface ProxiedCall {
  readonly body: string;
  readonly tries: number;
}

export interface LosingProxy {
  readonly endpoint: string;
  /** How many answers were lost. */
  readonly lost: number;
  /** Sets which answers are lost from now on. */
  lose(which: (call: ProxiedCall) => boolean): void;
  stop(): Promise<void>;
}

/** What a consume writes, and no other step. */
export function isConsume(body: string): boolean {
  return body.includes('consumedBy = :consumedBy');
}

/** Starts a proxy in front of `endpoint` that loses nothing yet. */
export async function startLosingProxy(endpoint: string): Promise<LosingProxy> {
  const tries = new Map<string, number>();
  let isLost: (call: ProxiedCall) => boolean = () => false;
  let lost = 0;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    tries.set(body, (tries.get(body) ?? 0) + 1);
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    const text = await answer.text();
    if (isLost({ body, tries: tries.get(body) ?? 1 })) {
      lost += 1;
      response.destroy();
      return;
    }
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
  });
  return {
    endpoint: `http://127.0.0.1:${await listen(server, { port: 0 })}`,
    get lost() {
      return lost;
    },
    lose: (which) => {
      isLost = which;
    },
    stop: async () => {
      server.closeAllConnections();
      await close(server);
    },
  };
}
