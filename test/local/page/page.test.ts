/** The page's server: what it serves, what it hands on, and whom it refuses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { type Page, startPage } from '../../../local/page/page.ts';
import { call } from '../../../test-kit/http.ts';
import { codeFor, freshNumber } from '../../../test-kit/sign-in.ts';

let stack: LocalStack;
let page: Page;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
  page = await startPage(stack, { port: 0 });
});
afterAll(async () => {
  await page.stop();
  await stack.stop();
});

describe('the page', () => {
  it.each([
    '/',
    '/page.css',
    '/page.js',
    '/docs',
    '/docs.js',
    '/docs.css',
    '/swagger-ui.js',
    '/swagger-ui.css',
  ])('serves %s, under rules that let nothing be fetched from elsewhere', async (path) => {
    const reply = await call(page.url + path);
    expect(reply.status).toBe(200);
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it('holds no key, no name of AWS and no address of the provider', async () => {
    for (const path of ['/', '/page.css', '/page.js']) {
      const { text } = await call(page.url + path);
      expect(text).not.toMatch(/sm_live|amazonaws|\baws\b|dynamodb|arn:aws|startmessaging|x-amz/i);
    }
  });

  it('serves the API’s document, pointing at itself', async () => {
    const { json } = await call(`${page.url}/openapi.json`);
    const written = JSON.parse(readFileSync(join(import.meta.dirname, '../../../openapi.json'), 'utf8'));
    expect(json).toEqual({ ...written, servers: [{ url: '/', description: 'The local stack' }] });
  });

  it('hands a sign-in on to the API, and tells what was decided', async () => {
    const phoneNumber = freshNumber();
    const asked = await call(`${page.url}/auth/request-otp`, { body: { phoneNumber } });
    const { requestId } = asked.json;
    const code = codeFor(stack, phoneNumber);
    const typed = await call(`${page.url}/auth/verify-otp`, { body: { requestId, code } });
    expect([asked.status, typed.status]).toEqual([202, 200]);
    const id = encodeURIComponent(String(typed.headers['apigw-requestid']));
    await expect
      .poll(async () => (await call(`${page.url}/decisions?id=${id}`)).json)
      .toEqual([
        {
          function: 'verify-otp',
          level: 'INFO',
          code: 'verify-otp.verified',
          meaning: 'A code was right, and the worker signed a token.',
          status: 200,
          supportReference: typed.json.supportReference,
        },
      ]);
    expect((await call(`${page.url}/decisions?id=unknown`)).json).toEqual([]);
  });

  it('jumps the clock forward and never back', async () => {
    const phoneNumber = freshNumber();
    await call(`${page.url}/auth/request-otp`, { body: { phoneNumber } });
    const ask = () => call(`${page.url}/auth/request-otp`, { body: { phoneNumber } });
    expect((await ask()).status).toBe(429);
    expect((await call(`${page.url}/clock`, { body: { forwardSeconds: 31 } })).json).toEqual({
      offsetSeconds: 31,
    });
    expect((await ask()).status).toBe(202);
    for (const body of [{ forwardSeconds: -1 }, { forwardSeconds: 1e9 }, {}, 'now'])
      expect((await call(`${page.url}/clock`, { body })).status).toBe(400);
    expect((await call(`${page.url}/clock`)).json).toEqual({ offsetSeconds: 31 });
  });
});

describe('whoever is not of this machine', () => {
  it.each([{ host: 'evil.example.com' }, { origin: 'http://evil.example.com' }, { origin: 'null' }])(
    'is refused everywhere: %j',
    async (headers) => {
      for (const [method, path] of [
        ['GET', '/'],
        ['GET', '/inbox.json'],
        ['POST', '/control'],
        ['POST', '/clock'],
        ['POST', '/auth/request-otp'],
      ] as const) {
        expect(
          (await call(page.url + path, { method, headers, ...(method === 'POST' ? { body: '{}' } : {}) }))
            .status,
        ).toBe(403);
      }
    },
  );
});
