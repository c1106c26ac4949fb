import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeProvider, startFakeProvider } from '../../../local/startmessaging/fake-provider.ts';
import { call } from '../../../test-kit/http.ts';

const number = '+919876543210';
let key: string;
let nowMs: number;
let provider: FakeProvider;
let directory: string;

beforeEach(async () => {
  key = `sm_live_${randomBytes(20).toString('hex')}`;
  nowMs = 1_800_000_000_000;
  directory = mkdtempSync(join(tmpdir(), 'doorcode-fake-'));
  provider = await startFakeProvider({ stateFile: join(directory, 'provider.json'), nowMs: () => nowMs });
  provider.control({ addKey: { key, label: 'first' } });
});
afterEach(async () => {
  await provider.stop();
  rmSync(directory, { recursive: true });
});

const body = {
  phoneNumber: number,
  templateId: '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d',
  variables: { otp: '012345', appName: 'Acme', expiry: '5' },
  idempotencyKey: 'one',
};
const send = (more: object = {}, headers: Record<string, string> = { 'x-api-key': key }) =>
  call(`${provider.url}/otp/send`, { body: { ...body, ...more }, headers });
const codeOf = (reply: { json: { error?: { code?: string } } }) => reply.json.error?.code;

describe('the fake provider', () => {
  it('accepts a send and shows it as a phone would', async () => {
    const reply = await send();
    expect(reply).toMatchObject({ status: 201, json: { success: true, data: { status: 'sent' } } });
    expect(provider.sends).toMatchObject([{ phoneNumber: number, code: '012345', keyLabel: 'first' }]);
    expect(provider.sends[0]?.text).toContain('012345');
    expect(
      (await call(`${provider.url}/inbox/latest-code?phoneNumber=${encodeURIComponent(number)}`)).text,
    ).toBe('012345\n');
    expect((await call(`${provider.url}/inbox/latest-code?phoneNumber=%2B919000000000`)).status).toBe(404);
  });

  it.each([
    ['no key', {}, {}, 401, 'UNAUTHORIZED'],
    ['the key in Authorization', {}, { authorization: 'Bearer x' }, 401, 'UNAUTHORIZED'],
    ['a foreign number', { phoneNumber: '+14155552671' }, undefined, 400, 'VALIDATION_ERROR'],
    ['a malformed template', { templateId: 'x' }, undefined, 400, 'VALIDATION_ERROR'],
    ['a code of three digits', { variables: { otp: '123' } }, undefined, 400, 'VALIDATION_ERROR'],
  ])('refuses %s', async (_, more, headers, status, code) => {
    const reply = await send(more, headers);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
    expect(provider.sends).toHaveLength(0);
  });

  it('evaluates the key before the account, the account before the request, the request before the balance', async () => {
    provider.control({ balance: 0, account: 'unapproved' });
    expect((await send({ templateId: 'x' }, { 'x-api-key': 'wrong' })).status).toBe(401);
    expect(codeOf(await send({ templateId: 'x' }))).toBe('FORBIDDEN');
    provider.control({ account: 'active' });
    expect(codeOf(await send({ templateId: 'x' }))).toBe('VALIDATION_ERROR');
    expect(codeOf(await send())).toBe('INSUFFICIENT_BALANCE');
  });

  it('counts three sends per number in five minutes, refusals for balance included', async () => {
    provider.control({ balance: 0 });
    await send();
    provider.control({ balance: 10 });
    expect([(await send()).status, (await send()).status]).toEqual([201, 201]);
    const limited = await send();
    expect([limited.status, codeOf(limited), limited.headers['retry-after']]).toEqual([
      400,
      'RATE_LIMIT_EXCEEDED',
      undefined,
    ]);
    nowMs += 5 * 60_000;
    expect((await send()).status).toBe(201);
    provider.control({ exhaustNumber: '+919000000001' });
    expect(codeOf(await send({ phoneNumber: '+919000000001' }))).toBe('RATE_LIMIT_EXCEEDED');
  });

  it('throttles a caller above 200 requests in ten seconds', async () => {
    const replies = await Promise.all(Array.from({ length: 201 }, () => send({}, {})));
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(1);
    expect(replies.find(({ status }) => status === 429)?.headers['retry-after']).toBe('10');
  });

  it('takes as many requests of a caller as it is told to, until it is reset', async () => {
    provider.control({ requestsPerThrottleWindow: 1 });
    expect([(await send()).status, (await send()).status]).toEqual([201, 429]);
    provider.reset();
    expect([(await send()).status, (await send()).status]).toEqual([201, 201]);
  });

  it('behaves as observed: sends twice for one idempotency key, falls back, loses zeros', async () => {
    await send();
    await send();
    expect(provider.sends).toHaveLength(2);
    await send({
      templateId: '00000000-0000-4000-8000-000000000000',
      phoneNumber: '+919000000002',
      variables: { otp: 12345 },
    });
    expect(provider.sends[2]).toMatchObject({ code: '12345', text: expect.stringContaining('12345') });
    expect(provider.sends[2]?.text).not.toContain('Acme');
  });

  it('behaves as documented: replays, refuses, names its fields', async () => {
    provider.control({ profile: 'documented' });
    const first = await send();
    expect(first.json.data.status).toBe('queued');
    expect((await send()).json).toEqual(first.json);
    expect((await send({ phoneNumber: '+919000000003' })).status).toBe(409);
    expect(
      (await send({ idempotencyKey: '2', templateId: '00000000-0000-4000-8000-000000000000' })).status,
    ).toBe(400);
    expect((await send({ idempotencyKey: '3', variables: { otp: 123456 } })).status).toBe(400);
    provider.control({ balance: 0 });
    expect((await send({ idempotencyKey: '4' })).status).toBe(402);
  });

  it('revokes a key at once, and tells a good key from a bad one without an SMS', async () => {
    const probe = () =>
      call(`${provider.url}/messages/${crypto.randomUUID()}`, { headers: { 'x-api-key': key } });
    expect((await probe()).status).toBe(404);
    provider.control({ revokeKey: 'first' });
    expect((await probe()).status).toBe(401);
    expect((await send()).status).toBe(401);
  });

  it('serves neither verify nor resend', async () => {
    for (const path of ['/otp/verify', '/otp/resend', '/v1/otp/send']) {
      expect((await call(`${provider.url}${path}`, { body: {} })).status).toBe(404);
    }
  });

  it('hits as many sends with a fault as asked, and records those that went out', async () => {
    provider.control({ fault: { name: '502', times: 1 } });
    expect([(await send()).status, (await send()).status]).toEqual([502, 201]);
    provider.control({ fault: { name: 'reset-after', times: 1 } });
    await expect(send({ phoneNumber: '+919000000004' })).rejects.toThrow();
    expect(provider.sends.at(-1)?.phoneNumber).toBe('+919000000004');
    provider.control({ fault: { name: 'reset-before', times: 1 } });
    await expect(send({ phoneNumber: '+919000000005' })).rejects.toThrow();
    expect(provider.sends.at(-1)?.phoneNumber).toBe('+919000000004');
  });

  it('takes switches over HTTP, and refuses a misspelt one with what is allowed', async () => {
    expect((await call(`${provider.url}/control`, { body: { profile: 'documented' } })).json.profile).toBe(
      'documented',
    );
    expect((await call(`${provider.url}/control`, { body: { profle: 'observed' } })).status).toBe(400);
    expect((await call(`${provider.url}/control`, { body: '{' })).status).toBe(400);
    expect((await call(`${provider.url}/control`)).text).not.toContain(key);
  });

  it('shows its page and its switches to this machine alone', async () => {
    const page = await call(`${provider.url}/`);
    expect(page.text).toContain('<title>Inbox');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    for (const headers of [{ host: 'attacker.example' }, { origin: 'https://attacker.example' }]) {
      for (const path of ['/', '/inbox.json', '/control', '/inbox/latest-code']) {
        expect((await call(`${provider.url}${path}`, { headers })).status).toBe(403);
      }
    }
  });

  it.each(['', '{', 'null', '[]', '5', '{"phoneNumber":{}}', 'x'.repeat(100_000)])(
    'is not upset by a body like %s',
    async (text) => {
      const reply = await call(`${provider.url}/otp/send`, { body: text, headers: { 'x-api-key': key } });
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(reply.status).toBeLessThan(500);
    },
  );

  it('keeps keys, balance and sends over a restart', async () => {
    await send();
    await provider.stop();
    provider = await startFakeProvider({ stateFile: join(directory, 'provider.json'), nowMs: () => nowMs });
    expect(provider.sends).toHaveLength(1);
    expect((await send()).status).toBe(201);
  });
});
