/** Who else reaches the API: pages of other origins, and phones over IPv6. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, freshNumber, smsTo } from '../../test-kit/sign-in.ts';

const origin = 'https://app.example.com';
const preflight = {
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,idempotency-key',
  },
};
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
afterAll(() => stack.stop());

describe('a page of another origin', () => {
  it('gets no permission while no origin is listed', async () => {
    const refused = await call(`${stack.apiUrl}/auth/request-otp`, preflight);
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([404, undefined]);
    const asked = await ask(stack, freshNumber(), { headers: { origin } });
    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('cannot have an SMS sent by a form, which needs no permission', async () => {
    const phoneNumber = freshNumber();
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
    ]) {
      const reply = await call(`${stack.apiUrl}/auth/request-otp`, {
        body: JSON.stringify({ phoneNumber }),
        headers: { origin, 'content-type': type },
      });
      expect(reply.status).toBe(415);
    }
    expect(smsTo(stack, phoneNumber)).toBe(0);
  });

  it('may ask and read the answer when its origin is listed, and only then', async () => {
    await stack.update({ settings: { allowedOrigins: [origin] } });
    const allowed = await call(`${stack.apiUrl}/auth/request-otp`, preflight);
    expect(allowed.status).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type,idempotency-key,doorcode-device',
      'access-control-max-age': '3600',
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const asked = await ask(stack, freshNumber(), { headers: { origin } });
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after,apigw-requestid',
    });
    const other = { ...preflight, headers: { ...preflight.headers, origin: 'https://evil.example.com' } };
    const refused = await call(`${stack.apiUrl}/auth/request-otp`, other);
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    await stack.update();
  });
});

describe('a phone over IPv6', () => {
  it('signs in like any other, and its /64 is counted', async (test) => {
    if (stack.apiUrlIpv6 === undefined) return test.skip('this machine has no IPv6');
    await stack.update({ settings: { sendsPerIpv6Prefix: 1 } });
    const url = `${stack.apiUrlIpv6}/auth/request-otp`;
    const first = await call(url, { body: { phoneNumber: freshNumber() } });
    const second = await call(url, { body: { phoneNumber: freshNumber() } });
    expect([first.status, second.status]).toEqual([202, 429]);
    expect((await ask(stack, freshNumber())).status).toBe(202);
    await stack.update();
  });
});
