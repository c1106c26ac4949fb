/** Records what a server of this process was asked and what it answered, as bytes, without a change to the server. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Base64. */
  readonly asked: string;
  readonly status: number;
  readonly contentType: string;
  readonly errorType: string;
  /** Base64. */
  readonly answered: string;
}

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Push = (this: IncomingMessage, chunk: unknown, ...rest: unknown[]) => boolean;
type Send = (this: ServerResponse, chunk?: unknown, ...rest: unknown[]) => unknown;

/** Records every exchange of the servers at these addresses of this process. `end` gives them. */
export function recordExchanges(urls: readonly string[]): { readonly end: () => readonly Exchange[] } {
  const ports = urls.map((url) => Number(new URL(url).port));
  const exchanges: Exchange[] = [];
  const onStart = (message: unknown): void => {
    const { request, response } = message as Started;
    if (!ports.includes(request.socket.localPort ?? 0)) return;
    const asked = keptChunks(request, ['push']);
    const answered = keptChunks(response, ['write', 'end']);
    const written = writtenHeaders(response);
    const header = (name: string): string => String(written(name) ?? response.getHeader(name) ?? '');
    response.once('finish', () =>
      exchanges.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        asked: asked(),
        status: response.statusCode,
        contentType: header('content-type'),
        errorType: header('x-amzn-errortype'),
        answered: answered(),
      }),
    );
  };
  subscribe('http.server.request.start', onStart);
  return {
    end: () => {
      unsubscribe('http.server.request.start', onStart);
      return exchanges;
    },
  };
}

/** The headers that `writeHead` got. Node.js itself forgets them where no other header was set before. */
function writtenHeaders(stream: object): (name: string) => unknown {
  const written: Record<string, unknown> = {};
  const writeHead: Send = Reflect.get(stream, 'writeHead');
  Reflect.set(stream, 'writeHead', (...given: unknown[]) => {
    Object.assign(written, given.at(-1));
    return Reflect.apply(writeHead, stream, given);
  });
  return (name) => written[name];
}

/** Keeps what is given to these methods of a stream. The result gives it in base64. */
function keptChunks(stream: object, methods: readonly string[]): () => string {
  const chunks: Buffer[] = [];
  for (const method of methods) {
    const original: Push | Send = Reflect.get(stream, method);
    Reflect.set(stream, method, (chunk: unknown, ...rest: unknown[]) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      return Reflect.apply(original, stream, [chunk, ...rest]);
    });
  }
  return () => Buffer.concat(chunks).toString('base64');
}
