/** A session through HTTP, in the bundles and with the rights of the template: sign in, refresh, list, end, revoke. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  oauthErrorSchema,
  refreshedSchema,
  sessionsSchema,
  verifiedSchema,
} from '../../functions/http/answer-schemas.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber } from '../../test-kit/sign-in.ts';
import { storedItems } from '../../test-kit/stored.ts';

let stack: LocalStack;
let number: string;
beforeAll(async () => {
  stack = await startLocalStack({});
});
afterAll(() => stack.stop());
beforeEach(() => {
  number = freshNumber();
});

const attempt = 'a'.repeat(16);
const key = () => `key-of-one-tap-${Math.random()}`.slice(0, 24);

/** Asks for a code and types it in, with what an app sends of a session. */
async function verify(session: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const { requestId } = (await ask(stack, number)).json;
  const body = { requestId, code: codeFor(stack, number), session };
  return call(`${stack.apiUrl}/auth/verify-otp`, { body, headers });
}

async function signIn(label?: string) {
  return v.parse(verifiedSchema, (await verify(label === undefined ? {} : { label })).json);
}

function form(path: string, members: Readonly<Record<string, string>>): Promise<Reply> {
  const body = new URLSearchParams(members).toString();
  return call(`${stack.apiUrl}${path}`, {
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}

const refresh = (refresh_token: string, by = attempt) =>
  form('/auth/token', { grant_type: 'refresh_token', refresh_token, attempt: by });

const list = (refreshToken: string | null | undefined, end?: unknown) =>
  call(`${stack.apiUrl}/auth/sessions`, { body: { refreshToken, ...(end === undefined ? {} : { end }) } });

describe('a session', () => {
  it('starts at a sign-in that asks for one, refreshes, and its tokens verify by discovery alone', async () => {
    const { refreshToken, accessToken, ...rest } = await signIn('Pixel 9');
    expect(rest.otherSessions).toBe(0);
    // From the win on: a second may begin before the answer.
    expect(rest.expiresInSeconds).toBeLessThanOrEqual(900);
    expect(rest.expiresInSeconds).toBeGreaterThan(890);
    expect(rest.sessionExpiresInSeconds).toBeGreaterThan(60 * 86_400 - 60);
    const first = decodeJwt(accessToken);
    const answer = await refresh(refreshToken ?? '');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    const { access_token, ...more } = v.parse(refreshedSchema, answer.json);
    expect(more.expires_in).toBeLessThanOrEqual(900);
    expect(more.expires_in).toBeGreaterThan(890);
    const discovery = (await call(`${stack.apiUrl}/.well-known/openid-configuration`)).json;
    const jwks = createRemoteJWKSet(new URL(discovery.jwks_uri));
    const { payload } = await jwtVerify(access_token, jwks, {
      issuer: discovery.issuer,
      audience: 'doorcode-app',
      typ: 'at+jwt',
    });
    const { sub, sid, auth_time, phone_number, scope } = first;
    expect(payload).toMatchObject({ sub, sid, auth_time, phone_number, scope, client_id: 'doorcode-app' });
    expect(payload.jti).not.toBe(first.jti);
  });

  it('is written with one write more than a sign-in without, and a refresh is one write', async () => {
    const writes = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      stack.awsCalls.length = 0;
      await work();
      return stack.awsCalls
        .filter(({ service }) => service === 'dynamodb')
        .map(({ action, keyPrefix }) => `${action} ${keyPrefix}`);
    };
    const plain = await writes(() => verify(undefined));
    number = freshNumber();
    let token = '';
    const withSession = await writes(async () => {
      token = (await signIn()).refreshToken ?? '';
    });
    const rest = [...withSession];
    for (const each of plain) {
      const at = rest.indexOf(each);
      if (at >= 0) rest.splice(at, 1);
    }
    expect(rest.filter((each) => !each.endsWith(' init'))).toEqual(['UpdateItem sessions']);
    const refreshed = await writes(() => refresh(token));
    expect(refreshed.filter((each) => !each.endsWith(' init'))).toEqual(['UpdateItem sessions']);
  });

  it('comes with the answer of verify again, until it is refreshed, and not after a sign-out', async () => {
    const { requestId } = (await ask(stack, number)).json;
    const body = { requestId, code: codeFor(stack, number), session: {} };
    const headers = { 'idempotency-key': key() };
    const again = async () =>
      v.parse(verifiedSchema, (await call(`${stack.apiUrl}/auth/verify-otp`, { body, headers })).json);
    const first = await again();
    const second = await again();
    expect(second.refreshToken).toBe(first.refreshToken);
    expect(decodeJwt(second.accessToken)).toEqual(decodeJwt(first.accessToken));
    expect((await form('/auth/revoke', { token: first.refreshToken ?? '' })).status).toBe(200);
    const third = await again();
    expect(third.refreshToken).toBeNull();
    expect(decodeJwt(third.accessToken)['sid']).toBeUndefined();
    expect((await refresh(first.refreshToken ?? '')).json).toMatchObject({ error: 'invalid_grant' });
  });

  it('of a stolen copy ends at the owner’s next refresh, with one line, and no other session', async () => {
    const other = await signIn();
    const thief = v.parse(refreshedSchema, (await refresh(other.refreshToken ?? '', 'b'.repeat(16))).json);
    stack.logLines.length = 0;
    const owner = await refresh(other.refreshToken ?? '');
    expect(v.parse(oauthErrorSchema, owner.json).error).toBe('invalid_grant');
    expect((await refresh(thief.refresh_token)).json).toMatchObject({ error: 'invalid_grant' });
    const found = () => stack.logLines.filter(({ line }) => line.includes('"code":"session.reuse"'));
    await expect.poll(found).toHaveLength(1);
    expect(found()[0]?.line).not.toContain(number.slice(3));
  });

  it('is listed with the others, and ends them', async () => {
    const { refreshToken } = await signIn('one');
    const all = v.parse(sessionsSchema, (await list(refreshToken)).json);
    expect(all.sessions).toMatchObject([{ label: 'one', current: true }]);
    const done = v.parse(sessionsSchema, (await list(refreshToken, 'all')).json);
    expect(done.sessions).toEqual([]);
    expect((await list(refreshToken)).json).toMatchObject({ error: 'invalid_grant' });
  });

  it('starts for no browser', async () => {
    const reply = await verify({}, { origin: 'https://acme.example' });
    expect(reply.status).toBe(200);
    expect(v.parse(verifiedSchema, reply.json).refreshToken).toBeUndefined();
  });

  it('leaves neither number nor token in the table', async () => {
    const { refreshToken } = await signIn();
    const next = v.parse(refreshedSchema, (await refresh(refreshToken ?? '')).json).refresh_token;
    const items = [...(await storedItems(stack))];
    expect(items.some(([pk]) => pk.startsWith('sessions#'))).toBe(true);
    const text = JSON.stringify(items);
    const name = Buffer.from(next, 'base64url').subarray(9, 25).toString('base64url');
    for (const secret of [number.slice(3), next, refreshToken ?? '', attempt, name])
      expect(text).not.toContain(secret);
  });

  it('is a 503 while the table is down, and goes on afterwards', async () => {
    const { refreshToken } = await signIn();
    stack.faults.add({ service: 'dynamodb', mode: 'throttle' });
    const down = await refresh(refreshToken ?? '');
    expect(down.status).toBe(503);
    expect(down.headers['retry-after']).toBe('5');
    expect((await form('/auth/revoke', { token: refreshToken ?? '' })).status).toBe(503);
    stack.faults.clear();
    expect((await refresh(refreshToken ?? '')).status).toBe(200);
  });
});
