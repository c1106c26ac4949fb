/** What the judge `load` takes for an error, and the stack with a mistake that two judges have to see through. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Hit, type Kind, wrongAnswers } from '../../judges/load/attacks.ts';
import { withMistake } from '../../judges/mistaken-stack.ts';
import { close, listen } from '../../local/listen.ts';
import { call } from '../../test-kit/http.ts';

const hit = (kind: Kind, status: number, type?: string): Hit => ({
  shot: { kind, body: {} },
  status,
  json: type === undefined ? {} : { type },
});

it('takes the answers of each kind of call, and counts the others', () => {
  const right = [hit('send', 202), hit('send', 429), hit('right code', 200), hit('wrong code', 422)];
  expect(wrongAnswers([...right, hit('wrong code', 429), hit('forged id', 422)])).toEqual([]);
  const wrong = [hit('right code', 422, 'urn:doorcode:expired-code'), hit('forged id', 200), hit('send', 0)];
  expect(wrongAnswers([...right, ...wrong, hit('send', 0), hit('right code', 429)])).toEqual([
    '1 times, right code: 422 urn:doorcode:expired-code',
    '1 times, forged id: 200',
    '2 times, send: no answer',
    '1 times, right code: 429',
  ]);
});

const server = createServer((request, response) => {
  const url = `http://${request.headers.host}`;
  response
    .writeHead(request.url === '/empty' ? 204 : 202, { 'x-kept': 'yes', 'content-type': 'application/json' })
    .end(request.url === '/empty' ? '' : JSON.stringify({ url, method: request.method }));
});
let url = '';
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await close(server);
});

it('a stack with a mistake answers what the stack does, but for the mistake', async () => {
  await withMistake(
    url,
    ({ status, members }, path) => (path === '/odd' ? { status: 503, members: {} } : { status, members }),
    async (mistaken) => {
      const reply = await call(`${mistaken}/even`, { body: { a: 1 } });
      expect(reply).toMatchObject({ status: 202, json: { url: mistaken, method: 'POST' } });
      expect(reply.headers['x-kept']).toBe('yes');
      expect(await call(`${mistaken}/odd`)).toMatchObject({ status: 503, json: {} });
      expect(await call(`${mistaken}/empty`)).toMatchObject({ status: 204, text: '' });
    },
  );
});
