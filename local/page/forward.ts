/** Forwards a request to another server of the stack, and the answer back, both unchanged. */
import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';

/** Removes the page's origin, because for the server behind the caller is not a browser. */
const kept = new Set(['origin', 'referer', 'host', 'connection', 'cookie']);

/** Resolves with the answer; rejects when the server behind does not answer. `to` is the whole target. */
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
