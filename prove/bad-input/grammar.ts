/**
 * Generates inputs of a function, from almost right to anything: bodies, headers and whole gateway events. Most are wrong
 * in one place only, because the first check would refuse a request that is wrong everywhere.
 */
import fc from 'fast-check';

const number = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map((digits) => `+91${digits}`);
const requestId = fc
  .uint8Array({ minLength: 47, maxLength: 47 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const code = fc.nat(999_999).map((digits) => String(digits).padStart(6, '0'));

/** Any text, including halves of surrogate pairs and control characters. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);
const oddName = fc.oneof(
  text,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '', '/', '~', 'phoneNumber '),
  fc.constantFrom(`${'a'.repeat(63)}\u{1f600}`, '\ud800', 'x'.repeat(2_000)),
);

/** A text with a small change. */
function almost(right: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const place = fc.nat(80);
  const changes = fc.oneof(
    fc.tuple(place, text).map(
      ([at, more]) =>
        (s: string) =>
          s.slice(0, at) + more + s.slice(at),
    ),
    place.map((at) => (s: string) => s.slice(0, at) + s.slice(at + 1)),
    fc.tuple(place, fc.string({ minLength: 1, maxLength: 1 })).map(
      ([at, one]) =>
        (s: string) =>
          s.slice(0, at) + one + s.slice(at + 1),
    ),
    fc.constantFrom(
      (s: string) => s.toUpperCase(),
      (s: string) => ` ${s}`,
      (s: string) => `${s}\n`,
      (s: string) => s + s,
      (s: string) => s.normalize('NFKD'),
      (s: string) => s.replace(/[0-9]/g, (d) => String.fromCharCode(0xff10 + Number(d))),
      (s: string) => s.replace(/[0-9]/g, (d) => String.fromCharCode(0x0966 + Number(d))),
    ),
  );
  return fc.oneof(
    { weight: 20, arbitrary: right },
    { weight: 3, arbitrary: fc.tuple(right, changes).map(([s, change]) => change(s)) },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: right.map((s) => [s]) },
    { weight: 1, arbitrary: right.map((s) => Number(s)) },
  );
}

const requestBody = fc.record(
  {
    phoneNumber: almost(number),
    purpose: almost(fc.constantFrom('sign-in', 'payment', 'sign-in ', 'Sign-In')),
    platform: almost(fc.constantFrom('android', 'ios', 'web')),
    locale: almost(fc.constantFrom('hi', 'hi-IN', 'pa-Guru-IN', 'es-419', 'hi_IN', 'en-IN-u-nu-deva', 'und')),
    previousRequestId: almost(requestId),
  },
  { requiredKeys: [] },
);
const verifyBody = fc.record({ requestId: almost(requestId), code: almost(code) }, { requiredKeys: [] });

/** The same body, sometimes with an unknown member. */
function withStranger(body: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const stranger = fc.tuple(body, oddName, fc.jsonValue()).map(([known, name, value]) =>
    // As JSON has it: `__proto__` is a member like any other.
    Object.defineProperty({ ...known }, name, { value, enumerable: true }),
  );
  return fc.oneof({ weight: 4, arbitrary: body }, { weight: 1, arbitrary: stranger });
}

/** JSON text: plain, with white space, escapes or repeated members, broken, or missing. */
function jsonText(body: fc.Arbitrary<object>): fc.Arbitrary<string> {
  const plain = body.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 8, arbitrary: plain },
    { weight: 1, arbitrary: body.map((value) => JSON.stringify(value, null, 2)) },
    { weight: 1, arbitrary: plain.map((json) => json.replace(/[0-9+]/g, escaped)) },
    { weight: 1, arbitrary: fc.tuple(plain, plain).map(([a, b]) => `${a.slice(0, -1)},${b.slice(1)}`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(plain, fc.nat(300), text)
        .map(([json, at, more]) => json.slice(0, at) + more + json.slice(at)),
    },
    { weight: 1, arbitrary: plain.map((json) => `\ufeff${json}`) },
    { weight: 1, arbitrary: fc.tuple(plain, fc.nat(5_000)).map(([json, pad]) => json + ' '.repeat(pad)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: text },
  );
}

const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A body as the gateway hands it over: text, or bytes in base64. */
function gatewayBody(body: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const json = jsonText(body);
  return fc.oneof(
    { weight: 8, arbitrary: json.map((s) => ({ body: s, isBase64Encoded: false })) },
    {
      weight: 2,
      arbitrary: json.map((s) => ({ body: Buffer.from(s).toString('base64'), isBase64Encoded: true })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(json, fc.uint8Array({ maxLength: 20 })).map(([s, bytes]) => ({
        body: Buffer.concat([Buffer.from(s), bytes]).toString('base64'),
        isBase64Encoded: true,
      })),
    },
    { weight: 1, arbitrary: json.map((s) => ({ body: s, isBase64Encoded: true })) },
    { weight: 1, arbitrary: fc.record({ body: fc.jsonValue(), isBase64Encoded: fc.jsonValue() }) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}

const contentType = fc.oneof(
  { weight: 12, arbitrary: fc.constant('application/json') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/json ;x',
      'application/json,application/json',
      'application/jsonp',
      'application/problem+json',
      'text/json',
      'application/json\u00a0',
      ' application/json',
      'application/json;\u2028',
      '',
    ),
  },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const idempotencyKey = fc.oneof(
  { weight: 2, arbitrary: fc.string({ minLength: 15, maxLength: 66 }) },
  { weight: 2, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const headers = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.record({ 'content-type': contentType }),
        fc.record({ 'idempotency-key': idempotencyKey }, { requiredKeys: [] }),
        fc.dictionary(
          fc.constantFrom('x-forwarded-for', 'host', 'cookie', 'doorcode-device', 'authorization'),
          text,
          { maxKeys: 2 },
        ),
      )
      .map((parts) => Object.assign({}, ...parts)),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const sourceIp = fc.oneof(fc.ipV4(), fc.ipV6(), text);
/** Unbiased, as the gateway's are: one with ten zeros in a row holds a number spelt backwards, says the leak scan. */
const gatewayRequestId = fc.noBias(fc.uuid());
const requestContext = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      requestId: gatewayRequestId,
      http: fc.record({ sourceIp, method: fc.constant('POST') }),
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.record({ requestId: fc.jsonValue(), http: fc.jsonValue() }) },
);

function events(body: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const whole = fc
    .record({ headers, requestContext, payload: gatewayBody(withStranger(body)), rawPath: fc.constant('/') })
    .map(({ payload, ...rest }) => ({ version: '2.0', ...rest, ...payload }));
  return fc.oneof({ weight: 30, arbitrary: whole }, { weight: 1, arbitrary: fc.jsonValue() });
}

/** Events of either route. */
export const fuzzedEvents: Readonly<Record<'request-otp' | 'verify-otp', fc.Arbitrary<unknown>>> = {
  'request-otp': events(requestBody),
  'verify-otp': events(verifyBody),
};

/** Bodies of either route, as values: what the published schema and the server must agree on. */
export const fuzzedBodies: Readonly<Record<'request-otp' | 'verify-otp', fc.Arbitrary<unknown>>> = {
  'request-otp': fc.oneof({ weight: 20, arbitrary: withStranger(requestBody) }, fc.jsonValue()),
  'verify-otp': fc.oneof({ weight: 20, arbitrary: withStranger(verifyBody) }, fc.jsonValue()),
};

/** Short texts, so that a context of them keeps its bound of bytes, which JSON Schema cannot say. */
const shortText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));
const contextName = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,9}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'constructors',
      'toString',
      '',
      '1',
      'a b',
    ),
  },
  { weight: 1, arbitrary: shortText },
);
const contextValue = fc.oneof(
  { weight: 6, arbitrary: fc.string({ maxLength: 12 }) },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: shortText },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e308, 5e-324, null) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);

/** What an app may give as the context of an approval, from right to anything. */
export const fuzzedContext: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .array(fc.tuple(contextName, contextValue), { maxLength: 4 })
      // As JSON has it: `__proto__` is a member like any other.
      .map((members) =>
        members.reduce(
          (context, [name, value]) =>
            Object.defineProperty(context, name, { value, enumerable: true, configurable: true }),
          {},
        ),
      ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) },
);
