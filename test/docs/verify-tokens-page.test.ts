/** The recipe for Node of docs/verify-tokens.md, run as it is printed, against tokens of the local stack. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local/listen.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/verify-tokens.md'), 'utf8');
const [, recipe = ''] = /## Node\n.*?```ts\n(.*?)```/s.exec(page) ?? [];
const purpose = 'payment';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: {
      audience: 'my-app',
      smsTemplates: {
        'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
        [purpose]: { default: '11111111-1111-4111-8111-111111111111' },
      },
    },
  });
}, 120_000);
afterAll(() => stack.stop());

type Middleware = (request: object, response: object, next: () => void) => Promise<unknown>;

/** What the recipe makes of a request: a status, or the `sub` that it lets through. */
async function answerTo(authorization: string | undefined, issuer = stack.apiUrl): Promise<unknown> {
  let middleware: Middleware = async () => undefined;
  const [imports = '', ...code] = recipe.split('\n');
  expect(imports).toBe("import { createRemoteJWKSet, jwtVerify } from 'jose';");
  const run = new Function('createRemoteJWKSet', 'jwtVerify', 'issuer', 'app', code.join('\n'));
  run(jose.createRemoteJWKSet, jose.jwtVerify, issuer, {
    use: (given: Middleware) => {
      middleware = given;
    },
  });
  const locals: { sub?: string } = {};
  let answer: unknown;
  await middleware(
    { headers: { authorization } },
    {
      locals,
      sendStatus: (status: number) => {
        answer = status;
      },
    },
    () => {
      answer = locals.sub;
    },
  );
  return answer;
}

async function tokenFor(more: Readonly<Record<string, unknown>>): Promise<string> {
  const number = freshNumber();
  const asked = await ask(stack, number, { more });
  return (await type(stack, asked.json.requestId, codeFor(stack, number))).json.accessToken;
}

describe('the recipe for Node', () => {
  it('lets a sign-in through, and nothing else', async () => {
    const token = await tokenFor({});
    expect(await answerTo(`Bearer ${token}`)).toBe(jose.decodeJwt(token).sub);
    expect(await answerTo(`Bearer ${await tokenFor({ purpose })}`)).toBe(401);
    expect(await answerTo(undefined)).toBe(401);
    const [header = '', payload = '', signature = ''] = token.split('.');
    const plain = Buffer.from(JSON.stringify({ ...jose.decodeProtectedHeader(token), typ: 'JWT' })).toString(
      'base64url',
    );
    for (const forged of [
      [plain, payload, signature],
      [header, payload, ''],
    ])
      expect(await answerTo(`Bearer ${forged.join('.')}`)).toBe(401);
  });
});

it('the recipe for Node refuses a token without an end, signed by the right key', async () => {
  const { privateKey, publicKey } = await jose.generateKeyPair('RS256');
  const keys = [{ ...(await jose.exportJWK(publicKey)), kid: 'ours', alg: 'RS256' }];
  const server = createServer((_, response) => response.end(JSON.stringify({ keys })));
  const issuer = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  const tokenWith = (claims: jose.JWTPayload): Promise<string> =>
    new jose.SignJWT({ iss: issuer, aud: 'my-app', sub: 'somebody', scope: 'sign-in', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'ours', typ: 'at+jwt' })
      .sign(privateKey);
  try {
    const exp = Math.floor(Date.now() / 1000) + 600;
    expect(await answerTo(`Bearer ${await tokenWith({ exp })}`, issuer)).toBe('somebody');
    expect(await answerTo(`Bearer ${await tokenWith({})}`, issuer)).toBe(401);
  } finally {
    server.closeAllConnections();
    await close(server);
  }
});

it('every recipe of the page allows for clocks, and checks audience and purpose', () => {
  const sections = page.split(/^## /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'API Gateway',
    'Node',
    'Spring',
    'Go',
    'Python',
  ]);
  for (const section of sections) {
    expect(section).toContain('my-app');
    expect(section).toContain('sign-in');
    if (!section.startsWith('API Gateway'))
      expect(section).toMatch(/clockTolerance: 60|ofSeconds\(60\)|time\.Minute|leeway=60/);
    // No library asks for an end by itself.
    if (!section.startsWith('API Gateway'))
      expect(section).toMatch(
        /requiredClaims = \['exp'\]|"exp", Objects::nonNull|WithExpirationRequired|"require": \["exp"/,
      );
  }
});
