/**
 * One GET of a key set, with Node's own `https` (loading `fetch` costs more CPU than a whole request). Bounded in time
 * and size; only a whole 200 is an answer. Redirects are not followed: the configured host is asked, and no other.
 */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Unavailable } from '../runtime/unavailable.ts';
import { decodeUtf8 } from '../runtime/utf8.ts';
import { jwksDeadlineMs, maxJwksBytes } from '../settings/fixed-numbers.ts';

/** An issuer's front may turn away who does not say what it is and wants (RFC 7517, section 8.5). */
const headers = { Accept: 'application/jwk-set+json, application/json', 'User-Agent': 'doorcode' };

/** Gets the text at `url`; throws {@link Unavailable}, with the reason, for anything else, and when `signal` is over. */
export function fetchJwks(url: URL, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      agent: false,
      headers,
      signal,
    });
    const fail = (reason: string): void => {
      clearTimeout(timer);
      request.destroy();
      reject(new Unavailable('jwks', reason));
    };
    const timer = setTimeout(() => fail('timeout'), jwksDeadlineMs);
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
        if (bytes > maxJwksBytes) fail('too large');
        else chunks.push(chunk);
      });
      response.on('end', () => {
        clearTimeout(timer);
        try {
          resolve(decodeUtf8(Buffer.concat(chunks)));
        } catch {
          fail('malformed');
        }
      });
    });
    request.end();
  });
}
