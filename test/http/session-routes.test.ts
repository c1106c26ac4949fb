/** The three routes as the gateway calls them, over a real table server: forms, errors, answers and log lines. */
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { oauthErrorSchema, refreshedSchema, sessionsSchema } from '../../functions/http/answer-schemas.ts';
import { sessionEndpoint } from '../../functions/http/session-endpoint.ts';
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import { importSigner } from '../../functions/tokens/access-token.ts';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import { publicKeySet, type SigningKey } from '../../functions/tokens/signing-key-set.ts';
import { directNumber, endSessions } from '../../functions/wiring/direct-end.ts';
import { answerRevoke, answerSessions, answerToken } from '../../functions/wiring/session-routes.ts';
import { type SessionWorld, sessionStage } from '../../functions/wiring/session-world.ts';
import { startSessionFlow } from '../../test-kit/session-flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

vi.hoisted(() =>
  Object.assign(process.env, {
    // The metrics go to stdout, and are not what is tested here.
    POWERTOOLS_METRICS_DISABLED: 'true',
    // The rehearsal signs its call, which goes nowhere.
    AWS_REGION: 'ap-south-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  }),
);

const number = '+919876543210';
const issuer = 'https://id.execute-api.ap-south-1.amazonaws.com';
const attempt = 'a'.repeat(16);

let table: TestTable;
let key: SigningKey;
beforeAll(async () => {
  table = await startTestTable();
  key = { ...(await generateSigningKey()), activeFrom: 0 };
});
afterAll(async () => table.stop());

/** A world whose secrets are known, and the handler of its routes. The clock stands at the real time. */
async function world(overrides: Parameters<typeof startSessionFlow>[1] = {}) {
  const flow = startSessionFlow(table, overrides);
  flow.state.now = Math.floor(Date.now() / 1000) - 10;
  const { settings, keys, state } = flow;
  const signer = await importSigner(key);
  const known = <T>(value: () => T) => ({ get: async () => value() });
  const made = {
    settings,
    rules: state.rules,
    issuer,
    table,
    identity: known(() => keys),
    secret: { ...known(() => state.secret), ageSeconds: () => state.secretAgeSeconds },
    signerAt: known(() => async () => signer),
    controls: known(() => {
      if (state.controls === undefined) throw new Unavailable('CONTROLS_SECRET_ARN', 'malformed');
      return state.controls;
    }),
  } as unknown as SessionWorld;
  const { handler, rehearse } = sessionEndpoint(() => made, {
    '/auth/token': answerToken,
    '/auth/revoke': answerRevoke,
    '/auth/sessions': answerSessions,
  });
  return { flow, made, handler, rehearse };
}

const form = 'application/x-www-form-urlencoded';

function event(
  rawPath: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): object {
  return {
    version: '2.0',
    rawPath,
    rawQueryString: 'grant_type=password&refresh_token=of-the-url',
    queryStringParameters: { grant_type: 'password', refresh_token: 'of-the-url' },
    headers: { 'content-type': form, ...headers },
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: { requestId: 'id-1', http: { sourceIp: '192.0.2.1' } },
  };
}

const logged: unknown[] = [];
beforeEach(() => {
  // A second that ends within a call would make a lifetime of 899 s of one of 900.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  logged.length = 0;
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((line) => logged.push(line));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
const codes = (): unknown[] => logged.map((line) => Object(line).code).filter((code) => code !== undefined);

type World = Awaited<ReturnType<typeof world>>;

async function send(w: World, path: string, body: string | Buffer, headers = {}) {
  const { statusCode, headers: answered, body: text } = await w.handler(event(path, body, headers), {});
  return { status: statusCode, headers: answered, text, json: text === '' ? undefined : JSON.parse(text) };
}

const refresh = (w: World, members: Readonly<Record<string, string>>) =>
  send(w, '/auth/token', new URLSearchParams({ grant_type: 'refresh_token', ...members }).toString());

describe('POST /auth/token', () => {
  it('answers as RFC 6749, section 5.1, with an access token of the session, and logs nothing', async () => {
    const w = await world();
    const token = await w.flow.signIn(number);
    const answer = await refresh(w, {
      refresh_token: token,
      attempt,
      client_id: 'acme-app',
      scope: 'sign-in',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toEqual({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
    });
    const body = v.parse(refreshedSchema, answer.json);
    expect(body.expires_in).toBe(900);
    const jwks = createLocalJWKSet({ keys: [...publicKeySet({ keys: [key] }).keys] });
    const { payload } = await jwtVerify(body.access_token, jwks, {
      issuer,
      audience: 'acme-app',
      typ: 'at+jwt',
    });
    const [session] = (await w.flow.record(number)).sessions;
    expect(payload).toMatchObject({
      sid: session?.id,
      auth_time: session?.begunAt,
      iat: session?.refreshedAt,
      exp: (session?.refreshedAt ?? 0) + 900,
      scope: 'sign-in',
      amr: ['otp', 'sms'],
      phone_number: number,
    });
    expect(payload['test']).toBeUndefined();
    expect(logged).toEqual([]);
  });

  it('answers the same attempt the same, but for what is left of it, and says so in the log', async () => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    const one = v.parse(refreshedSchema, (await refresh(w, { refresh_token, attempt })).json);
    const two = v.parse(refreshedSchema, (await refresh(w, { refresh_token, attempt })).json);
    expect(decodeJwt(two.access_token)).toEqual(decodeJwt(one.access_token));
    expect(two.refresh_token).toBe(one.refresh_token);
    expect(codes()).toEqual(['session.replayed']);
  });

  it('says expires_in 0 for an answer given again after its end, and its refresh token goes on', async () => {
    const w = await world();
    w.flow.state.now -= 86_400;
    const refresh_token = await w.flow.signIn(number);
    await w.flow.refresh(refresh_token, attempt);
    const late = v.parse(refreshedSchema, (await refresh(w, { refresh_token, attempt })).json);
    expect(late.expires_in).toBe(0);
    const next = await refresh(w, { refresh_token: late.refresh_token, attempt });
    expect(next.json.expires_in).toBe(900);
  });

  it('keeps a test number one', async () => {
    const w = await world({ testNumbersUntil: '2099-12-31' });
    w.flow.state.controls = {
      sending: 'everybody',
      denied: [],
      testNumbers: [
        { phoneNumber: w.flow.phone(number), code: '183629' as never, until: '2099-12-31', perDay: 10 },
      ],
    };
    const refresh_token = await w.flow.signIn(number, { lane: 'test' });
    const { access_token } = v.parse(refreshedSchema, (await refresh(w, { refresh_token })).json);
    const claims = decodeJwt(access_token);
    expect(claims).toMatchObject({ test: true });
    expect(claims['phone_number']).toBeUndefined();
  });

  it.each([
    ['no grant_type', 'refresh_token=x', 'invalid_request'],
    ['an empty grant_type', 'grant_type=&refresh_token=x', 'invalid_request'],
    ['another grant', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
    ['no refresh_token', 'grant_type=refresh_token', 'invalid_request'],
    ['an empty refresh_token', 'grant_type=refresh_token&refresh_token=', 'invalid_request'],
    ['junk', 'grant_type=refresh_token&refresh_token=junk', 'invalid_grant'],
    ['another client', 'grant_type=refresh_token&refresh_token=x&client_id=other', 'invalid_client'],
    ['another scope', 'grant_type=refresh_token&refresh_token=x&scope=payment', 'invalid_scope'],
    ['more scopes', 'grant_type=refresh_token&refresh_token=x&scope=sign-in+payment', 'invalid_scope'],
    ['a short attempt', 'grant_type=refresh_token&refresh_token=x&attempt=short', 'invalid_request'],
    [
      'an attempt with a space',
      `grant_type=refresh_token&refresh_token=x&attempt=${'a'.repeat(16)}+b`,
      'invalid_request',
    ],
    [
      'a repeated grant_type',
      'grant_type=refresh_token&grant_type=refresh_token&refresh_token=x',
      'invalid_request',
    ],
    [
      'a repeated refresh_token',
      'grant_type=refresh_token&refresh_token=x&refresh_token=y',
      'invalid_request',
    ],
    [
      'a repeated name in another spelling',
      'grant_type=refresh_token&refresh_token=x&refresh%5Ftoken=y',
      'invalid_request',
    ],
    ['a malformed percent-encoding', 'grant_type=refresh_token&refresh_token=%zz', 'invalid_request'],
    ['half a percent-encoding', 'grant_type=refresh_token&refresh_token=x%2', 'invalid_request'],
    [
      'percent-encoded bytes that are not UTF-8',
      'grant_type=refresh_token&refresh_token=%ff',
      'invalid_request',
    ],
    [
      'a malformed one in an unknown parameter',
      'grant_type=refresh_token&refresh_token=x&x=%',
      'invalid_request',
    ],
    ['nothing', '', 'invalid_request'],
  ])('refuses %s as RFC 6749, section 5.2', async (_, body, error) => {
    const w = await world();
    const answer = await send(w, '/auth/token', body);
    expect(answer.status).toBe(400);
    expect(v.parse(oauthErrorSchema, answer.json).error).toBe(error);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
    expect(codes()).toEqual([error === 'invalid_grant' ? 'session.forged' : 'session.invalid']);
  });

  it.each([
    ['unknown parameters, repeated ones too', 'resource=a&resource=b&foo=bar&client_secret=x'],
    ['empty ones', 'attempt=&client_id=&scope=&'],
    ['an empty one beside its value', 'refresh_token='],
    ['pairs without a sign', 'foo&&='],
  ])('ignores %s', async (_, more) => {
    const w = await world();
    const token = await w.flow.signIn(number);
    const body = `${more}&grant_type=refresh_token&refresh_token=${token}`;
    expect((await send(w, '/auth/token', body)).status).toBe(200);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const w = await world();
    const body = Buffer.from([...Buffer.from('grant_type=refresh_token&refresh_token='), 0xff]);
    expect((await send(w, '/auth/token', body)).json).toMatchObject({ error: 'invalid_request' });
  });

  it.each([
    [form, 200],
    ['Application/X-WWW-Form-Urlencoded', 200],
    [`${form};charset=UTF-8`, 200],
    [`${form}; charset="utf-8"`, 200],
    [`${form};`, 200],
    [`${form}; charset=iso-8859-1`, 400],
    [`${form}; boundary=x`, 400],
    ['application/json', 400],
    ['multipart/form-data; boundary=x', 400],
    ['', 400],
  ])('with the Content-Type %j is a %d', async (contentType, status) => {
    const w = await world();
    const token = await w.flow.signIn(number);
    const body = `grant_type=refresh_token&refresh_token=${token}`;
    const answer = await send(w, '/auth/token', body, { 'content-type': contentType });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json).toMatchObject({ error: 'invalid_request' });
  });

  it('refuses more than 4 KiB with a problem document', async () => {
    const w = await world();
    const answer = await send(w, '/auth/token', 'x='.padEnd(4097, 'x'));
    expect(answer).toMatchObject({ status: 413, json: { type: 'urn:doorcode:body-too-large' } });
    expect(answer.json.error).toBe('invalid_request');
    expect((await send(w, '/auth/revoke', 'x='.padEnd(4097, 'x'))).json).toEqual(answer.json);
    expect((await send(w, '/auth/token', 'x='.padEnd(4096, 'x'))).status).toBe(400);
  });

  it('tells a denied number in a problem document, and ends nothing', async () => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    const { controls } = w.flow.state;
    w.flow.state.controls = { sending: 'everybody', denied: [number], testNumbers: [] };
    const answer = await refresh(w, { refresh_token, attempt });
    expect(answer).toMatchObject({
      status: 403,
      json: { type: 'urn:doorcode:denied', error: 'access_denied' },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    w.flow.state.controls = controls;
    expect((await refresh(w, { refresh_token, attempt })).status).toBe(200);
    expect(codes()).toEqual(['session.denied']);
  });

  it('denies nobody while the controls cannot be read, and says so', async () => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    w.flow.state.controls = undefined;
    expect((await refresh(w, { refresh_token, attempt })).status).toBe(200);
  });

  it('asks to wait, and never signs out, where it knows the secret badly', async () => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    const { secretVersion } = await import('../../test-kit/session-flow.ts');
    w.flow.state.secret = { current: secretVersion('other', 0), previous: undefined };
    w.flow.state.secretAgeSeconds = 601;
    const answer = await refresh(w, { refresh_token, attempt });
    expect(answer).toMatchObject({ status: 503, json: { type: 'urn:doorcode:temporarily-unavailable' } });
    expect(answer.headers['retry-after']).toBe('5');
    expect(codes()).toEqual(['session.secret-outdated']);
  });

  it.each(['identity', 'secret', 'signerAt', 'table'] as const)('is a 503 without %s', async (missing) => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    const down = async (): Promise<never> => {
      throw new Unavailable(missing, 'TimeoutError');
    };
    const broken =
      missing === 'table' ? { ...table, client: { send: down } } : { ...w.made[missing], get: down };
    Object.assign(w.made, { [missing]: broken });
    const answer = await refresh(w, { refresh_token, attempt });
    expect(answer).toMatchObject({ status: 503, json: { type: 'urn:doorcode:temporarily-unavailable' } });
    expect(answer.headers['retry-after']).toBe('5');
    expect(codes()).toEqual(['session.unavailable']);
  });

  it('reports reuse once, with a tag in place of the number', async () => {
    const w = await world();
    const refresh_token = await w.flow.signIn(number);
    await w.flow.refresh(refresh_token, attempt);
    const answer = await refresh(w, { refresh_token, attempt: 'b'.repeat(16) });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    expect(logged).toEqual([
      expect.objectContaining({
        code: 'session.reuse',
        reason: 'reuse',
        status: 400,
        requestId: 'id-1',
        numberTag: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      }),
    ]);
    const line = JSON.stringify(logged);
    for (const secret of [refresh_token, attempt, '9876543210']) expect(line).not.toContain(secret);
  });
});

describe('POST /auth/revoke', () => {
  const revoke = (w: World, members: Readonly<Record<string, string>>) =>
    send(w, '/auth/revoke', new URLSearchParams(members).toString());

  it('answers 200 without a body, for a token of ours and for any other (RFC 7009, section 2.2)', async () => {
    const w = await world();
    const token = await w.flow.signIn(number);
    for (const sent of [token, token, 'junk', `${token}x`]) {
      const answer = await revoke(w, { token: sent, token_type_hint: 'access_token', client_id: 'acme-app' });
      expect(answer).toMatchObject({ status: 200, text: '' });
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    }
    expect((await w.flow.record(number)).sessions).toEqual([]);
    expect(codes()).toEqual([
      'session.revoked',
      'session.nothing-to-revoke',
      'session.nothing-to-revoke',
      'session.nothing-to-revoke',
    ]);
  });

  it.each([
    ['no token', 'token=', 'invalid_request'],
    ['two tokens', 'token=x&token=y', 'invalid_request'],
    ['a JWT', 'token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln', 'unsupported_token_type'],
    ['another client', 'token=x&client_id=other', 'invalid_client'],
  ])('refuses %s', async (_, body, error) => {
    const w = await world();
    const answer = await send(w, '/auth/revoke', body);
    expect(answer.status).toBe(400);
    expect(v.parse(oauthErrorSchema, answer.json).error).toBe(error);
  });

  it('is a 503 where the table does not answer, and needs neither controls nor signing keys', async () => {
    const w = await world();
    const token = await w.flow.signIn(number);
    const down = async (): Promise<never> => {
      throw new Unavailable('x', 'TimeoutError');
    };
    Object.assign(w.made, { controls: { get: down }, signerAt: { get: down } });
    Object.assign(w.made, { table: { ...table, client: { send: down } } });
    const answer = await revoke(w, { token });
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    Object.assign(w.made, { table });
    expect((await revoke(w, { token })).status).toBe(200);
    expect((await w.flow.record(number)).sessions).toEqual([]);
  });
});

/** A client that names itself in the header, as libraries do by default (RFC 6749, section 2.3.1; RFC 7617). */
describe('Authorization: Basic', () => {
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;
  const routes = ['/auth/token', '/auth/revoke'] as const;
  const bodyOf = (path: (typeof routes)[number], token: string): string =>
    path === '/auth/token' ? `grant_type=refresh_token&refresh_token=${token}` : `token=${token}`;
  const asked = async (
    path: (typeof routes)[number],
    authorization: string,
    more = '',
    audience = 'acme-app',
  ) => {
    const w = await world({ audience });
    const token = await w.flow.signIn(number);
    const answer = await send(w, path, `${bodyOf(path, token)}${more}`, { authorization });
    return { answer, sessions: (await w.flow.record(number)).sessions.length };
  };

  it.each([
    ['an empty secret', basic('acme-app:'), ''],
    ['a secret, which nobody compares', basic('acme-app:s3:cret'), ''],
    ['another case of the scheme', basic('acme-app:').replace('Basic ', 'bAsIc  '), ''],
    ['the same id in the form', basic('acme-app:'), '&client_id=acme-app'],
  ])('takes our client with %s', async (_, authorization, more) => {
    const { answer, sessions } = await asked('/auth/revoke', authorization, more);
    expect([answer.status, sessions]).toEqual([200, 0]);
  });

  it.each([
    ['form-encoded, as the RFC says', 'https%3A%2F%2Facme.example%2Fapp:'],
    ['as it is', 'https://acme.example/app:secret'],
  ])('takes an id with a colon, %s', async (_, credentials) => {
    const { answer } = await asked('/auth/token', basic(credentials), '', 'https://acme.example/app');
    expect(answer.status).toBe(200);
  });

  it.each(
    routes.flatMap((path) =>
      [
        ['another client', basic('other:'), ''],
        ['another client with a secret', basic('other:secret'), ''],
        ['a longer id', basic('acme-app2:'), ''],
        ['no id', basic(':'), ''],
        ['no colon', basic('acme-app'), ''],
        ['a malformed percent-encoding', basic('%zz:'), ''],
        ['bytes that are not UTF-8', `Basic ${Buffer.from([0xff, 0x3a]).toString('base64')}`, ''],
        ['no credentials', 'Basic', ''],
        ['two credentials', `${basic('acme-app:')}, ${basic('acme-app:')}`, ''],
        ['our client, and another in the form', basic('acme-app:'), '&client_id=other'],
      ].map(([what = '', authorization = '', more = '']) => [path, what, authorization, more] as const),
    ),
  )('%s refuses %s with a challenge, and touches nothing', async (path, _, authorization, more) => {
    const { answer, sessions } = await asked(path, authorization, more);
    expect([answer.status, sessions]).toEqual([401, 1]);
    expect(answer.headers['www-authenticate']).toBe('Basic realm="doorcode"');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'application/json' });
    expect(v.parse(oauthErrorSchema, answer.json).error).toBe('invalid_client');
    expect(codes()).toEqual(['session.invalid']);
  });

  it.each(['Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'Basics YTo=', 'Digest username="other"', ''])(
    'reads nothing of %j, which names no client',
    async (authorization) => {
      const { answer } = await asked('/auth/token', authorization);
      expect(answer.status).toBe(200);
      expect((await asked('/auth/token', authorization, '&client_id=other')).answer.status).toBe(400);
    },
  );

  it('reads no header of sessions, whose body is JSON', async () => {
    const w = await world();
    const refreshToken = await w.flow.signIn(number);
    const headers = { 'content-type': 'application/json', authorization: basic('other:') };
    expect((await send(w, '/auth/sessions', JSON.stringify({ refreshToken }), headers)).status).toBe(200);
  });
});

describe('POST /auth/sessions', () => {
  const list = (w: World, body: unknown) =>
    send(w, '/auth/sessions', JSON.stringify(body), { 'content-type': 'application/json' });

  it('lists, ends others, ends all', async () => {
    const w = await world();
    await w.flow.signIn(number, { label: 'Pixel 9' });
    const refreshToken = await w.flow.signIn(number);
    const all = await list(w, { refreshToken });
    expect(v.parse(sessionsSchema, all.json).sessions).toHaveLength(2);
    expect(all.headers).toMatchObject({ 'cache-control': 'no-store' });
    const others = await list(w, { refreshToken, end: 'others' });
    expect(v.parse(sessionsSchema, others.json).sessions).toMatchObject([{ current: true }]);
    const [{ id }] = others.json.sessions;
    expect((await list(w, { refreshToken, end: [id] })).json.sessions).toEqual([]);
    expect(codes()).toEqual(['session.listed', 'session.ended', 'session.ended']);
  });

  it('says invalid_grant for an older token, and ends nothing', async () => {
    const w = await world();
    const refreshToken = await w.flow.signIn(number);
    await w.flow.refresh(refreshToken, attempt);
    const answer = await list(w, { refreshToken, end: 'all' });
    expect(answer.status).toBe(400);
    expect(v.parse(oauthErrorSchema, answer.json).error).toBe('invalid_grant');
    expect((await w.flow.record(number)).sessions).toHaveLength(1);
  });

  it.each([
    ['no token', {}],
    ['a number', { refreshToken: 1 }],
    ['an unknown member', { refreshToken: 'x', what: 1 }],
    ['another end', { refreshToken: 'x', end: 'mine' }],
    ['no ids', { refreshToken: 'x', end: [] }],
    ['an odd id', { refreshToken: 'x', end: ['short'] }],
    ['too many ids', { refreshToken: 'x', end: Array.from({ length: 21 }, () => 'x'.repeat(16)) }],
  ])('refuses %s with a problem document', async (_, body) => {
    const w = await world();
    const answer = await list(w, body);
    expect(answer).toMatchObject({ status: 400, json: { type: 'urn:doorcode:invalid-request' } });
    expect(codes()).toEqual(['session.invalid']);
  });

  it('takes no form', async () => {
    const w = await world();
    expect((await send(w, '/auth/sessions', 'refreshToken=x')).status).toBe(415);
  });
});

it('answers 404 on any other path', async () => {
  const w = await world();
  for (const path of ['/auth/tokens', '/', '', '/auth/token/', 'toString'])
    expect((await send(w, path, '')).status).toBe(404);
});

it('rehearses a whole refresh in init, without a call and without a word', async () => {
  const w = await world();
  const noCalls = { ...table, client: { send: () => Promise.reject(new Error('called')) } };
  Object.assign(w.made, { table: noCalls });
  const { signal } = new AbortController();
  const stage = await sessionStage(w.made, signal);
  const answer = await w.rehearse({ ...stage, signal });
  expect(answer.statusCode).toBe(200);
  expect(v.parse(refreshedSchema, JSON.parse(answer.body)).expires_in).toBe(900);
  expect(logged).toEqual([]);
});

describe('the direct invocation', () => {
  it('ends the sessions of a number and counts them', async () => {
    const w = await world();
    await w.flow.signIn(number);
    await w.flow.signIn(number);
    const phoneNumber = directNumber({ endSessionsOf: number });
    expect(phoneNumber).toBe(number);
    if (phoneNumber === undefined) throw new Error('no number');
    expect(await endSessions(w.made, phoneNumber, 'id-2')).toEqual({ ended: 2 });
    expect(await endSessions(w.made, phoneNumber, 'id-2')).toEqual({ ended: 0 });
    expect(codes()).toEqual(['session.ended-by-operator', 'session.ended-by-operator']);
    expect(JSON.stringify(logged)).not.toContain('9876543210');
  });

  it('is no event of the gateway, whatever a caller puts into it', () => {
    const smuggled = JSON.stringify({ endSessionsOf: number });
    expect(directNumber(event('/auth/token', smuggled, { endsessionsof: number }))).toBeUndefined();
    for (const other of [undefined, null, 'x', 1, [], {}]) expect(directNumber(other)).toBeUndefined();
  });

  it.each([
    { endSessionsOf: '9876543210' },
    { endSessionsOf: `${number} ` },
    { endSessionsOf: [number] },
    { endSessionsOf: number, version: '2.0' },
  ])('refuses %j, and repeats nothing of it', (odd) => {
    expect(() => directNumber(odd)).toThrow(/^expected \{ "endSessionsOf"/);
    expect(() => directNumber(odd)).not.toThrow(/9876543210/);
  });
});
