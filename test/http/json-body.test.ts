import { describe, expect, it } from 'vitest';
import { readGatewayRequest } from '../../functions/http/gateway-request.ts';
import { parseJsonBody } from '../../functions/http/json-body.ts';
import { requestOtpSchema } from '../../functions/http/request-otp-endpoint.ts';
import { sessionsBodySchema } from '../../functions/http/sessions-endpoint.ts';
import { verifyOtpSchema } from '../../functions/http/verify-otp-endpoint.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';

const schema = requestOtpSchema(parseSettings({ appName: 'Acme', audience: 'acme' }));
const headers = { 'content-type': 'application/json' };

interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly isBase64Encoded?: boolean;
}

function parse(sent: Sent) {
  const request = readGatewayRequest({ headers, requestContext: { requestId: 'id-1' }, ...sent });
  const parsed = parseJsonBody(request, schema);
  if (parsed.tag === 'input')
    return { status: 200, input: parsed.input, key: parsed.idempotencyKey, body: undefined };
  const { statusCode, body, headers: answered } = parsed.answer;
  return { status: statusCode, body: JSON.parse(body), text: body, answered };
}

const good = { phoneNumber: '+919876543210' };

describe('a body', () => {
  it('is read, with its defaults', () => {
    expect(parse({ body: JSON.stringify(good) }).input).toEqual({ ...good, purpose: 'sign-in' });
    expect(
      parse({ body: JSON.stringify(good), headers: { 'content-type': 'Application/JSON; charset=utf-8' } })
        .status,
    ).toBe(200);
  });

  it('is read with a language that nothing is configured for', () => {
    const body = { ...good, locale: 'tlh-Latn-AQ' };
    expect(parse({ body: JSON.stringify(body) }).input).toEqual({ ...body, purpose: 'sign-in' });
  });

  it('is read when the gateway hands it over in base64', () => {
    const body = Buffer.from(JSON.stringify(good)).toString('base64');
    expect(parse({ body, isBase64Encoded: true }).status).toBe(200);
  });

  it('is refused above 4 KiB, counted in bytes', () => {
    const padded = (bytes: number) => JSON.stringify(good).padEnd(bytes, ' ');
    expect(parse({ body: padded(4096) }).status).toBe(200);
    expect(parse({ body: padded(4097) }).status).toBe(413);
    expect(parse({ body: `"${'é'.repeat(2048)}"` }).status).toBe(413);
  });

  it.each([
    undefined,
    'text/plain',
    'application/jsonp',
    'application/problem+json',
    'multipart/form-data; boundary=x',
    '',
  ])('is refused as %s', (contentType) => {
    const sent = {
      body: JSON.stringify(good),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
    };
    expect(parse(sent).status).toBe(415);
  });

  it.each([
    ['nothing', undefined],
    ['null in the event', null],
    ['the empty string', ''],
    ['half a document', '{"phoneNumber":'],
    ['two documents', '{}{}'],
    ['a comment', '/* */{}'],
    ['a byte order mark', '\ufeff{"phoneNumber":"+919876543210"}'],
    ['JSON null', 'null'],
    ['a number', '5'],
    ['a string', '"+919876543210"'],
    ['a list', '[{"phoneNumber":"+919876543210"}]'],
    ['an empty object', '{}'],
    ['a number for the number', '{"phoneNumber":919876543210}'],
    ['a list for the number', '{"phoneNumber":["+919876543210"]}'],
    ['an object for the number', '{"phoneNumber":{"$ne":null}}'],
    ['deep nesting', `{"phoneNumber":${'['.repeat(1500)}${']'.repeat(1500)}}`],
    ['an unknown purpose', '{"phoneNumber":"+919876543210","purpose":"payment"}'],
    ['a purpose from the prototype', '{"phoneNumber":"+919876543210","purpose":"constructor"}'],
    ['an unknown platform', '{"phoneNumber":"+919876543210","platform":"symbian"}'],
    ['a locale in another spelling', '{"phoneNumber":"+919876543210","locale":"hi_IN"}'],
    ['a locale above its bound', `{"phoneNumber":"+919876543210","locale":"hi${'-IN'.repeat(9)}"}`],
    ['a null locale', '{"phoneNumber":"+919876543210","locale":null}'],
    ['a list of locales', '{"phoneNumber":"+919876543210","locale":["hi"]}'],
    ['a template of its own', '{"phoneNumber":"+919876543210","templateId":"x"}'],
    ['__proto__', '{"phoneNumber":"+919876543210","__proto__":{"purpose":"payment"}}'],
    ['a null purpose', '{"phoneNumber":"+919876543210","purpose":null}'],
    ['a member named by half a surrogate pair', '{"\\ud800":1}'],
    ['a member whose name is cut inside a surrogate pair', `{"${'a'.repeat(63)}\u{1f600}":1}`],
    ['a short requestId', '{"phoneNumber":"+919876543210","previousRequestId":"abc"}'],
  ])('is refused with 400 when it is %s', (_, body) => {
    const { status, body: problem, answered } = parse({ body });
    expect(status).toBe(400);
    expect(problem).toMatchObject({ type: 'urn:doorcode:invalid-request', status: 400, instance: 'id-1' });
    expect(problem.errors.length).toBeGreaterThan(0);
    expect(answered).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    });
  });

  it('is refused when it is not UTF-8', () => {
    const body = Buffer.concat([
      Buffer.from('{"phoneNumber":"'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    expect(parse({ body: body.toString('base64'), isBase64Encoded: true }).status).toBe(400);
  });

  it('has every wrong member named at once, and no value repeated', () => {
    const body = JSON.stringify({ phoneNumber: 'canary-1', platform: 'canary-2', extra: 'canary-3' });
    const { body: problem, text } = parse({ body, headers: { ...headers, 'idempotency-key': 'canary-4' } });
    expect(problem.errors.map((e: { pointer: string }) => e.pointer)).toEqual([
      '#/phoneNumber',
      '#/platform',
      '#/extra',
      'header/Idempotency-Key',
    ]);
    expect(text).not.toContain('canary');
  });

  it('says which member is missing', () => {
    expect(parse({ body: '{}' }).body.errors).toEqual([{ pointer: '#/phoneNumber', detail: 'required' }]);
  });
});

describe('a context', () => {
  const session = sessionFor('sign-in', 'payment');
  const payment = { default: '11111111-1111-4111-8111-111111111111' };
  const settings = parseSettings({
    appName: 'Acme',
    audience: 'acme',
    session,
    smsTemplates: { 'sign-in': { default: '22222222-2222-4222-8222-222222222222' }, payment },
  });
  const schemas = [requestOtpSchema(settings), verifyOtpSchema(settings)] as const;
  const bodies = [
    '"phoneNumber":"+919876543210"',
    `"requestId":"${'A'.repeat(63)}","code":"123456"`,
  ] as const;

  /** What both routes say to a context, as it is written. */
  function verdicts(context: string) {
    return schemas.map((route, i) => {
      const body = `{${bodies[i]},"context":${context}}`;
      const event = { headers, body, requestContext: { requestId: 'id-1' } };
      const parsed = parseJsonBody<{ context?: unknown }>(readGatewayRequest(event), route);
      if (parsed.tag === 'input') return { context: parsed.input.context };
      expect(parsed.answer.statusCode).toBe(400);
      return { errors: JSON.parse(parsed.answer.body).errors, text: parsed.answer.body };
    });
  }

  it.each([
    ['{"constructor":1}', '#/context/constructor'],
    ['{"amount":1,"prototype":"x"}', '#/context/prototype'],
    ['{"__proto__":{"amount":1}}', '#/context/__proto__'],
    ['{"__proto__":1}', '#/context/__proto__'],
    ['{"amount":1,"amount":100}', '#/context/amount'],
    ['{"amount":1,"\\u0061mount":100}', '#/context/amount'],
    ['{"amount":9007199254740993}', '#/context/amount'],
    ['{"amount":-0}', '#/context/amount'],
    ['{"amount":1e400}', '#/context/amount'],
    ['{"amount":1e-400}', '#/context/amount'],
    ['{"amount":0.1000000000000000055511151231257827}', '#/context/amount'],
    ['{"payee":"\\ud800"}', '#/context/payee'],
    ['{"payee":"a\\udfff b"}', '#/context/payee'],
    ['{"\\ud800":1}', '#/context/%EF%BF%BD'],
    ['{"a":null}', '#/context/a'],
    ['[]', '#/context'],
    ['"amount=1"', '#/context'],
  ])('%s is refused by both routes, by its place and without its value', (context, pointer) => {
    for (const { errors, text } of verdicts(context)) {
      expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
      expect(errors[0].detail).toMatch(/^expected/);
      expect(text).not.toMatch(/9007199254740993|1e-?400|0\.1000|ud800|100\}/);
    }
  });

  it.each([
    '{}',
    '{"toString":1,"hasOwnProperty":true,"valueOf":"x"}',
    '{"payee":"\u{1f600} ₹","amount":499.50}',
  ])('%s is taken whole', (context) => {
    for (const taken of verdicts(context)) expect(taken).toEqual({ context: JSON.parse(context) });
  });
});

describe('a member that is twice in a body', () => {
  it.each([
    ['{"phoneNumber":"+919876543210","phoneNumber":"+919876543211"}', '#/phoneNumber'],
    ['{"phoneNumber":"+919876543210","phone\\u004eumber":"+919876543210"}', '#/phoneNumber'],
    ['{"phoneNumber":"+919876543210","purpose":"sign-in","purpose":"sign-in"}', '#/purpose'],
  ])('is refused by its name: %s', (body, pointer) => {
    expect(parse({ body }).body.errors).toEqual([{ pointer, detail: 'expected once' }]);
  });

  it('is told beside what else is wrong', () => {
    const { body } = parse({ body: '{"phoneNumber":"12","platform":"ios","platform":"ios"}' });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '#/platform',
      '#/phoneNumber',
    ]);
  });
});

describe('an idempotency key', () => {
  const withKey = (key: string) =>
    parse({ body: JSON.stringify(good), headers: { ...headers, 'idempotency-key': key } });

  it('is 16 to 64 visible ASCII characters', () => {
    expect(withKey('k'.repeat(16)).key).toBe('k'.repeat(16));
    expect(withKey('k'.repeat(64)).key).toBe('k'.repeat(64));
    expect(withKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"').status).toBe(200);
  });

  it.each([
    '',
    'k'.repeat(15),
    'k'.repeat(65),
    `${'k'.repeat(15)} `,
    `${'k'.repeat(15)}\u00e9`,
    `${'k'.repeat(15)}\t`,
  ])('is refused as %j', (key) => {
    expect(withKey(key).status).toBe(400);
  });
});

describe('an event of another shape', () => {
  it.each([
    undefined,
    null,
    5,
    'event',
    [],
    {},
    { headers: null, body: {}, requestContext: null },
    { headers: { 'content-type': ['application/json'] }, body: '{}' },
    { headers, body: 7, isBase64Encoded: 'yes', requestContext: { http: 5 } },
  ])('is refused like any other bad request: %j', (event) => {
    const parsed = parseJsonBody(readGatewayRequest(event), verifyOtpSchema({}));
    if (parsed.tag !== 'refused') throw new Error('accepted');
    expect(parsed.answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(parsed.answer.statusCode).toBeLessThan(500);
  });
});

describe('a code', () => {
  const requestId = 'A'.repeat(63);
  it.each([
    123456,
    '12345',
    '1234567',
    '123 456',
    ' 123456',
    '123456\n',
    '+12345',
    '-12345',
    '１２３４５６',
    '12345a',
    '',
    null,
  ])('is refused as %j', (code) => {
    const request = readGatewayRequest({ headers, body: JSON.stringify({ requestId, code }) });
    expect(parseJsonBody(request, verifyOtpSchema({})).tag).toBe('refused');
  });
});

describe('the wish for a session', () => {
  const ofSession = (session: string) => {
    const body = `{"requestId":"${'A'.repeat(63)}","code":"123456","session":${session}}`;
    return parseJsonBody(readGatewayRequest({ headers, body }), verifyOtpSchema({}));
  };

  it.each(['{}', '{"label":"Pixel 9"}'])('may be %s', (session) => {
    expect(ofSession(session)).toMatchObject({ tag: 'input', input: { session: JSON.parse(session) } });
  });

  it.each(['[]', '[1]', 'null', 'true', '"x"', '0'])('is an object, and not %s', (session) => {
    const parsed = ofSession(session);
    if (parsed.tag !== 'refused') throw new Error('accepted');
    const { errors } = JSON.parse(parsed.answer.body);
    expect(errors).toEqual([{ pointer: '#/session', detail: 'expected an object' }]);
  });

  /** What a screen shows as something else, or as nothing: controls, other blanks, joiners, changes of direction, look-alikes. */
  const unseen = [
    'x\n',
    '\t',
    '\0',
    '\x7f',
    '\u00a0',
    '\u3000',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2060',
    '\u00ad',
  ];
  const misleading = ['\u202eenohP', '\u2066x\u2069', '\u200fx', 'Рhone', 'é', '😀', '\ud800', '<b>', '"'];

  it.each(['', 'a'.repeat(25), ...unseen, ...misleading])('has no label %j', (label) => {
    const parsed = ofSession(JSON.stringify({ label }));
    if (parsed.tag !== 'refused') throw new Error('accepted');
    expect(JSON.parse(parsed.answer.body).errors).toEqual([
      {
        pointer: '#/session/label',
        detail: 'expected 1 to 24 of the characters A-Z a-z 0-9 . _ - and space',
      },
    ]);
  });
});

describe('the sessions to end', () => {
  const id = 'g3fCRXDqD-rsZkHT';
  const parse = (end: unknown) => {
    const body = JSON.stringify({ refreshToken: 'x', end });
    return parseJsonBody(readGatewayRequest({ headers, body }), sessionsBodySchema);
  };
  const named = { pointer: '#/end', detail: 'expected "others", "all", or a list of 1 to 20 ids' };

  it.each(['others', 'all', [id], [id, id], Array(20).fill(id)])('may be %j', (end) => {
    expect(parse(end)).toMatchObject({ tag: 'input', input: { end } });
  });

  it.each([
    [[], named],
    [Array(21).fill(id), named],
    ['', named],
    ['current', named],
    [null, named],
    [{}, named],
    [[5], named],
    [['x'], { pointer: '#/end/0', detail: 'expected the id of a session, as the list has it' }],
    [[id, ''], { pointer: '#/end/1', detail: 'expected the id of a session, as the list has it' }],
  ])('are not %j', (end, error) => {
    const parsed = parse(end);
    if (parsed.tag !== 'refused') throw new Error('accepted');
    expect(JSON.parse(parsed.answer.body).errors).toEqual([error]);
  });
});
