/** The caller's own session, through the whole stack: a code for a payment works for one user and one payment only. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { genuineToken, makeForeignKey } from '../support/foreign-issuer.ts';
import { forgedTokens, isSendable, makeTrapKeys } from '../support/forged-tokens.ts';
import { type JwksServer, jwks, startJwksServer } from '../support/jwks-server.ts';

const pair = makeForeignKey('RS256');
const traps = makeTrapKeys();
const published = [pair.jwk, ...Object.values(traps).map(({ jwk }) => jwk)];
const issuer = 'https://id.example.com/';
const audience = 'payments-app';
let endpoint: JwksServer;
let stack: LocalStack;
const settings = () => ({
  smsTemplates: {
    'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
    payment: { default: '11111111-1111-4111-8111-111111111111' },
  },
  session: {
    issuer,
    audience,
    jwksUrl: endpoint.url,
    algorithms: ['RS256' as const, 'ES256' as const],
    purposes: ['payment'],
  },
  sendsPerIpv4Address: 10_000,
});

beforeAll(async () => {
  endpoint = await startJwksServer(published);
  stack = await startLocalStack({ settings: { ...settings() }, workers: 1 });
});
afterEach(() => {
  endpoint.answer(jwks(published));
  for (const name of ['request-otp', 'verify-otp']) stack.pool(name).shiftClock(0);
});
afterAll(async () => {
  await stack.stop();
  await endpoint.stop();
});

const nowSeconds = () => Math.floor(Date.now() / 1000);
const claimsOf = (sub: string) => ({
  iss: issuer,
  aud: audience,
  sub,
  iat: nowSeconds() - 10,
  exp: nowSeconds() + 3000,
});
const sessionOf = (sub: string, shiftSeconds = 0): string => {
  const claims = claimsOf(sub);
  return genuineToken(pair, { ...claims, iat: claims.iat + shiftSeconds, exp: claims.exp + shiftSeconds });
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const payment = { purpose: 'payment', context: { payee: 'acme', amount: 499.5, currency: 'INR' } };

const askToPay = (number: string, token?: string, more: object = payment): Promise<Reply> =>
  ask(stack, number, { more: { ...more }, headers: token === undefined ? {} : bearer(token) });
const typeToPay = (
  requestId: string,
  code: string,
  options: { token?: string; more?: object; key?: string },
) =>
  call(`${stack.apiUrl}/auth/verify-otp`, {
    body: { requestId, code, ...(options.more ?? { context: payment.context }) },
    headers: {
      ...(options.token === undefined ? {} : bearer(options.token)),
      ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
    },
  });
const tableCalls = async (work: () => Promise<unknown>): Promise<number> => {
  const before = stack.awsCalls.length;
  await work();
  return stack.awsCalls
    .slice(before)
    .filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init').length;
};
const loggedCode = (instance: string) => () =>
  stack.logLines
    .filter(({ line }) => line.includes(`"requestId":"${instance}"`))
    .map(({ line }) => JSON.parse(line).message.code);

describe('a purpose that needs a session', () => {
  it('binds the code to its user and to what is approved, and the token says both', async () => {
    const number = freshNumber();
    const asked = await askToPay(number, sessionOf('user-1'));
    expect(asked.status).toBe(202);
    const code = codeFor(stack, number);
    const { requestId } = asked.json;
    const foreign = await typeToPay(requestId, code, { token: sessionOf('user-2') });
    expect([foreign.status, foreign.json.type]).toEqual([422, 'urn:doorcode:incorrect-code']);
    const other = { context: { ...payment.context, amount: 5000 } };
    const changed = await typeToPay(requestId, code, { token: sessionOf('user-1'), more: other });
    expect(changed.json.type).toBe('urn:doorcode:incorrect-code');
    const without = await typeToPay(requestId, code, { token: sessionOf('user-1'), more: {} });
    expect(without.json.type).toBe('urn:doorcode:incorrect-code');
    const inAnotherOrder = { context: { currency: 'INR', amount: 499.5, payee: 'acme' } };
    const paid = await typeToPay(requestId, code, { token: sessionOf('user-1'), more: inAnotherOrder });
    expect(paid.status).toBe(200);
    expect(decodeJwt(paid.json.accessToken)).toMatchObject({
      scope: 'payment',
      sub_id: { format: 'iss_sub', iss: issuer, sub: 'user-1' },
      context: payment.context,
    });
  });

  it('refuses both calls without one, says so in the standard way, and counts nothing at the first', async () => {
    const number = freshNumber();
    let asked: Reply | undefined;
    expect(
      await tableCalls(async () => {
        asked = await askToPay(number);
      }),
    ).toBe(0);
    expect([asked?.status, asked?.json.type]).toEqual([401, 'urn:doorcode:unauthorized']);
    expect(asked?.headers['www-authenticate']).toBe('Bearer');
    const { json } = await askToPay(number, sessionOf('user-1'));
    const typed = await typeToPay(json.requestId, codeFor(stack, number), {});
    expect([typed.status, typed.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  });

  it('gives an answer again to the same user alone', async () => {
    const number = freshNumber();
    const key = 'the-intention-to-pay';
    const { json } = await askToPay(number, sessionOf('user-1'));
    const code = codeFor(stack, number);
    const first = await typeToPay(json.requestId, code, { token: sessionOf('user-1'), key });
    const again = await typeToPay(json.requestId, code, { token: sessionOf('user-1'), key });
    const foreign = await typeToPay(json.requestId, code, { token: sessionOf('user-2'), key });
    const jtiOf = (reply: Reply) => decodeJwt(reply.json.accessToken).jti;
    expect(jtiOf(again)).toBe(jtiOf(first));
    expect([foreign.status, foreign.json.type]).toEqual([422, 'urn:doorcode:expired-code']);
  });

  it('leaves other purposes as they were', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const typed = await type(stack, json.requestId, codeFor(stack, number));
    expect(typed.status).toBe(200);
    const other = freshNumber();
    const asking = await ask(stack, other, { headers: bearer('expired-long-ago') });
    const old = await typeToPay(asking.json.requestId, codeFor(stack, other), {
      token: sessionOf('user-1', -90_000),
      more: {},
    });
    expect(old.status, 'an old session that the app sends along').toBe(200);
    const claims = decodeJwt(typed.json.accessToken);
    expect([claims['sub_id'], claims['context']]).toEqual([undefined, undefined]);
    const withContext = await ask(stack, freshNumber(), { more: { context: payment.context } });
    expect(withContext.json.errors[0].pointer).toBe('#/context');
  });

  it.each([
    ['nested', { a: { b: 1 } }],
    ['a list', [1, 2]],
    ['an empty list', []],
    ['null inside', { a: null }],
    ['too long', { a: 'x'.repeat(510) }],
    ['with a member that is no name', { 'a b': 1 }],
    ['a text', 'amount=1'],
    ['with a member named constructor', { constructor: 1 }],
    ['with a member named prototype', { amount: 1, prototype: 'x' }],
    ['with a member named __proto__', JSON.parse('{"__proto__":1}')],
    ['with a number that stands for two', { amount: 2 ** 53 }],
    ['with half a surrogate pair', { payee: '\ud800' }],
  ])('refuses a context that is %s', async (_, context) => {
    const refused = await askToPay(freshNumber(), sessionOf('user-1'), { purpose: 'payment', context });
    expect([refused.status, refused.json.type]).toEqual([400, 'urn:doorcode:invalid-request']);
  });
});

describe('a forged session', () => {
  const forged = () => forgedTokens({ pair, traps }, claimsOf('user-1')).filter(isSendable);

  it('is refused by both calls in one way, whatever is wrong with it, and reaches no table', async () => {
    const number = freshNumber();
    const { json } = await askToPay(number, sessionOf('user-1'));
    const tokens = forged();
    expect(tokens.length).toBeGreaterThanOrEqual(40);
    const wrong: string[] = [];
    const calls = await tableCalls(async () => {
      for (const { name, token } of tokens) {
        const replies = [
          await askToPay(freshNumber(), token),
          await typeToPay(json.requestId, codeFor(stack, number), { token }),
        ];
        for (const { status, json: body } of replies) {
          const { instance: _, supportReference: __, ...shape } = body;
          const expected = {
            type: 'urn:doorcode:unauthorized',
            title: 'A session is required',
            status: 401,
            detail: 'Send your session token as a bearer token.',
          };
          if (status !== 401 || JSON.stringify(shape) !== JSON.stringify(expected)) {
            wrong.push(`${name}: ${status} ${JSON.stringify(body)}`);
          }
        }
      }
    });
    expect(wrong).toEqual([]);
    expect(calls).toBe(0);
    expect(
      (await typeToPay(json.requestId, codeFor(stack, number), { token: sessionOf('user-1') })).status,
    ).toBe(200);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'bearer a b', 'token'])(
    'is what %j is',
    async (authorization) => {
      const refused = await ask(stack, freshNumber(), { more: { ...payment }, headers: { authorization } });
      expect(refused.status).toBe(401);
    },
  );
});

describe('the endpoint of the session keys', () => {
  it.each<[string, Parameters<JwksServer['answer']>[0]]>([
    ['is down', (request) => request.socket.destroy()],
    ['hangs', () => undefined],
    ['answers HTML', (_, response) => response.writeHead(200).end('<html>')],
  ])(
    'that %s: a worker with keys goes on, one without says 503 in time and spends no guess',
    async (_, broken) => {
      await stack.update();
      const number = freshNumber();
      const { json } = await askToPay(number, sessionOf('user-1'));
      endpoint.answer(broken);
      // The request worker has keys; five minutes later it refreshes them before it uses them.
      stack.pool('request-otp').shiftClock(7200);
      expect((await askToPay(freshNumber(), sessionOf('user-1', 7200))).status).toBe(202);
      // The verify worker never had any.
      let cold: Reply | undefined;
      const calls = await tableCalls(async () => {
        cold = await typeToPay(json.requestId, '000000', { token: sessionOf('user-1') });
      });
      expect([cold?.status, cold?.json.type, calls]).toEqual([
        503,
        'urn:doorcode:temporarily-unavailable',
        0,
      ]);
      expect(cold?.headers['retry-after']).toBe('5');
      await expect.poll(loggedCode(cold?.json.instance)).toEqual(['admission.keys-unavailable']);
    },
  );

  it('that redirects is not followed: no other host is asked', async () => {
    const elsewhere = await startJwksServer(published);
    endpoint.answer((_, response) => response.writeHead(302, { location: elsewhere.url }).end());
    await stack.update();
    const refused = await askToPay(freshNumber(), sessionOf('user-1'));
    expect([refused.status, elsewhere.requests()]).toEqual([503, 0]);
    await elsewhere.stop();
  });
});
