/**
 * The local stack's front page: the example app beside a phone's inbox, the decisions of the server, and switches. It
 * forwards calls to the API and to the fake provider, so a browser needs no CORS permission from either. The deployed API
 * allows no origin by default, and the local one allows no more.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { close, listen } from '../listen.ts';
import { createGuardedServer } from '../listeners/guarded-server.ts';
import { declaresJson, ownPages } from '../listeners/may-ask.ts';
import { readBody } from '../listeners/read-body.ts';
import type { LocalStack } from '../local-stack.ts';
import { decisionsOf } from './decisions.ts';
import { forward } from './forward.ts';
import { openClock } from './jumping-clock.ts';
import { pageFiles } from './page-files.ts';
import { pageGuards } from './page-guards.ts';
import { openProtectedApi, type ProtectedApi } from './protected-api.ts';

export interface Page {
  readonly url: string;
  stop(): Promise<void>;
}

type Seen = Pick<LocalStack, 'apiUrl' | 'provider' | 'pool' | 'logLines' | 'deployment'>;

/** Serves the page of `stack`; 0 takes a free port. */
export async function startPage(stack: Seen, { port }: { port: number }): Promise<Page> {
  const clock = openClock(stack);
  const files = pageFiles();
  const api = openProtectedApi(stack.apiUrl, () => new Date(Date.now() + clock.read().offsetSeconds * 1000));
  const server = createGuardedServer({
    name: 'page',
    mayAsk: ownPages,
    answer: (request, response, url) => answer(request, response, { url, stack, clock, files, api }),
  });
  const taken = await listen(server, { port, option: '--page-port' });
  return {
    url: `http://127.0.0.1:${taken}`,
    stop: () => {
      server.closeAllConnections();
      return close(server);
    },
  };
}

const maxJumpBytes = 1024;

interface Parts {
  readonly url: URL;
  readonly stack: Seen;
  readonly clock: ReturnType<typeof openClock>;
  readonly files: ReturnType<typeof pageFiles>;
  readonly api: ProtectedApi;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { url, stack, clock, files, api }: Parts,
): Promise<void> {
  const { pathname, search, searchParams } = url;
  if (pathname.startsWith('/auth/') || pathname.startsWith('/.well-known/')) {
    await forward(request, response, `${stack.apiUrl}${pathname}${search}`);
    return;
  }
  switch (`${request.method} ${pathname}`) {
    case 'GET /inbox.json':
    case 'GET /control':
    case 'POST /control':
      await forward(request, response, `${stack.provider.url}${pathname}`);
      return;
    case 'GET /orders': {
      const { status, body } = await api.answer(request.headers.authorization);
      json(response, body, status);
      return;
    }
    case 'GET /decisions':
      json(response, decisionsOf(stack.logLines, searchParams.get('id') ?? ''));
      return;
    case 'GET /clock':
      json(response, clock.read());
      return;
    case 'POST /clock':
      if (declaresJson(request)) jump(response, clock.forward(await text(request)));
      else response.writeHead(415, pageGuards).end('Send JSON, with its content type.\n');
      return;
    default: {
      const file = request.method === 'GET' ? await files(pathname) : undefined;
      if (file === undefined) response.writeHead(404, pageGuards).end('There is nothing here.\n');
      else response.writeHead(200, { ...pageGuards, ...file.headers }).end(file.content);
    }
  }
}

function jump(response: ServerResponse, clock: object | undefined): void {
  if (clock === undefined) response.writeHead(400, pageGuards).end('Say {"forwardSeconds": 30}.\n');
  else json(response, clock);
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response
    .writeHead(status, { ...pageGuards, 'content-type': 'application/json' })
    .end(JSON.stringify(value));
}

async function text(request: IncomingMessage): Promise<string> {
  return String((await readBody(request, maxJumpBytes)) ?? '');
}
