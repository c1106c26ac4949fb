/** The words for a refused value are ours wherever people read them, and none of them is the value. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { mistakesIn } from '../../bin/controls/mistakes.ts';
import { readGatewayRequest } from '../../functions/http/gateway-request.ts';
import { parseJsonBody } from '../../functions/http/json-body.ts';
import { requestOtpSchema } from '../../functions/http/request-otp-endpoint.ts';
import { verifyOtpSchema } from '../../functions/http/verify-otp-endpoint.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { inOurWords } from '../../functions/settings/wording.ts';
import { parseStackSettings } from '../../lib/settings/stack-settings.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';

const payment = { default: '11111111-1111-4111-8111-111111111111' };
const signIn = { default: '22222222-2222-4222-8222-222222222222' };
const basic = { appName: 'Acme', audience: 'acme' };
const settings = parseSettings({
  ...basic,
  smsTemplates: { 'sign-in': signIn, payment },
  session: sessionFor('payment'),
});

/** As JSON texts, because 1e999 is in no other way what a client can send. */
const wrongValues = ['null', 'true', '7', '1e999', '-1e999', '"CANARY"', '["CANARY"]', '{"CANARY":1}', '[]'];

/** valibot's own words begin so. */
const libraryWords = /Invalid|Expected|[Rr]eceived|undefined|NaN|Infinity|CANARY(?!:)/;

function detailsOf(schema: v.GenericSchema<unknown, unknown>, body: string): readonly string[] {
  const headers = { 'content-type': 'application/json' };
  const parsed = parseJsonBody(readGatewayRequest({ headers, body }), schema);
  if (parsed.tag === 'input') return [];
  const { errors = [] } = JSON.parse(parsed.answer.body);
  return errors.map(({ detail }: { detail: string }) => detail);
}

function thrown(parse: () => unknown): string {
  try {
    parse();
    return '';
  } catch (error) {
    return String(error).replace(/\(given: .*\)/g, '');
  }
}

describe('the words for a value that is refused', () => {
  it.each([
    [v.pipe(v.array(v.unknown()), v.maxLength(2)), [1, 2, 3], 'expected a length of at most 2'],
    [v.pipe(v.string(), v.minLength(1)), '', 'expected a length of at least 1'],
    [v.pipe(v.number(), v.minValue(0)), -1, 'expected at least 0'],
    [v.pipe(v.number(), v.maxValue(9)), 10, 'expected at most 9'],
  ])('say a bound in words: %#', (schema, value, words) => {
    expect(v.safeParse(schema, value, inOurWords).issues?.map(({ message }) => message)).toEqual([words]);
  });

  it('name what JSON cannot carry, in a context', () => {
    const body = '{"phoneNumber":"+919876543210","purpose":"payment","context":{"amount":1e999}}';
    expect(detailsOf(requestOtpSchema(settings), body).join()).toMatch(/^expected .*number/);
  });

  it.each(wrongValues)('are ours in each member of both bodies: %s', (value) => {
    const members = [
      'phoneNumber',
      'purpose',
      'platform',
      'previousRequestId',
      'context',
      'requestId',
      'code',
    ];
    const bodies = [value, ...members.map((name) => `{"${name}":${value}}`), `{"context":{"a":${value}}}`];
    for (const schema of [requestOtpSchema(settings), verifyOtpSchema(settings)]) {
      const details = bodies.flatMap((body) => detailsOf(schema, body));
      expect(details.length).toBeGreaterThan(bodies.length);
      for (const detail of details) expect(detail).not.toMatch(libraryWords);
    }
  });

  it.each(wrongValues)('are ours in each setting, and in what is inside: %s', (text) => {
    const value = JSON.parse(text);
    for (const name of [...Object.keys(settings), 'allowedOrigins', 'logRetentionDays', 'certificateArn']) {
      for (const wrong of [value, [value], { default: value }, { 'sign-in': value }, { purposes: value }]) {
        expect(thrown(() => parseSettings({ ...basic, [name]: wrong }))).not.toMatch(libraryWords);
        const props = { ...basic, [name]: wrong } as Parameters<typeof parseStackSettings>[0];
        expect(thrown(() => parseStackSettings(props))).not.toMatch(libraryWords);
      }
    }
  });

  it.each(wrongValues)('are ours in each of the controls: %s', (value) => {
    const inside = [
      value,
      `[${value}]`,
      ...['phoneNumber', 'code', 'until', 'perDay'].map((name) => `[{"${name}":${value}}]`),
    ];
    for (const json of [
      value,
      ...['sending', 'denied', 'testNumbers'].flatMap((name) =>
        inside.map((wrong) => `{"${name}":${wrong}}`),
      ),
    ])
      for (const mistake of mistakesIn(json)) expect(mistake).not.toMatch(libraryWords);
  });

  it('say what is missing, what is unknown and what would be right', () => {
    const schema = v.strictObject({ count: v.pipe(v.number(), v.minValue(2)), names: v.array(v.string()) });
    const words = (input: unknown) =>
      v.safeParse(schema, input, inOurWords).issues?.map((i) => `${v.getDotPath(i)}: ${i.message}`);
    expect(words({ count: 1, other: 1 })).toEqual([
      'count: expected at least 2',
      'names: required',
      'other: unknown',
    ]);
    expect(words({ count: '3', names: {} })).toEqual(['count: expected a number', 'names: expected a list']);
    expect(words([])).toEqual(expect.arrayContaining(['count: required']));
    expect(words(7)).toEqual(['null: expected an object']);
  });
});
