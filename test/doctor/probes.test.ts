/** The calls of the doctor to the API: what they ask, how long they wait for a first key, and how they fail. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { probe } from '../../doctor/probes.ts';
import { requestIdSchema } from '../../functions/otp/request-id.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listening(
  answer: (path: string, response: ServerResponse, request: IncomingMessage) => void,
): Promise<string> {
  server = createServer((request, response) => answer(request.url ?? '', response, request));
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const patience = { signal: new AbortController().signal, firstKeyMs: 0, onProgress: () => undefined };

describe('the doctor’s calls', () => {
  it('fetch each document three times, and send an empty body and an id that nobody made', async () => {
    const calls: string[] = [];
    const bodies: string[] = [];
    const apiUrl = await listening((path, response, request) => {
      calls.push(`${request.method} ${path}`);
      void text(request).then((body) => {
        if (body !== '') bodies.push(body);
        response.writeHead(200, { 'apigw-requestid': 'id' }).end('{}');
      });
    });
    const { emptyBody } = await probe({ apiUrl, issuer: apiUrl }, patience);
    expect(calls).toEqual([
      ...Array.from({ length: 3 }, () => 'GET /.well-known/openid-configuration'),
      ...Array.from({ length: 3 }, () => 'GET /.well-known/jwks.json'),
      'POST /auth/request-otp',
      'POST /auth/verify-otp',
    ]);
    expect(bodies[0]).toBe('{}');
    const { requestId } = JSON.parse(bodies[1] ?? '');
    expect(v.is(requestIdSchema, requestId)).toBe(true);
    expect(emptyBody).toMatchObject({ tag: 'answer', status: 200, gatewayId: 'id', json: {} });
  });

  it('wait for the first key, and say so once', async () => {
    let asked = 0;
    const told: string[] = [];
    const url = await listening((path, response) => {
      if (path.endsWith('jwks.json')) asked += 1;
      response.end(asked > 2 ? '{"keys":[{"kid":"k"}]}' : '{"keys":[]}');
    });
    await probe(
      { apiUrl: url, issuer: url },
      { ...patience, firstKeyMs: 20_000, onProgress: (step) => told.push(step) },
    );
    expect(asked).toBe(3 + 3);
    expect(told).toEqual(['waiting for the first signing key, at most 20 s']);
  });

  it('tell the innermost reason of a failure', async () => {
    const url = await listening((_, response) => response.destroy());
    const { emptyBody } = await probe({ apiUrl: url, issuer: 'http://127.0.0.1:1' }, patience);
    expect(emptyBody).toEqual({ tag: 'none', reason: 'UND_ERR_SOCKET' });
  });

  it('end at Ctrl-C', async () => {
    const url = await listening(() => undefined);
    const calling = probe({ apiUrl: url, issuer: url }, { ...patience, signal: AbortSignal.timeout(200) });
    await expect(calling).rejects.toThrow();
  });
});
