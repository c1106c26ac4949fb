/**
 * One POST to an AWS endpoint over kept-alive connections, with time limits for the connection and for the answer.
 * It repeats nothing: what is worth a second try is for the caller to say.
 */
import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';

export interface TimeLimits {
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
}

export interface Answer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly text: string;
}

interface Post extends TimeLimits {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

// Lambda runs one request at a time, with a handful of calls side by side.
const keepAlive = { keepAlive: true, maxSockets: 50 };
const agents = { http: new HttpAgent(keepAlive), https: new HttpsAgent(keepAlive) };

/** Sends and reads the whole answer. Throws an error named `TimeoutError` or `AbortError`, or the socket's own. */
export function post({
  url,
  headers,
  body,
  signal,
  connectionTimeout,
  requestTimeout,
}: Post): Promise<Answer> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request: ClientRequest = isTls
      ? requestHttps(url, { method: 'POST', headers, agent: agents.https })
      : requestHttp(url, { method: 'POST', headers, agent: agents.http });
    let timer: NodeJS.Timeout | undefined;
    let isSettled = false;
    const limit = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(named('TimeoutError')), ms);
    };
    const onAbort = (): void => fail(named('AbortError'));
    const settle = (): void => {
      isSettled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      // The connection of a whole answer is kept.
      if (isSettled) return;
      settle();
      request.destroy();
      reject(error);
    };
    limit(connectionTimeout);
    signal?.addEventListener('abort', onAbort);
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once(isTls ? 'secureConnect' : 'connect', () => limit(requestTimeout));
      else limit(requestTimeout);
    });
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      // An answer that was cut off has no end.
      response.on('close', () => fail(named('TruncatedError')));
      response.on('end', () => {
        settle();
        const { statusCode: status = 0, headers: answered } = response;
        const errorType = answered['x-amzn-errortype'];
        resolve({ status, errorType: errorType?.toString(), text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(body);
  });
}

/** An error that says nothing but its name. */
export function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}
