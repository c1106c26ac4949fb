/**
 * The HTTP server behind every listener of the local stack. A bad request gets a 4xx, a fault of ours a 500 and a line
 * in the terminal; neither ends the process. Nothing reaches a handler that may not ask, or whose target is no path.
 *
 * What Node refuses by itself stays with it: a malformed request 400, headers that are too large 431, a request that
 * does not end 408. An upgrade is answered as the plain request that it also is.
 */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { MayAsk, Refusal } from './may-ask.ts';

export interface Listener {
  /** What it is called in the terminal. */
  readonly name: string;
  readonly mayAsk: MayAsk;
  /** Answers; `url` is the target, on a base that says nothing. What it throws is answered 500. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;
  /** Words a refusal; plain text without it. */
  readonly refuse?: (response: ServerResponse, refusal: Refusal) => void;
}

/** Creates the server; it does not listen yet. */
export function createGuardedServer(listener: Listener, options: ServerOptions = {}): Server {
  const { name, answer, refuse = refusePlainly } = listener;
  const server = createServer(options, (request, response) => {
    // A client that goes away in the middle is no fault of anybody's.
    for (const stream of [request, response]) stream.on('error', () => undefined);
    const admitted = admit(listener, request);
    if ('status' in admitted) {
      turnAway(request, response);
      refuse(response, admitted);
      return;
    }
    Promise.resolve()
      .then(() => answer(request, response, admitted))
      .catch((error: unknown) => {
        if (request.destroyed && !request.complete) return;
        console.error(`The ${name} failed at ${request.method} ${admitted.pathname}:`, error);
        if (response.headersSent) response.destroy();
        else refuse(response, { status: 500, message: 'The local stack failed; its terminal says why.' });
      });
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    // The server has let go of this connection: nobody else would close it, and no stop would end.
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () =>
      socket.destroy(),
    );
  });
  return server;
}

function admit({ mayAsk }: Listener, request: IncomingMessage): URL | Refusal {
  return (
    mayAsk(request) ?? targetOf(request) ?? { status: 400, message: 'Ask for a path; this is no proxy.' }
  );
}

/**
 * The target of a request, where it is a path (RFC 9112, section 3.2.1, origin-form). It is put behind a base and never
 * resolved against one, because `//` and `//elsewhere/` are paths here and other servers there.
 */
function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') ? new URL(`http://local.invalid${url}`) : undefined;
}

/** The body of a request that is refused is not worth reading, however long it is. */
function turnAway(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  request.resume();
}

/** A refusal as plain text, under the rules of a page. */
function refusePlainly(response: ServerResponse, { status, message }: Refusal): void {
  response
    .writeHead(status, { ...plainHeaders, 'content-type': 'text/plain; charset=utf-8' })
    .end(`${message}\n`);
}

const plainHeaders = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
