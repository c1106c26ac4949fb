/** Hands a request on to another server of the stack, and its answer back, as they are. */
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';

/** The page's origin stays here: to the server behind, this is no browser. */
const kept = new Set(['origin', 'referer', 'host', 'connection', 'cookie']);

/** Ends with the answer; fails when the server behind does not answer. `to` is the whole target. */
export function forward(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !kept.has(name) && !name.startsWith('sec-')),
  );
  return new Promise((resolve, reject) => {
    const outgoing = send(to, { method: request.method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', reject);
      response.on('close', resolve);
    });
    outgoing.on('error', reject);
    request.pipe(outgoing);
  });
}
