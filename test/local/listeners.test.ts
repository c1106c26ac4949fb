/** Every listener of the local stack: what a web page, a stranger's name or a broken client gets from it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { type Page, startPage } from '../../local/page/page.ts';
import { call } from '../../test-kit/http.ts';
import { head, sendRaw } from '../../test-kit/raw-http.ts';
import { codeFor, freshNumber } from '../../test-kit/sign-in.ts';

let directory: string;
let stack: LocalStack;
let page: Page;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-listeners-'));
  stack = await startLocalStack({ directory, workers: 1 });
  page = await startPage(stack, { port: 0 });
});
afterAll(async () => {
  await page.stop();
  await stack.stop();
  rmSync(directory, { recursive: true });
});

const names = ['API', 'API over IPv6', 'page', 'inbox', 'AWS endpoint', 'Lambda endpoint'] as const;
type Name = (typeof names)[number];
const guarded = names.filter((name) => !name.startsWith('API'));

function urlOf(name: Name): string {
  const urls: Record<Name, string | undefined> = {
    API: stack.apiUrl,
    'API over IPv6': stack.apiUrlIpv6 ?? stack.apiUrl,
    page: page.url,
    inbox: stack.provider.url,
    'AWS endpoint': stack.awsUrl,
    'Lambda endpoint': stack.lambdaUrl,
  };
  return urls[name] ?? '';
}

const json = 'Content-Type: application/json';

/** Requests that no client of ours sends; every listener answers each with a 4xx. */
const broken: readonly (readonly [string, (url: string) => string])[] = [
  ['//', (url) => head(url, 'GET //')],
  ['// before a host', (url) => head(url, 'GET //evil.example/')],
  ['// before a broken host', (url) => head(url, 'GET //[')],
  ['\\\\ before a host', (url) => head(url, 'GET /\\\\evil.example/')],
  ['a path of a broken escape', (url) => head(url, 'GET /%E0')],
  [
    'a broken escape in the name of a function',
    (url) => `${head(url, 'POST /2015-03-31/functions/%E0/invocations', json, 'Content-Length: 2')}{}`,
  ],
  [
    'an unknown function',
    (url) => `${head(url, 'POST /2015-03-31/functions/nobody/invocations', json, 'Content-Length: 2')}{}`,
  ],
  ['bad JSON', (url) => `${head(url, 'POST /control', json, 'Content-Length: 1')}{`],
  ['bad JSON for the clock', (url) => `${head(url, 'POST /clock', json, 'Content-Length: 1')}{`],
  ['bad JSON for a function', (url) => `${head(url, 'POST /auth/request-otp', json, 'Content-Length: 1')}{`],
  ['a whole URL of another server', (url) => head(url, 'GET http://evil.example/auth/x')],
  ['a whole URL of itself', (url) => head(url, `GET ${url}/`)],
  ['half a URL', (url) => head(url, 'GET http://[')],
  ['no path', (url) => head(url, 'OPTIONS *')],
  ['CONNECT', (url) => head(url, 'CONNECT evil.example:443')],
  ['a path without its slash', (url) => head(url, 'GET auth')],
  [
    'an upgrade to nowhere',
    (url) =>
      head(url, 'GET /nowhere', 'Upgrade: websocket', 'Sec-WebSocket-Key: eA==', 'Sec-WebSocket-Version: 13'),
  ],
  ['an unknown method', (url) => head(url, 'BREW /')],
  ['headers without end', (url) => head(url, 'GET /', `X-Long: ${'x'.repeat(70_000)}`)],
  ['no Host', () => 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['no Host, as HTTP/1.0 allows', () => 'GET / HTTP/1.0\r\n\r\n'],
  ['two Hosts', (url) => head(url, 'GET /', `Host: ${new URL(url).host}`, 'Host: evil.example')],
  ['a Host that is none', (url) => head(url, 'GET /', 'Host: [')],
  ['another port', (url) => head(url, 'GET /nowhere', 'Host: 127.0.0.1:1')],
  ['two lengths', (url) => `${head(url, 'POST /', 'Content-Length: 1', 'Content-Length: 2')}xx`],
  ['a length that is none', (url) => head(url, 'POST /', 'Content-Length: -1')],
  ['a broken chunk', (url) => `${head(url, 'POST /control', json, 'Transfer-Encoding: chunked')}zz\r\n`],
  ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
];

describe.each(names)('the %s', (name) => {
  it.each(broken)('answers %s with a 4xx and lives', async (_, bytesFor) => {
    const { status } = await sendRaw(urlOf(name), bytesFor(urlOf(name)));
    expect(String(status)).toMatch(/^4\d\d$/);
    expect((await call(`${stack.apiUrl}/.well-known/jwks.json`)).status).toBe(200);
  });

  it('answers no name but its own', async () => {
    const { port } = new URL(urlOf(name));
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '169.254.169.254',
      '',
    ]) {
      const { status } = await sendRaw(urlOf(name), head(urlOf(name), 'GET /', `Host: ${host}:${port}`));
      expect([400, 403]).toContain(status);
    }
  });
});

describe.each(guarded)('the %s, asked by a page of another origin,', (name) => {
  const paths = [
    '/',
    '/control',
    '/inbox.json',
    '/inbox/latest-code',
    '/clock',
    '/otp/send',
    '/auth/request-otp',
  ];
  it.each([
    ['says so', { origin: 'http://evil.example' }],
    ['hides it', { origin: 'null' }],
    ['sits on another port of this machine', { origin: 'http://localhost:3000' }],
    [
      'is an image’s',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
    [
      'is a frame’s',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
  ])('refuses one that %s', async (_, headers: Record<string, string>) => {
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const body = method === 'POST' ? { body: '{}' } : {};
        const reply = await call(urlOf(name) + path, { method, headers, ...body });
        expect(reply.status).toBe(403);
        expect(Object.keys(reply.headers).join()).not.toContain('access-control');
      }
    }
  });
});

describe('a page of another origin', () => {
  it('changes nothing with a form, which needs no permission', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      for (const url of [`${page.url}/control`, `${page.url}/clock`, `${stack.provider.url}/control`]) {
        const headers = { 'content-type': type };
        expect((await call(url, { body: '{"forwardSeconds":30,"balance":0}', headers })).status).toBe(415);
      }
    }
    expect((await call(`${page.url}/clock`)).json).toEqual({ offsetSeconds: 0 });
    expect((await call(`${page.url}/control`)).json.balance).toBeGreaterThan(0);
  });

  it('may link to the page, and to the inbox', async () => {
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    for (const url of [page.url, stack.provider.url]) {
      expect((await call(`${url}/`, { headers })).status).toBe(200);
      expect((await call(`${url}/control`, { headers, method: 'POST', body: '{}' })).status).toBe(403);
    }
  });

  it('sends the page’s server nowhere', async () => {
    let visits = 0;
    const elsewhere = createServer((_, response) => {
      visits += 1;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    for (const target of [
      `//127.0.0.1:${port}/auth/x`,
      `http://127.0.0.1:${port}/auth/x`,
      `/\\127.0.0.1:${port}/auth/x`,
    ])
      await sendRaw(page.url, head(page.url, `GET ${target}`));
    elsewhere.close();
    expect(visits).toBe(0);
  });
});

describe('the API', () => {
  it.each(['localhost', '127.0.0.1', '[::1]', '10.0.2.2', '10.0.3.2', 'LOCALHOST'])(
    'answers an app that calls it %s',
    async (host) => {
      const headers = { host: `${host}:${new URL(stack.apiUrl).port}` };
      const phoneNumber = freshNumber();
      const asked = await call(`${stack.apiUrl}/auth/request-otp`, { body: { phoneNumber }, headers });
      expect(asked.status).toBe(202);
      expect(codeFor(stack, phoneNumber)).toMatch(/^\d{6}$/);
    },
  );

  it('answers behind a developer’s own proxy, which leaves its port in Host', async () => {
    const headers = { host: 'localhost:5173' };
    expect((await call(`${stack.apiUrl}/.well-known/jwks.json`, { headers })).status).toBe(200);
  });

  it('tells a phone on the network which option it needs', async () => {
    const reply = await call(`${stack.apiUrl}/auth/request-otp`, {
      body: {},
      headers: { host: '192.168.1.20:4010' },
    });
    expect(reply).toMatchObject({ status: 403, json: { message: expect.stringContaining('--lan') } });
  });
});
