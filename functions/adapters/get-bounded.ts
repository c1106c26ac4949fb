/**
 * One GET of a small text, with Node's own `https` (loading `fetch` costs more CPU than a whole request). Bounded in
 * time and size; only 200 is an answer. Redirects are not followed: the configured host is asked, and no other.
 */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Unavailable } from '../otp/unavailable.ts';

interface Bounds {
  /** From the name look-up to the last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** What the log calls the thing that is fetched. */
  readonly dependency: string;
}

/** Gets the text at `url`; throws {@link Unavailable} with the reason for anything but a whole 200. */
export function getBounded(url: URL, { timeoutMs, maxBytes, dependency }: Bounds): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'GET',
      agent: false,
      headers: { Accept: 'application/json' },
    });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      request.destroy();
      reject(new Unavailable(dependency, reason));
    };
    const timer = setTimeout(() => fail('timeout'), timeoutMs);
    request.on('error', () => fail('unreachable'));
    request.on('close', () => fail('unreachable'));
    request.on('response', (response: IncomingMessage) => {
      request.removeAllListeners('close');
      response.on('error', () => fail('broken off'));
      if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) fail('too large');
        else chunks.push(chunk);
      });
      response.on('end', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks).toString('utf8'));
      });
    });
    request.end();
  });
}
