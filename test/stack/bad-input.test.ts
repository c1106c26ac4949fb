/**
 * What attackers, flaky networks and careless apps send: refused as the problem it is, with nothing stored, nothing
 * sent and nobody's attempt counted. It is long because it is a list.
 */
import { parse } from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deriveIdentityKeys } from '../../functions/otp/identity-keys.ts';
import { phoneNumberSchema } from '../../functions/otp/phone-number.ts';
import { requestIdOf } from '../../functions/otp/request-id.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { type Call, call, type Reply } from '../../test-kit/http.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
const rows: { input: string; answer: string; 'calls to the table': number; SMS: number }[] = [];

beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
});
afterAll(async () => {
  await stack.stop();
  printTable('Bad input, and what it gets', rows);
});

let callsBefore = 0;
let smsBefore = 0;
beforeEach(() => {
  callsBefore = tableCalls();
  smsBefore = stack.provider.sends.length;
});

const tableCalls = (): number =>
  stack.awsCalls.filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init').length;

/** Notes what an input got, and holds the promise that it cost nothing. */
function costsNothing(input: string, { status, json }: Reply): void {
  const name = String(json.type ?? json.message).replace('urn:doorcode:', '');
  const [calls, sms] = [tableCalls() - callsBefore, stack.provider.sends.length - smsBefore];
  rows.push({ input, answer: `${status} ${name}`, 'calls to the table': calls, SMS: sms });
  expect([calls, sms]).toEqual([0, 0]);
}

const number = '+919876543210';
const good = JSON.stringify({ phoneNumber: number });
const post = (path: string, sent: Call): Promise<Reply> =>
  call(`${stack.apiUrl}/auth/${path}`, { method: 'POST', ...sent });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('a body', () => {
  it.each<[string, number, string, Call]>([
    ['no body', 415, 'unsupported-media-type', {}],
    ['an empty body', 400, 'invalid-request', { body: '' }],
    ['a space', 400, 'invalid-request', { body: ' ' }],
    ['null', 400, 'invalid-request', { body: 'null' }],
    ['true', 400, 'invalid-request', { body: 'true' }],
    ['a number', 400, 'invalid-request', { body: '7' }],
    ['a string', 400, 'invalid-request', { body: '"+919876543210"' }],
    ['an array', 400, 'invalid-request', { body: `[${good}]` }],
    ['no JSON', 400, 'invalid-request', { body: 'phoneNumber=+919876543210' }],
    ['broken JSON', 400, 'invalid-request', { body: good.slice(0, -1) }],
    ['JSON and more', 400, 'invalid-request', { body: `${good}${good}` }],
    ['a comment', 400, 'invalid-request', { body: `/**/${good}` }],
    ['a byte order mark', 400, 'invalid-request', { body: `\uFEFF${good}` }],
    ['UTF-16', 400, 'invalid-request', { body: Buffer.from(good, 'utf16le') }],
    [
      'invalid UTF-8',
      400,
      'invalid-request',
      { body: Buffer.concat([Buffer.from(good), Buffer.from([0xff])]) },
    ],
    ['a NUL', 400, 'invalid-request', { body: `${good}\0` }],
    ['deep nesting', 400, 'invalid-request', { body: nested(2000) }],
    ['deep nesting in a member', 400, 'invalid-request', { body: `{"phoneNumber":${nested(1900)}}` }],
    ['an unknown member', 400, 'invalid-request', { body: { phoneNumber: number, template: 'x' } }],
    [
      '__proto__',
      400,
      'invalid-request',
      { body: `{"phoneNumber":"${number}","__proto__":{"purpose":"x"}}` },
    ],
    ['constructor', 400, 'invalid-request', { body: `{"phoneNumber":"${number}","constructor":{}}` }],
    ['a null member', 400, 'invalid-request', { body: { phoneNumber: number, purpose: null } }],
    ['an unknown purpose', 400, 'invalid-request', { body: { phoneNumber: number, purpose: 'payment' } }],
    ['a purpose of Object', 400, 'invalid-request', { body: { phoneNumber: number, purpose: 'toString' } }],
    ['an unknown platform', 400, 'invalid-request', { body: { phoneNumber: number, platform: 'windows' } }],
    ['more than 4 KiB', 413, 'body-too-large', { body: { phoneNumber: number, pad: 'x'.repeat(4096) } }],
    ['4 KiB of spaces', 413, 'body-too-large', { body: `${good}${' '.repeat(4096)}` }],
    ['text', 415, 'unsupported-media-type', { body: good, headers: { 'content-type': 'text/plain' } }],
    [
      'a form',
      415,
      'unsupported-media-type',
      { body: good, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [
      'almost JSON',
      415,
      'unsupported-media-type',
      { body: good, headers: { 'content-type': 'application/json5' } },
    ],
    [
      'bytes',
      415,
      'unsupported-media-type',
      { body: good, headers: { 'content-type': 'application/octet-stream' } },
    ],
    [
      'a short idempotency key',
      400,
      'invalid-request',
      { body: good, headers: { 'idempotency-key': 'x'.repeat(15) } },
    ],
    [
      'a long idempotency key',
      400,
      'invalid-request',
      { body: good, headers: { 'idempotency-key': 'x'.repeat(65) } },
    ],
    [
      'an idempotency key with a space',
      400,
      'invalid-request',
      { body: good, headers: { 'idempotency-key': `${'x'.repeat(15)} y` } },
    ],
  ])('of %s is refused', async (input, status, name, sent) => {
    const reply = await post('request-otp', { headers: {}, ...sent });
    costsNothing(`body: ${input}`, reply);
    expect([reply.status, reply.json.type]).toEqual([status, `urn:doorcode:${name}`]);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.text).not.toContain('9876543210');
  });

  it('above the gateway’s own 10 MB gets the gateway’s own answer', async () => {
    const reply = await post('request-otp', { body: Buffer.alloc(10 * 1024 * 1024 + 1, ' ') });
    costsNothing('body: 10 MB', reply);
    expect([reply.status, reply.json]).toEqual([413, { message: 'Request Entity Too Large' }]);
  });
});

describe('a number', () => {
  it.each([
    '9876543210',
    '09876543210',
    '919876543210',
    '+91 9876543210',
    '+91-9876543210',
    '+91 98765 43210',
    ' +919876543210',
    '+919876543210 ',
    '+919876543210\n',
    '+919876543210\u0000',
    '+9109876543210',
    '00919876543210',
    '＋919876543210',
    '+９１９８７６５４３２１０',
    '+91९८७६५४३२१०',
    '+91٩٨٧٦٥٤٣٢١٠',
    '+91987654321O',
    '+91\u200b9876543210',
    '+915876543210',
    '+911126543210',
    '+91987654321',
    '+9198765432100',
    '+14155552671',
    '+447911123456',
    'tel:+919876543210',
    '+919876543210;ext=1',
    '+919876543210,+919876543211',
    '+9.1987654321e12',
  ])('spelt %j is refused', async (phoneNumber) => {
    const reply = await post('request-otp', { body: { phoneNumber } });
    costsNothing(`number: ${JSON.stringify(phoneNumber)}`, reply);
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toEqual([{ pointer: '#/phoneNumber', detail: expect.any(String) }]);
  });

  it.each([919876543210, [number], { number }, null, true])(
    'of another type (%j) is refused',
    async (phoneNumber) => {
      const reply = await post('request-otp', { body: { phoneNumber } });
      costsNothing(`number: ${JSON.stringify(phoneNumber)}`, reply);
      expect(reply.status).toBe(400);
    },
  );
});

describe('a code', () => {
  let requestId: string;
  let code: string;
  beforeAll(async () => {
    const phoneNumber = freshNumber();
    requestId = (await ask(stack, phoneNumber)).json.requestId;
    code = codeFor(stack, phoneNumber);
  });
  const spellings: readonly [string, (code: string) => unknown][] = [
    ['as a number', (c) => Number(c)],
    ['with a space before it', (c) => ` ${c}`],
    ['with a space in it', (c) => `${c.slice(0, 3)} ${c.slice(3)}`],
    ['with a hyphen', (c) => `${c.slice(0, 3)}-${c.slice(3)}`],
    ['with a plus', (c) => `+${c}`],
    ['with a minus', (c) => `-${c}`],
    ['with a newline', (c) => `${c}\n`],
    ['in full-width digits', (c) => c.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
    ['in Devanagari digits', (c) => c.replace(/\d/g, (d) => String.fromCodePoint(0x966 + Number(d)))],
    ['with a digit missing', (c) => c.slice(1)],
    ['with a digit more', (c) => `${c}0`],
    ['in an array', (c) => [c]],
    ['null', () => null],
    ['empty', () => ''],
    ['in exponent form', () => '1e5000'],
    ['in hexadecimal', () => '0x1f2e'],
  ];
  it.each(spellings)('%s is refused without costing an attempt', async (input, spell) => {
    const reply = await post('verify-otp', { body: { requestId, code: spell(code) } });
    costsNothing(`code: ${input}`, reply);
    expect(reply.status).toBe(400);
    expect(reply.json.errors).toEqual([{ pointer: '#/code', detail: expect.any(String) }]);
    expect(reply.text).not.toContain(code);
  });

  it('is still good after all of them', async () => {
    expect((await type(stack, requestId, code)).status).toBe(200);
  });
});

describe('a requestId', () => {
  let real: string;
  beforeAll(async () => {
    real = (await ask(stack, freshNumber())).json.requestId;
  });
  it.each<[string, (id: string) => unknown]>([
    ['empty', () => ''],
    ['short', (id) => id.slice(1)],
    ['long', (id) => `${id}A`],
    ['with padding', (id) => `${id}=`],
    ['in the other base64', (id) => `+${id.slice(1)}`],
    ['with a space', (id) => ` ${id.slice(1)}`],
    ['with a newline', (id) => `${id}\n`],
    ['of another type', () => 7],
    ['a UUID', () => crypto.randomUUID()],
  ])('%s is refused', async (input, change) => {
    const reply = await post('verify-otp', { body: { requestId: change(real), code: '123456' } });
    costsNothing(`requestId: ${input}`, reply);
    expect([reply.status, reply.json.errors?.[0]?.pointer]).toEqual([400, '#/requestId']);
  });

  it.each<[string, (id: string) => string]>([
    ['made up', () => 'A'.repeat(63)],
    ['altered in its first byte', (id) => (id.startsWith('A') ? 'B' : 'A') + id.slice(1)],
    ['altered in the middle', (id) => id.slice(0, 30) + (id[30] === 'A' ? 'B' : 'A') + id.slice(31)],
    ['altered in its tag', (id) => id.slice(0, -2) + (id.at(-2) === 'A' ? 'B' : 'A') + id.slice(-1)],
    [
      'of another deployment',
      () =>
        requestIdOf(
          deriveIdentityKeys('x'.repeat(64)).seal,
          { id: Buffer.alloc(16, 7).toString('base64url'), lane: 'public', needsSession: false },
          parse(phoneNumberSchema, number),
        ),
    ],
  ])('%s is expired, and nobody is asked', async (input, change) => {
    const reply = await post('verify-otp', { body: { requestId: change(real), code: '123456' } });
    costsNothing(`requestId: ${input}`, reply);
    expect([reply.status, reply.json.type]).toEqual([422, 'urn:doorcode:expired-code']);
  });
});

describe('an odd event of the gateway', () => {
  it.each<[string, unknown]>([
    ['no event', null],
    ['an empty one', {}],
    ['a list', []],
    ['a string', 'POST /auth/request-otp'],
    ['headers of null', { headers: null, body: good }],
    ['headers of lists', { headers: { 'content-type': ['application/json'] }, body: good }],
    [
      'a body that is an object',
      { headers: { 'content-type': 'application/json' }, body: { phoneNumber: number } },
    ],
    ['a body of null', { headers: { 'content-type': 'application/json' }, body: null }],
    [
      'base64 that is none',
      { headers: { 'content-type': 'application/json' }, body: '%%%', isBase64Encoded: true },
    ],
    [
      'payload format 1.0',
      { version: '1.0', headers: { 'Content-Type': 'application/json' }, body: good, httpMethod: 'POST' },
    ],
    ['of a schedule', { source: 'aws.events', detail: {} }],
  ])('(%s) is refused like any other', async (input, event) => {
    for (const name of ['request-otp', 'verify-otp']) {
      const invocation = await stack.pool(name).invoke(event);
      if (invocation.tag !== 'result') throw new Error(`${name}: ${JSON.stringify(invocation)}`);
      const answer = Object(invocation.result);
      const reply = {
        status: answer.statusCode,
        headers: {},
        text: answer.body,
        json: JSON.parse(answer.body),
      };
      costsNothing(`event: ${input} (${name})`, reply);
      expect([400, 415]).toContain(answer.statusCode);
    }
  });

  it('in base64 is read all the same', async () => {
    const phoneNumber = freshNumber();
    const event = {
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ phoneNumber })).toString('base64'),
      isBase64Encoded: true,
    };
    const invocation = await stack.pool('request-otp').invoke(event);
    expect(invocation).toMatchObject({ tag: 'result', result: { statusCode: 202 } });
  });
});

describe('the client address', () => {
  afterEach(() => stack.update());

  it('is nobody’s to claim: 40 headers that pretend to carry one change nothing', async () => {
    await stack.update({ settings: { sendsPerIpv4Address: 41 } });
    const from = '127.0.44.1';
    const names = [
      ...[
        'X-Forwarded-For',
        'X-Real-IP',
        'X-Client-IP',
        'Client-IP',
        'X-Originating-IP',
        'X-Remote-IP',
        'X-Remote-Addr',
      ],
      ...[
        'CF-Connecting-IP',
        'CF-Connecting-IPv6',
        'True-Client-IP',
        'Fastly-Client-IP',
        'X-Cluster-Client-IP',
        'Forwarded',
      ],
      ...[
        'Forwarded-For',
        'X-Forwarded',
        'X-Forwarded-Host',
        'X-Forwarded-Server',
        'X-ProxyUser-Ip',
        'WL-Proxy-Client-IP',
      ],
      ...[
        'Proxy-Client-IP',
        'HTTP_X_FORWARDED_FOR',
        'HTTP_CLIENT_IP',
        'REMOTE_ADDR',
        'X-Azure-ClientIP',
        'X-Azure-SocketIP',
      ],
      ...[
        'X-Appengine-User-Ip',
        'X-Envoy-External-Address',
        'X-Vercel-Forwarded-For',
        'X-Nf-Client-Connection-Ip',
        'Fly-Client-IP',
      ],
      ...[
        'DO-Connecting-IP',
        'X-Amz-Cf-Id',
        'CloudFront-Viewer-Address',
        'X-Amzn-Source-Ip',
        'X-Source-Ip',
        'Source-IP',
      ],
      ...['X-Original-Forwarded-For', 'X-Original-Remote-Addr', 'Via', 'Ali-CDN-Real-IP'],
    ];
    expect(new Set(names).size).toBe(40);
    for (const [i, name] of names.entries()) {
      const headers = { [name]: name === 'Forwarded' ? `for=192.0.2.${i}` : `192.0.2.${i}` };
      expect((await ask(stack, freshNumber(), { from, headers })).status).toBe(202);
    }
    expect((await ask(stack, freshNumber(), { from })).status).toBe(202);
    const all = Object.fromEntries(names.map((name) => [name, '192.0.2.99']));
    expect((await ask(stack, freshNumber(), { from, headers: all })).status).toBe(429);
  });

  it('over IPv6 is one /64, however it is spelt', async () => {
    await stack.update({ settings: { sendsPerIpv6Prefix: 8 } });
    const spellings = [
      '2001:db8:0:1::1',
      '2001:0db8:0000:0001:0000:0000:0000:0002',
      '2001:DB8:0:1::A',
      '2001:db8::1:0:0:0:b',
      '2001:db8:0:1:ffff:ffff:ffff:ffff',
      '2001:db8:0:1::192.0.2.1',
      '2001:db8:0:1::1%eth0',
      '2001:db8:0:1:0:0:0:0',
      '2001:db8:0:1::dead:beef',
    ];
    const statuses: number[] = [];
    for (const sourceIp of spellings) {
      const invocation = await stack.pool('request-otp').invoke({
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phoneNumber: freshNumber() }),
        requestContext: { requestId: 'r', http: { sourceIp } },
      });
      statuses.push(invocation.tag === 'result' ? Object(invocation.result).statusCode : 0);
    }
    expect(statuses).toEqual([...Array.from({ length: 8 }, () => 202), 429]);
  });
});
