/**
 * One exchange over HTTPS, bounded in time and size, with Node's own `https`: loading `fetch` costs more CPU than a whole
 * request. The reader of foreign key sets and the provider client use it.
 *
 * It opens a new connection each time. After a freeze of the function a kept-alive socket is dead but still accepts the
 * bytes, which would look like a request without an answer. It keeps the TLS session alone (RFC 8446 section 2.2), which
 * makes the next handshake cheaper; a server that has forgotten it makes a whole one. It asks the configured host once, without redirects and
 * retries. The settings decide which URLs are allowed (`isTrustedUrl`).
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';

/** The request, and the bounds of the answer. */
export interface ExchangeRequest {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a POST; Node tells its length. */
  readonly body?: string | undefined;
  /** The whole exchange, from the name look-up to the last byte. */
  readonly deadlineMs: number;
  /** The largest body that is read. */
  readonly maxBytes: number;
  /** The only status whose body the caller wants. With another status the exchange ends after the head. */
  readonly onlyStatus?: number | undefined;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal | undefined;
}

/** A body, or the reason why it is not complete. */
type Body = Buffer | 'broken off' | 'too large' | 'timeout';

/** How an exchange ended. */
export type Exchanged =
  | {
      readonly tag: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      /** Empty where `onlyStatus` did not want it. */
      readonly body: Body;
    }
  /** No head of an answer came. If the connection never came up, nothing was sent. */
  | {
      readonly tag: 'unanswered';
      readonly wasConnected: boolean;
      readonly reason: 'timeout' | 'unreachable';
    };

/** Keeps TLS sessions and no connection. */
const tlsSessions = new Agent({ keepAlive: false });

/** Runs one exchange. Never throws. */
export function exchange({
  url,
  body,
  deadlineMs,
  maxBytes,
  onlyStatus,
  ...options
}: ExchangeRequest): Promise<Exchanged> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve) => {
    let wasConnected = false;
    let head: IncomingMessage | undefined;
    const request = (isTls ? requestHttps : requestHttp)(url, {
      ...options,
      agent: isTls ? tlsSessions : false,
    });
    const end = (got: Body): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(
        head === undefined
          ? { tag: 'unanswered', wasConnected, reason: got === 'timeout' ? got : 'unreachable' }
          : { tag: 'answered', status: head.statusCode ?? 0, headers: head.headers, body: got },
      );
    };
    const breakOff = (): void => end('broken off');
    const timer = setTimeout(() => end('timeout'), deadlineMs);
    request.on('socket', (socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        wasConnected = true;
      });
    });
    request.on('error', breakOff).on('close', breakOff);
    request.on('response', (response: IncomingMessage) => {
      head = response;
      // The server may close the connection before this side has read the last bytes.
      request.removeListener('close', breakOff);
      if (onlyStatus === undefined || response.statusCode === onlyStatus) readBody(response, maxBytes, end);
      else end(Buffer.alloc(0));
    });
    request.end(body);
  });
}

function readBody(response: IncomingMessage, maxBytes: number, end: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) end('too large');
    else chunks.push(chunk);
  });
  response.on('error', () => end('broken off'));
  response.on('end', () => end(Buffer.concat(chunks)));
}
