/**
 * The provider client: `POST /otp/send`, and a look at whether a key is taken, with Node's own `https` (loading `fetch` costs more CPU than a
 * whole request). It sends no code twice by itself, but for one case: a connection that never came up has carried
 * nothing, so it is tried once more. What the answers mean stands in `otp/send-outcome.ts`.
 *
 * A fresh connection for each send: after a freeze of the function a kept-alive socket is dead and takes the
 * bytes all the same, which would look like a send without an answer. Redirects are not followed: the key goes to
 * the configured host or nowhere, and over TLS unless that host is this machine.
 */
import { randomUUID } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Exchange, readSendOutcome, type SendOutcome } from '../otp/send-outcome.ts';
import type { Sms } from '../otp/sms.ts';
import type { KeyTrial } from '../rotation/provider-key-rotation.ts';
import { maxProviderAnswerBytes, providerDeadlineMs } from '../settings/fixed-numbers.ts';

export interface Provider {
  /** `https://` and a host; `http://` for 127.0.0.0/8 alone. */
  readonly baseUrl: URL;
}

/** Reads the base URL of the provider; throws where the key would travel in the clear. */
export function connectProvider(baseUrl: string): Provider {
  const url = new URL(baseUrl);
  const isLocal = url.protocol === 'http:' && /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) throw new TypeError('expected an https: URL');
  return { baseUrl: url };
}

/** Hands one SMS to the provider. Never throws: what went wrong is the outcome. `timeoutMs` bounds it all. */
export async function sendSms(
  { baseUrl }: Provider,
  { sms, key, timeoutMs }: { sms: Sms; key: string; timeoutMs: number },
): Promise<SendOutcome> {
  const url = new URL('/otp/send', baseUrl);
  const endsAtMs = performance.now() + Math.min(timeoutMs, providerDeadlineMs);
  const remainingMs = (): number => Math.max(1, endsAtMs - performance.now());
  const call = { method: 'POST', url, key, body: JSON.stringify(sms) } as const;
  const first = await exchange({ ...call, timeoutMs: remainingMs() });
  const isRetryable = first.tag === 'unreachable' && remainingMs() > 1;
  return readSendOutcome(isRetryable ? await exchange({ ...call, timeoutMs: remainingMs() }) : first);
}

/**
 * Asks whether the provider takes a key, by the status of a message that does not exist: no SMS is spent. 404, 403 and
 * 200 are answers to a good key, 401 to a bad one; anything else says nothing.
 */
export async function tryProviderKey({ baseUrl }: Provider, key: string): Promise<KeyTrial> {
  const url = new URL(`/messages/${randomUUID()}`, baseUrl);
  const answer = await exchange({ method: 'GET', url, key, body: '', timeoutMs: providerDeadlineMs });
  if (answer.tag !== 'answered') return 'no-answer';
  if (answer.status === 401) return 'refused';
  return [200, 403, 404].includes(answer.status) ? 'accepted' : 'no-answer';
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly key: string;
  readonly body: string;
  readonly timeoutMs: number;
}

function exchange({ method, url, key, body, timeoutMs }: Call): Promise<Exchange> {
  const isTls = url.protocol === 'https:';
  return new Promise((resolve) => {
    let isConnected = false;
    const request = (isTls ? requestHttps : requestHttp)(url, {
      method,
      agent: false,
      headers: {
        ...(method === 'POST' && {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        }),
        Accept: 'application/json',
        'X-API-Key': key,
      },
    });
    const end = (result: Exchange): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    const endWithoutAnswer = (): void => end({ tag: isConnected ? 'no-answer' : 'unreachable' });
    const timer = setTimeout(endWithoutAnswer, timeoutMs);
    request.on('socket', (socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    request.on('error', endWithoutAnswer);
    request.on('close', endWithoutAnswer);
    request.on('response', (response) => readAnswer(request, response, end));
    request.end(body);
  });
}

function readAnswer(
  request: ClientRequest,
  response: IncomingMessage,
  end: (result: Exchange) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const answered = (body: string | undefined): void =>
    end({
      tag: 'answered',
      status: response.statusCode ?? 0,
      body,
      retryAfter: response.headers['retry-after'],
    });
  request.removeAllListeners('error').on('error', () => answered(undefined));
  request.removeAllListeners('close');
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxProviderAnswerBytes) answered(undefined);
    else chunks.push(chunk);
  });
  response.on('error', () => answered(undefined));
  response.on('end', () => answered(Buffer.concat(chunks).toString('utf8')));
}
