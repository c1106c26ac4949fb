/** The whole of it, through HTTP: what an app, a verifier and an on-call person see. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { supportReferenceOf } from '../../functions/runtime/support-reference.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, smsTo, type } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({
    settings: {
      smsTemplates: {
        'sign-in': {
          default: '22222222-2222-4222-8222-222222222222',
          locales: { hi: { default: '33333333-3333-4333-8333-333333333333' } },
        },
        payment: { default: '11111111-1111-4111-8111-111111111111' },
      },
    },
  });
});
afterAll(() => stack.stop());

/** The id with its first character changed. */
const forged = (requestId: string): string => (requestId.startsWith('A') ? 'B' : 'A') + requestId.slice(1);

/** All that a verifier of somebody else's needs: the issuer's URL. */
async function verifyByDiscovery(issuer: string, token: string) {
  const discovery = (await call(`${issuer}/.well-known/openid-configuration`)).json;
  const jwks = createRemoteJWKSet(new URL(discovery.jwks_uri));
  return jwtVerify(token, jwks, {
    issuer: discovery.issuer,
    audience: 'doorcode-app',
    algorithms: ['RS256'],
  });
}

describe('signing in', () => {
  it('sends the text of the language that is asked for, and the usual one for any other', async () => {
    const templateOf = async (more: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
      const number = freshNumber();
      const { status, json } = await ask(stack, number, { more });
      expect(status).toBe(202);
      const { accessToken } = (await type(stack, json.requestId, codeFor(stack, number))).json;
      expect(JSON.stringify(decodeJwt(accessToken))).not.toContain('hi-IN');
      return stack.provider.sends.find(({ phoneNumber }) => phoneNumber === number)?.templateId;
    };
    expect(await templateOf({ locale: 'hi-IN' })).toMatch(/^3/);
    expect(await templateOf({ locale: 'hi', platform: 'android' })).toMatch(/^3/);
    expect(await templateOf({ locale: 'ta' })).toMatch(/^2/);
    expect(await templateOf({})).toMatch(/^2/);
    expect(await templateOf({ locale: 'hi', purpose: 'payment' })).toMatch(/^1/);
  });

  it('takes two calls, and gives a token that a verifier accepts who knows the issuer alone', async () => {
    const number = freshNumber();
    const asked = await ask(stack, number);
    expect(asked.status).toBe(202);
    expect(asked.json).toEqual({
      requestId: expect.stringMatching(/^[A-Za-z0-9_-]{63}$/),
      expiresInSeconds: expect.any(Number),
      resendAfterSeconds: expect.any(Number),
      codeLength: 6,
      delivery: 'accepted',
      supportReference: supportReferenceOf(String(asked.headers['apigw-requestid'])),
    });
    // Told as of the answer, which may come in a later second than the reserve.
    expect(asked.json.expiresInSeconds - asked.json.resendAfterSeconds).toBe(270);
    expect(asked.headers['cache-control']).toBe('no-store');
    const typed = await type(stack, asked.json.requestId, codeFor(stack, number));
    expect(typed.status).toBe(200);
    expect(typed.json).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresInSeconds: expect.any(Number),
      deviceToken: expect.stringMatching(/^[A-Za-z0-9_-]{63}$/),
      supportReference: supportReferenceOf(String(typed.headers['apigw-requestid'])),
    });
    const { payload, protectedHeader } = await verifyByDiscovery(stack.apiUrl, typed.json.accessToken);
    expect(payload).toMatchObject({ iss: stack.apiUrl, scope: 'sign-in', phone_number: number });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
    // Told as of the answer, which may come in a later second than the win.
    expect(typed.json.expiresInSeconds).toBeLessThanOrEqual(3600);
    expect(typed.json.expiresInSeconds).toBeGreaterThan(3590);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
  });

  it('gives the same sub to the same number, and another to another', async () => {
    const subs: (string | undefined)[] = [];
    const number = freshNumber();
    for (const phoneNumber of [number, freshNumber()]) {
      const { json } = await ask(stack, phoneNumber);
      const typed = await type(stack, json.requestId, codeFor(stack, phoneNumber));
      subs.push((await verifyByDiscovery(stack.apiUrl, typed.json.accessToken)).payload.sub);
    }
    expect(new Set(subs).size).toBe(2);
    expect(subs.join()).not.toContain(number.slice(3));
  });

  it('refuses a wrong code with a problem document, and says how many are left', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const wrong = await type(stack, json.requestId, otherThan(codeFor(stack, number)));
    expect(wrong.status).toBe(422);
    expect(wrong.headers['content-type']).toBe('application/problem+json');
    expect(wrong.json).toEqual({
      type: 'urn:doorcode:incorrect-code',
      title: 'The code is not right',
      status: 422,
      detail: 'Check the code in the SMS.',
      instance: expect.any(String),
      supportReference: supportReferenceOf(wrong.json.instance),
      attemptsRemaining: 4,
    });
  });

  it('never lets a sign-in code approve a payment', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number, { more: { purpose: 'payment' } });
    const typed = await type(stack, json.requestId, codeFor(stack, number));
    expect((await verifyByDiscovery(stack.apiUrl, typed.json.accessToken)).payload['scope']).toBe('payment');
    const other = freshNumber();
    const signIn = await ask(stack, other);
    const token = (await type(stack, signIn.json.requestId, codeFor(stack, other))).json.accessToken;
    expect((await verifyByDiscovery(stack.apiUrl, token)).payload['scope']).toBe('sign-in');
  });

  it('keeps numbers, codes and tokens out of every log and every stored item', async () => {
    const number = freshNumber();
    const { json } = await ask(stack, number);
    const code = codeFor(stack, number);
    const token = (await type(stack, json.requestId, code)).json.accessToken;
    const lines = stack.logLines.map(({ line }) => line).join('\n');
    for (const secret of [number.slice(3), token, json.requestId]) expect(lines).not.toContain(secret);
    expect(lines).not.toMatch(new RegExp(`\\b${code}\\b`));
    expect(lines).toContain('"code":"verify-otp.verified"');
  });
});

describe('the discovery document', () => {
  it('satisfies an API Gateway JWT authorizer', async () => {
    const { json, headers } = await call(`${stack.apiUrl}/.well-known/openid-configuration`);
    expect(json.issuer).toBe(stack.apiUrl);
    expect(json.jwks_uri).toBe(`${stack.apiUrl}/.well-known/jwks.json`);
    expect(json.id_token_signing_alg_values_supported).toContain('RS256');
    expect(headers['cache-control']).toBe('public, max-age=300');
    const jwks = await call(json.jwks_uri);
    expect(jwks.json.keys).toHaveLength(1);
    expect(jwks.json.keys[0]).toEqual({
      kty: 'RSA',
      n: expect.any(String),
      e: 'AQAB',
      kid: expect.any(String),
      alg: 'RS256',
      use: 'sig',
    });
    expect(jwks.headers['cache-control']).toBe('public, max-age=300');
  });
});

describe('the cost of a flow in calls to the table', () => {
  const callsOf = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    const before = stack.awsCalls.length;
    await work();
    return stack.awsCalls
      .slice(before)
      .filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init')
      .map(({ action, keyPrefix }) => `${action} ${keyPrefix}`);
  };

  /** Everything that a deployment may switch off. */
  const nothingBesides = {
    devicesPerNumber: 0,
    conversionBreaker: { mode: 'off' },
    guessBreaker: { mode: 'off' },
  } as const;
  const costOf = async (returning?: { readonly number: string; readonly deviceToken: string }) => {
    const number = returning?.number ?? freshNumber();
    const headers = returning === undefined ? {} : { 'doorcode-device': returning.deviceToken };
    let asked: Reply | undefined;
    const request = await callsOf(async () => {
      asked = await ask(stack, number, { headers });
    });
    let typed: Reply | undefined;
    const verify = await callsOf(async () => {
      typed = await type(stack, asked?.json.requestId, codeFor(stack, number));
    });
    return { request, verify, number, deviceToken: String(typed?.json.deviceToken) };
  };

  it('is one write more for each piece that is switched on, and none for one that is off', async () => {
    const three = ['UpdateItem address', 'UpdateItem phone', 'UpdateItem budget'];
    const two = ['UpdateItem phone', 'UpdateItem phone'];
    await stack.update({ settings: nothingBesides });
    expect(await costOf()).toMatchObject({ request: three, verify: two });
    await stack.update({ settings: { ...nothingBesides, sendsPerNumberBlock: 1000 } });
    expect((await costOf()).request).toEqual([
      'UpdateItem address',
      'UpdateItem block',
      'UpdateItem phone',
      'UpdateItem budget',
    ]);
    await stack.update({ settings: { ...nothingBesides, conversionBreaker: { mode: 'observe' } } });
    expect(await costOf()).toMatchObject({ request: three, verify: [...two, 'UpdateItem budget'] });
    await stack.update({ settings: { ...nothingBesides, devicesPerNumber: 5 } });
    const stranger = await costOf();
    expect(stranger).toMatchObject({ request: three, verify: [...two, 'UpdateItem device'] });
    expect(await costOf(stranger)).toMatchObject({
      request: ['UpdateItem device', 'UpdateItem budget'],
      verify: ['UpdateItem device', 'UpdateItem device'],
    });
    await stack.update();
  });

  it('is three writes for a request, two for a verify, none for a forged id or a malformed body', async () => {
    await stack.update({ settings: nothingBesides });
    const number = freshNumber();
    let requestId = '';
    const request = await callsOf(async () => {
      requestId = (await ask(stack, number)).json.requestId;
    });
    expect(request).toEqual(['UpdateItem address', 'UpdateItem phone', 'UpdateItem budget']);
    const verify = await callsOf(() => type(stack, requestId, codeFor(stack, number)));
    expect(verify).toEqual(['UpdateItem phone', 'UpdateItem phone']);
    expect(await callsOf(() => type(stack, forged(requestId), '123456'))).toEqual([]);
    expect(await callsOf(() => ask(stack, '9876543210'))).toEqual([]);
    expect(await callsOf(() => type(stack, requestId, '12345'))).toEqual([]);
    await stack.update();
  });

  it('is two writes more for a definite refusal of the provider', async () => {
    stack.provider.control({ fault: { name: '400-balance', times: 1 } });
    const refused = await callsOf(() => ask(stack, freshNumber()));
    expect(refused.slice(0, 3)).toEqual(['UpdateItem address', 'UpdateItem phone', 'UpdateItem budget']);
    expect(refused.slice(3).sort()).toEqual(['UpdateItem budget', 'UpdateItem phone']);
  });
});

describe('the provider', () => {
  it('refusing for certain costs the user nothing', async () => {
    const number = freshNumber();
    stack.provider.control({ fault: { name: '400-balance', times: 1 } });
    const refused = await ask(stack, number);
    expect(refused.status).toBe(503);
    expect(refused.json).toMatchObject({
      type: 'urn:doorcode:temporarily-unavailable',
      retryAfterSeconds: 5,
    });
    expect(refused.json.requestId).toBeUndefined();
    expect((await ask(stack, number)).status).toBe(202);
  });

  it('never answering leaves the code working, and sends no second SMS', async () => {
    const number = freshNumber();
    stack.provider.control({ fault: { name: 'hang-after', times: 1 } });
    const asked = await ask(stack, number);
    expect(asked.status).toBe(202);
    expect(asked.json.delivery).toBe('unconfirmed');
    expect(smsTo(stack, number)).toBe(1);
    expect((await type(stack, asked.json.requestId, codeFor(stack, number))).status).toBe(200);
  });
});
