/** The key endpoint of a foreign issuer, whose answer a test can change; it counts who asks. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JwksServer {
  readonly url: string;
  readonly requests: () => number;
  /** Sets how it answers from now on. */
  answer(listener: RequestListener): void;
  stop(): Promise<void>;
}

/** Starts one that serves `keys` (members of a JWK Set). */
export async function startJwksServer(keys: readonly unknown[]): Promise<JwksServer> {
  let requests = 0;
  let listener: RequestListener = jwks(keys);
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    requests: () => requests,
    answer: (next) => {
      listener = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a JWK Set. */
export function jwks(keys: readonly unknown[]): RequestListener {
  return (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
}
