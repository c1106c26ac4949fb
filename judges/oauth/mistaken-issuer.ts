/** The stack's issuer with a mistake put in on purpose: it answers what the stack answers, at an address of its own. */
import { createServer } from 'node:http';
import { close, listen } from '../../local/listen.ts';
import { call } from '../../test-kit/http.ts';

type Members = Record<string, unknown>;

/** A mistake: it changes the members of an answer to `path`. */
export type Mistake = (members: Members, path: string) => Members;

/** Runs `work` with the address of an issuer that makes `mistake`. */
export async function withMistake<T>(
  apiUrl: string,
  mistake: Mistake,
  work: (issuer: string) => Promise<T>,
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
    const own = reply.text.replaceAll(apiUrl, issuer);
    response
      .writeHead(reply.status, answered)
      .end(reply.json === undefined ? own : JSON.stringify(mistake(JSON.parse(own), path)));
  });
  const issuer = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  try {
    return await work(issuer);
  } finally {
    server.closeAllConnections();
    await close(server);
  }
}
