/**
 * A `fetch` for clients under test that simulates network faults: it loses a request or an answer, or answers as a proxy in
 * between would. Each try takes the next fault of the list. Without one, the try reaches the server.
 */

type Mishap =
  /** The server is not reached. */
  | 'lose-request'
  /** The server does its work, and its answer never arrives. */
  | 'lose-answer'
  /** Nothing comes back until the phone gives up. */
  | 'hang'
  /** A network's own log-in page. */
  | 'captive-portal'
  /** The gateway's own answer. */
  | 'gateway-503'
  /** A problem that no client knows. */
  | 'new-problem'
  /** The server is not reached, and this JSON comes back in its place. */
  | { readonly status: number; readonly body: object };

export interface Road {
  readonly fetch: typeof fetch;
  /** The calls that the phone made, oldest first. */
  readonly calls: { readonly url: string; readonly headers: Headers; readonly body: unknown }[];
  /** The faults of the next tries. */
  meet(...mishaps: readonly Mishap[]): void;
}

/** A `fetch` without faults. */
export function openRoad(): Road {
  const calls: Road['calls'] = [];
  const ahead: Mishap[] = [];
  return {
    calls,
    meet: (...mishaps) => ahead.push(...mishaps),
    fetch: async (url, init) => {
      calls.push({
        url: String(url),
        headers: new Headers(init?.headers),
        body: JSON.parse(String(init?.body)),
      });
      const mishap = ahead.shift();
      if (typeof mishap === 'object') return Response.json(mishap.body, { status: mishap.status });
      switch (mishap) {
        case undefined:
          return fetch(url, init);
        case 'lose-request':
          throw new TypeError('Network request failed');
        case 'lose-answer':
          await (await fetch(url, init)).text();
          throw new TypeError('Network request failed');
        case 'hang':
          return new Promise((_, reject) => {
            init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
          });
        case 'captive-portal':
          return new Response('<!doctype html><title>Welcome to Airport WiFi</title>', {
            headers: { 'content-type': 'text/html' },
          });
        case 'gateway-503':
          return Response.json(
            { message: 'Service Unavailable' },
            { status: 503, headers: { 'apigw-requestid': 'gateway-id=' } },
          );
        case 'new-problem':
          return Response.json(
            {
              type: 'urn:doorcode:moon-phase',
              title: 'Not tonight',
              status: 418,
              detail: 'Wait.',
              instance: 'i-1',
              supportReference: 'K7MF29QX',
            },
            { status: 418, headers: { 'content-type': 'application/problem+json' } },
          );
      }
    },
  };
}
