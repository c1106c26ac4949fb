/** The local stack with a mistake put in on purpose: it answers what the stack answers, at an address of its own. */
import { createServer } from 'node:http';
import { close, listen } from '../local/listen.ts';
import { call } from '../test-kit/http.ts';

/** An answer with a JSON body. */
interface Answered {
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
}

/** A mistake: it changes an answer to `path`. */
export type Mistake = (answered: Answered, path: string) => Answered;

/** Runs `work` with the address of a stack that makes `mistake`; the address stands in the answers, too. */
export async function withMistake<T>(
  apiUrl: string,
  mistake: Mistake,
  work: (mistakenUrl: string) => Promise<T>,
): Promise<T> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? '/';
    const { host: _, connection: __, ...headers } = request.headers;
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    const method = request.method ?? 'GET';
    const reply = await call(`${apiUrl}${path}`, {
      ...body,
      method,
      headers: headers as Record<string, string>,
    });
    const { 'content-length': ___, 'transfer-encoding': ____, ...answered } = reply.headers;
    const own = reply.text.replaceAll(apiUrl, mistakenUrl);
    if (reply.json === undefined) {
      response.writeHead(reply.status, answered).end(own);
      return;
    }
    const { status, members } = mistake({ status: reply.status, members: JSON.parse(own) }, path);
    response.writeHead(status, answered).end(JSON.stringify(members));
  });
  const mistakenUrl = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  try {
    return await work(mistakenUrl);
  } finally {
    server.closeAllConnections();
    await close(server);
  }
}
