/**
 * The HTTP server behind every listener of the local stack. A bad request gets a 4xx. A bug of ours gets a 500 and a line
 * in the terminal. Neither ends the process. A handler only sees requests from allowed callers, whose target is a path.
 *
 * Node itself refuses malformed requests (400), headers that are too large (431) and requests that do not end (408). The
 * server answers an upgrade as a plain request.
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
  /** The name of the server in the terminal. */
  readonly name: string;
  readonly mayAsk: MayAsk;
  /** Answers a request; `url` is its target on a placeholder base. The server answers 500 when it throws. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;
  /** Writes the answer for a refusal; plain text by default. */
  readonly refuse?: (response: ServerResponse, refusal: Refusal) => void;
}

/** Creates the server; it does not listen yet. */
export function createGuardedServer(listener: Listener, options: ServerOptions = {}): Server {
  const { name, answer, refuse = refusePlainly } = listener;
  const server = createServer(options, (request, response) => {
    // A client that disconnects in the middle is not an error.
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
        else refuse(response, { status: 500, message: 'The local stack failed. Its terminal says why.' });
      });
  });
  server.on('connect', (_request, socket) => {
    socket.on('error', () => undefined);
    // Node's server has detached this connection. Without this line it would stay open and stop() would never end.
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () =>
      socket.destroy(),
    );
  });
  return server;
}

function admit({ mayAsk }: Listener, request: IncomingMessage): URL | Refusal {
  return (
    mayAsk(request) ??
    targetOf(request) ?? { status: 400, message: 'Request a path. This server is not a proxy.' }
  );
}

/**
 * The target of a request, where it is a path (RFC 9112, section 3.2.1, origin-form). The code appends it to a base and
 * never resolves it against one: `//elsewhere/` is a path here, but would resolve to another server.
 */
function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  return url.startsWith('/') ? new URL(`http://local.invalid${url}`) : undefined;
}

/** Closes the connection after the refusal and discards the body, however long it is. */
function turnAway(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  request.resume();
}

/** Sends a refusal as plain text, with the security headers of a page. */
function refusePlainly(response: ServerResponse, { status, message }: Refusal): void {
  response
    .writeHead(status, { ...plainHeaders, 'content-type': 'text/plain; charset=utf-8' })
    .end(`${message}\n`);
}

const plainHeaders = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
