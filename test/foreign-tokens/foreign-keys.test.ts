/** The keys of a foreign issuer, fetched over real sockets from servers that behave as badly as servers do. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ForeignKeys, openForeignKeys } from '../../functions/foreign-tokens/foreign-keys.ts';
import { openForeignVerifier } from '../../functions/foreign-tokens/foreign-token.ts';
import { type ForeignKeyPair, genuineToken, makeForeignKey } from '../support/foreign-issuer.ts';
import { bothClocks, neverOver } from '../support/test-clock.ts';

const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(server: Server, port = 0): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An issuer's endpoint, of which the answer can be changed, with a clock of its own for the keys' ages. */
async function openEndpoint(first: Answer) {
  const state = { answer: first, requests: 0, now: 1_800_000_000 };
  const server = createServer((request, response) => {
    state.requests += 1;
    state.answer(response, request);
  });
  const url = `http://127.0.0.1:${await listen(server)}/jwks.json`;
  return {
    state,
    url,
    keys: openForeignKeys(
      url,
      bothClocks(() => state.now),
    ),
  };
}

const old = makeForeignKey('ES256');
const fresh = makeForeignKey('ES256');
const jwks = (...pairs: readonly ForeignKeyPair[]): string =>
  JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) });
const text =
  (body: string, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
const down: Answer = (_, request) => request.socket.destroy();
const tagOf = async (keys: ForeignKeys, { kid }: ForeignKeyPair) => (await keys.find(kid, neverOver)).tag;
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('the keys of a foreign issuer', () => {
  it('are not fetched before they are needed, and then once for everybody who waits', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await settled();
    expect(state.requests).toBe(0);
    const tags = await Promise.all(Array.from({ length: 200 }, () => tagOf(keys, old)));
    expect(new Set(tags)).toEqual(new Set(['found']));
    expect(state.requests).toBe(1);
  });

  it('are asked for by GET, on a connection of its own, with nothing but the address', async () => {
    const seen: IncomingMessage[] = [];
    const { keys } = await openEndpoint((response, request) => {
      seen.push(request);
      text(jwks(old))(response, request);
    });
    await keys.find(old.kid, neverOver);
    const [request] = seen;
    expect(request?.method).toBe('GET');
    expect(request?.url).toBe('/jwks.json');
    expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
      'accept',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(request?.headers.connection).toBe('close');
  });

  it('serve for five minutes without another fetch', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.now += 300;
    expect(await tagOf(keys, old)).toBe('found');
    await settled();
    expect(state.requests).toBe(1);
  });

  it('are refreshed before use past five minutes, so that a withdrawn key is refused', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.answer = text(jwks(fresh));
    state.now += 301;
    expect(await tagOf(keys, old)).toBe('unknown');
    expect(state.requests).toBe(2);
    expect(await tagOf(keys, fresh)).toBe('found');
  });

  it('serve for a day while the endpoint is down, asked for every ten seconds, and no longer', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    const loadedAt = state.now;
    state.answer = down;
    state.now += 3_601;
    expect(await tagOf(keys, old)).toBe('found');
    expect(await tagOf(keys, old)).toBe('found');
    expect(state.requests).toBe(2);
    state.now += 9;
    expect(await tagOf(keys, old)).toBe('found');
    expect(state.requests).toBe(2);
    state.now += 1;
    expect(await tagOf(keys, old)).toBe('found');
    expect(state.requests).toBe(3);
    state.now = loadedAt + 86_400;
    expect(await tagOf(keys, old)).toBe('found');
    state.now += 11;
    expect(await keys.find(old.kid, neverOver)).toEqual({ tag: 'unavailable', reason: 'unreachable' });
    state.answer = text(jwks(old));
    state.now += 10;
    expect(await tagOf(keys, old)).toBe('found');
  });

  it('are unavailable without ever a set, asked for every ten seconds, and come back', async () => {
    const { state, keys } = await openEndpoint(down);
    const wanted = { tag: 'unavailable', reason: 'unreachable' };
    expect(await Promise.all([keys.find(old.kid, neverOver), keys.find(fresh.kid, neverOver)])).toEqual([
      wanted,
      wanted,
    ]);
    state.answer = text(jwks(old));
    state.now += 9;
    expect(await keys.find(old.kid, neverOver)).toEqual(wanted);
    expect(state.requests).toBe(1);
    state.now += 1;
    expect(await tagOf(keys, old)).toBe('found');
    expect(state.requests).toBe(2);
  });
});

describe('a key id that the set lacks', () => {
  it('is found by another fetch when the issuer has a new key', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.answer = text(jwks(old, fresh));
    state.now += 30;
    expect(await tagOf(keys, fresh)).toBe('found');
    expect(await tagOf(keys, old)).toBe('found');
    expect(state.requests).toBe(2);
  });

  it('is unknown without a fetch while the set is younger than half a minute', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    expect(await tagOf(keys, fresh)).toBe('unknown');
    state.now += 29;
    expect(await tagOf(keys, fresh)).toBe('unknown');
    expect(state.requests).toBe(1);
  });

  it('costs one fetch in half a minute, however many there are', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.now += 30;
    const storm = (name: string) =>
      Promise.all(Array.from({ length: 500 }, (_, i) => keys.find(`${name}-${i}`, neverOver)));
    const first = storm('first');
    await new Promise((resolve) => setImmediate(resolve));
    const found = [...(await first), ...(await storm('second'))];
    expect(new Set(found.map(({ tag }) => tag))).toEqual(new Set(['unknown']));
    expect(state.requests).toBe(2);
    state.now += 29;
    await storm('third');
    expect(state.requests).toBe(2);
    expect(await tagOf(keys, old)).toBe('found');
  });

  it('costs one fetch also when the set has to be refreshed', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.now += 301;
    await Promise.all(
      Array.from({ length: 500 }, (_, i) => keys.find(i % 2 === 0 ? old.kid : `${i}`, neverOver)),
    );
    expect(state.requests).toBe(2);
  });

  it('cannot be told while the endpoint is down, and known keys serve', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.answer = down;
    state.now += 30;
    expect(await keys.find(fresh.kid, neverOver)).toEqual({ tag: 'unavailable', reason: 'unreachable' });
    expect(await tagOf(keys, old)).toBe('found');
    state.now += 9;
    expect(await tagOf(keys, fresh)).toBe('unavailable');
    expect(state.requests).toBe(2);
  });
});

describe('the endpoint of a foreign issuer', () => {
  const trickle: Answer = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  };
  const flood: Answer = (response, { socket }) => {
    response.writeHead(200, { 'content-length': String(80 * 1024 * 1024) });
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const pump = (): void => {
      while (!socket.destroyed && response.write(chunk));
      if (!socket.destroyed) response.once('drain', pump);
    };
    pump();
  };
  const breakOff: Answer = (response) => {
    response.writeHead(200, { 'content-length': '99' });
    response.write('{"k', () => setTimeout(() => response.destroy(), 20));
  };
  const cases: readonly [string, string, Answer][] = [
    ['never answers', 'timeout', () => undefined],
    ['trickles', 'timeout', trickle],
    ['sends headers and no body', 'timeout', (response) => response.writeHead(200).flushHeaders()],
    ['answers with 80 MB', 'too large', flood],
    ['answers with a byte above 64 KiB', 'too large', text(jwks(old).padEnd(64 * 1024 + 1))],
    ['breaks off', 'broken off', breakOff],
    ['closes the connection', 'unreachable', down],
    ['answers 500', 'status 500', text(jwks(old), 500)],
    ['answers 404', 'status 404', text(jwks(old), 404)],
    ['answers 204', 'status 204', (response) => response.writeHead(204).end()],
    ['answers 203', 'status 203', text(jwks(old), 203)],
    ['answers HTML', 'malformed', text('<!doctype html><title>Sign in</title>')],
    ['answers nothing', 'malformed', text('')],
    ['answers with a byte order mark', 'malformed', text(`\ufeff${jwks(old)}`)],
    [
      'answers in invalid UTF-8',
      'malformed',
      (response) => response.end(Buffer.from(jwks(old).replace('"kty"', '"note":"\u00ff","kty"'), 'latin1')),
    ],
    ['answers with a member twice', 'malformed', text(jwks(old).replace('"kid"', '"kid":"other","kid"'))],
    ['answers half a set', 'malformed', text(jwks(old).slice(0, -9))],
    ['answers another JSON', 'malformed', text('{"issuer":"https://login.acme.example"}')],
    ['answers a list', 'malformed', text(`[${JSON.stringify(old.jwk)}]`)],
    ['answers with 33 keys', 'malformed', text(jwks(...Array.from({ length: 33 }, () => old)))],
    ['answers an empty set', 'no usable key', text('{"keys":[]}')],
    ['answers with keys for others', 'no usable key', text('{"keys":[{"kty":"oct","k":"AA","kid":"a"}]}')],
  ];

  it.each(cases)('is no source of keys when it %s (%s)', async (_, reason, answer) => {
    const { keys } = await openEndpoint(answer);
    expect(await keys.find(old.kid, neverOver)).toEqual({ tag: 'unavailable', reason });
  });

  it.each(cases.filter(([, reason]) => reason !== 'no usable key'))(
    'leaves the cached keys in use when it %s (%s)',
    async (_, __, answer) => {
      const { state, keys } = await openEndpoint(text(jwks(old)));
      await keys.find(old.kid, neverOver);
      state.answer = answer;
      state.now += 3_601;
      expect(await tagOf(keys, old)).toBe('found');
      expect(state.requests).toBe(2);
    },
  );

  it('takes its keys back with an empty set, and may give others half a minute later', async () => {
    const { state, keys } = await openEndpoint(text(jwks(old)));
    await keys.find(old.kid, neverOver);
    state.answer = text('{"keys":[]}');
    state.now += 3_601;
    expect(await tagOf(keys, old)).toBe('unavailable');
    expect(await tagOf(keys, old)).toBe('unavailable');
    expect(state.requests).toBe(2);
    state.answer = text(jwks(fresh));
    state.now += 30;
    expect(await tagOf(keys, fresh)).toBe('found');
  });

  it('is read no further than 64 KiB', async () => {
    const written: number[] = [];
    const { keys } = await openEndpoint((response, request) => {
      request.socket.on('close', () => written.push(request.socket.bytesWritten));
      flood(response, request);
    });
    await keys.find(old.kid, neverOver);
    await settled();
    expect(written).toHaveLength(1);
    expect(written[0]).toBeLessThan(16 * 1024 * 1024);
  });

  it('may answer with exactly 64 KiB', async () => {
    const { keys } = await openEndpoint(text(jwks(old).padEnd(64 * 1024)));
    expect(await tagOf(keys, old)).toBe('found');
  });

  it.each([301, 302, 303, 307, 308])(
    'may not send us to another host, or another path, with %i',
    async (status) => {
      const visits: string[] = [];
      const visited: RequestListener = (request, response) => {
        visits.push(request.url ?? '');
        response.end(jwks(old));
      };
      const elsewhere = createServer(visited);
      let connections = 0;
      elsewhere.on('connection', () => {
        connections += 1;
      });
      const port = await listen(elsewhere);
      for (const location of [`http://127.0.0.1:${port}/jwks.json`, `//127.0.0.1:${port}/`, '/other.json']) {
        const { state, keys } = await openEndpoint((response) =>
          response.writeHead(status, { location, refresh: `0; url=${location}` }).end(jwks(old)),
        );
        expect(await keys.find(old.kid, neverOver)).toEqual({
          tag: 'unavailable',
          reason: `status ${status}`,
        });
        await settled();
        expect(state.requests).toBe(1);
      }
      expect(connections).toBe(0);
      expect(visits).toEqual([]);
    },
  );

  it('must speak TLS where its address says so', async () => {
    const { state, url } = await openEndpoint(text(jwks(old)));
    const keys = openForeignKeys(
      url.replace('http:', 'https:'),
      bothClocks(() => state.now),
    );
    expect(await keys.find(old.kid, neverOver)).toEqual({ tag: 'unavailable', reason: 'unreachable' });
    expect(state.requests).toBe(0);
  });

  it('must speak HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.end('hello\r\n\r\n'))),
    );
    const keys = openForeignKeys(
      `http://127.0.0.1:${port}/`,
      bothClocks(() => 0),
    );
    expect(await keys.find(old.kid, neverOver)).toEqual({ tag: 'unavailable', reason: 'unreachable' });
  });

  it('may not upgrade to another protocol', async () => {
    const { keys } = await openEndpoint((response) =>
      response.writeHead(101, { connection: 'upgrade', upgrade: 'websocket' }).end(),
    );
    expect(await keys.find(old.kid, neverOver)).toMatchObject({ tag: 'unavailable' });
  });

  it.each([
    'http://login.acme.example/jwks.json',
    'http://127.0.0.1.example/',
    'file:///etc/jwks',
    'jwks.json',
  ])('may not be %s', (url) => {
    expect(() =>
      openForeignKeys(
        url,
        bothClocks(() => 0),
      ),
    ).toThrow(TypeError);
  });
});

describe('a session of a foreign issuer, with its keys from the endpoint', () => {
  it('is checked with the cached keys while the endpoint is down, and not at all after a day', async () => {
    const { state, url, keys } = await openEndpoint(text(jwks(old)));
    const issuer = { issuer: 'https://login.acme.example', audience: 'acme-app', jwksUrl: url };
    const { verify } = openForeignVerifier(
      { ...issuer, algorithms: ['ES256'] },
      { keys, now: () => state.now },
    );
    const token = () =>
      genuineToken(old, {
        iss: issuer.issuer,
        aud: issuer.audience,
        sub: 'user-1',
        iat: state.now,
        exp: state.now + 600,
      });
    expect(await verify(token(), neverOver)).toEqual({ tag: 'valid', subject: 'user-1' });
    state.answer = down;
    state.now += 86_400;
    expect(await verify(token(), neverOver)).toEqual({ tag: 'valid', subject: 'user-1' });
    state.now += 11;
    expect(await verify(token(), neverOver)).toEqual({ tag: 'unavailable', reason: 'unreachable' });
  });
});
