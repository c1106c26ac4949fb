/** `openapi.json`: fresh, valid, and what the local stack really answers. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../clients/openapi/document.ts';
import { componentSchemas, problemNames, schemaName } from '../../../clients/openapi/schemas.ts';
import { type LocalStack, startLocalStack } from '../../../local/local-stack.ts';
import { call, type Reply } from '../../../test-kit/http.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../../test-kit/sign-in.ts';
import { putControls } from '../../../test-kit/stored-controls.ts';

const root = join(import.meta.dirname, '../../..');
const written = readFileSync(join(root, 'openapi.json'), 'utf8');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const document = JSON.parse(written);
const schemas = componentSchemas();

/** The published schemas; in our own tests an answer may have no member that they do not name, at any depth. */
const ajv = new Ajv2020({ strictTypes: false });
ajv.addVocabulary(['components', 'x-enum-varnames', 'discriminator']);
ajv.addFormat('double', true);
const closed = Object.entries<object>(document.components.schemas).map(([name, schema]) => [
  name,
  'properties' in schema ? { ...schema, additionalProperties: false } : schema,
]);
ajv.addSchema({ components: { schemas: Object.fromEntries(closed) } }, 'openapi');

function validatorOf(name: string): ValidateFunction {
  return ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
}

describe('the OpenAPI document', () => {
  it('is fresh: npm run openapi would write the same', () => {
    expect(written).toBe(`${JSON.stringify(openApiDocument(version), null, 2)}\n`);
  });

  it('passes the linter, with no warning', async () => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const options = ['lint', join(root, 'openapi.json'), '--format', 'json'];
    const { stdout } = await promisify(execFile)(join(root, 'node_modules/.bin/redocly'), options, { env });
    expect(JSON.parse(stdout).totals).toMatchObject({ errors: 0, warnings: 0 });
  });

  it.each(Object.keys(schemas))('has an example of %s that fits it', (name) => {
    const examples = schemas[name]?.examples;
    expect(examples).toHaveLength(1);
    const validate = validatorOf(name);
    for (const example of Array.isArray(examples) ? examples : []) validate(example);
    expect(validate.errors).toBeNull();
  });

  it('has a type beside each constant, as generators want it', () => {
    const untyped: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('const' in value && !('type' in value)) untyped.push(path);
      for (const [name, member] of Object.entries(value)) look(member, `${path}/${name}`);
    };
    look(document, '#');
    expect(untyped).toEqual([]);
    expect(written).toContain('"const"');
  });

  /** Every schema of the document, with where it stands. */
  function everySchema(value: unknown, path = '#'): readonly (readonly [string, object])[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value)
      .flatMap(([name, member]) =>
        name === 'example' || name === 'examples' ? [] : everySchema(member, `${path}/${name}`),
      )
      .concat([[path, value]]);
  }

  it('has a name for each object and each union, as a generator would invent one', () => {
    const unnamed = everySchema(document).filter(
      ([path, schema]) =>
        !/^#\/components\/schemas\/\w+$/.test(path) &&
        (('properties' in schema && 'type' in schema) || ('oneOf' in schema && !isNullable(schema.oneOf))),
    );
    expect(unnamed).toEqual([]);
    expect(document.components.schemas.Session.properties).toHaveProperty('label');
  });

  /** `null` beside one other: generators make an optional of it, and no union. */
  const isNullable = (oneOf: unknown): boolean =>
    Array.isArray(oneOf) && oneOf.length === 2 && oneOf.some(({ type }) => type === 'null');

  it('has unions of members that exclude each other, by their types or by a discriminator', () => {
    const all = everySchema(document);
    expect(all.filter(([, schema]) => 'anyOf' in schema || 'allOf' in schema)).toEqual([]);
    const unions = all.flatMap(([, schema]) => ('oneOf' in schema ? [schema] : []));
    expect(unions.length).toBeGreaterThan(3);
    for (const union of unions) {
      const members: { $ref?: string }[] = Array.isArray(union.oneOf) ? union.oneOf : [];
      const types = members.map(
        (member) => (document.components.schemas[member.$ref?.split('/').at(-1) ?? ''] ?? member).type,
      );
      if (!('discriminator' in union)) expect(new Set(types).size).toBe(members.length);
      for (const member of members) expect(member).not.toHaveProperty('enum');
    }
  });

  it('takes "others", "all" and lists of ids as sessions to end, and nothing else', () => {
    const validate = validatorOf('EndWish');
    const id = 'g3fCRXDqD-rsZkHT';
    expect(['others', 'all', [id], [id, id]].map((end) => validate(end))).toEqual([true, true, true, true]);
    for (const end of ['other', 'allx', 'others\n', '', null, [], [`${id}x`], {}])
      expect({ end, isTaken: validate(end) }).toEqual({ end, isTaken: false });
  });

  it('has a name that is one for each value of an enumeration', () => {
    for (const [path, schema] of everySchema(document)) {
      if (path.endsWith('/properties')) continue;
      const values: unknown[] =
        'enum' in schema && Array.isArray(schema.enum)
          ? schema.enum
          : 'const' in schema && typeof schema.const !== 'object'
            ? [schema.const]
            : [];
      const names = 'x-enum-varnames' in schema ? schema['x-enum-varnames'] : values;
      expect(names, path).toHaveLength(values.length);
      for (const name of Array.isArray(names) ? names : [])
        expect(`${path}: ${name}`).toMatch(/: (\d+|[A-Za-z]\w*)$/);
    }
    expect(document.components.schemas.Denied.properties.type['x-enum-varnames']).toEqual(['denied']);
  });

  it('has numbers that stay numbers: of an enumeration of them a generator makes a type', () => {
    const { status } = document.components.schemas.Denied.properties;
    expect(status).toEqual({ type: 'integer', minimum: 403, maximum: 403 });
    for (const [path, schema] of everySchema(document))
      if ('const' in schema && !path.endsWith('/properties'))
        expect(typeof schema.const, path).toBe('string');
  });

  it('has doubles where a number may be no integer, or an amount would be rounded', () => {
    const numbers = everySchema(document).filter(
      ([, schema]) => 'type' in schema && schema.type === 'number',
    );
    expect(numbers.length).toBeGreaterThan(0);
    for (const [, schema] of numbers) expect(schema).toHaveProperty('format', 'double');
  });

  it('says of a status with two media types which of them is the gateway’s', () => {
    // The gateway has no 400: there it is an error of OAuth.
    for (const path of Object.values<Record<string, { responses: object }>>(document.paths))
      for (const { responses } of Object.values(path))
        for (const [status, { content = {}, description }] of Object.entries<{
          content?: object;
          description: string;
        }>(responses as never))
          if (Object.keys(content).length > 1 && status !== '400') {
            expect(Object.keys(content)[0]).toBe('application/problem+json');
            expect(description).toContain('gateway’s own answer');
          }
  });

  it('names no deployment and no provider', () => {
    expect(written).not.toMatch(/amazonaws|aws|lambda|startmessaging|sm_live/i);
  });
});

describe('what the local stack answers', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startLocalStack({ settings: { attemptLimits: [{ count: 2, windowSeconds: 600 }] } });
  });
  afterAll(() => stack.stop());

  /** The status is documented for the operation, with that media type, its headers and that schema. */
  function expectDocumented(reply: Reply, path: string, method: 'get' | 'post'): void {
    const answer = document.paths[path][method].responses[String(reply.status)];
    const mediaType = String(reply.headers['content-type']);
    expect(Object.keys(answer.content)).toContain(mediaType);
    const { schema } = answer.content[mediaType];
    const { oneOf } = document.components.schemas[schema.$ref.split('/').at(-1)] ?? {};
    const references: string[] = (oneOf ?? [schema]).map(({ $ref }: { $ref: string }) => $ref);
    const named =
      mediaType === 'application/problem+json'
        ? `#/components/schemas/${schemaName(reply.json.type.replace('urn:doorcode:', ''))}`
        : references[0];
    expect(references).toContain(named);
    const validate = validatorOf(String(named?.split('/').at(-1)));
    validate(reply.json);
    expect(validate.errors).toBeNull();
    const isGateway = 'message' in reply.json;
    for (const header of Object.keys(answer.headers).map((name) => name.toLowerCase())) {
      if (!isGateway) expect(reply.headers).toHaveProperty([header]);
    }
    seen.add(`${method} ${path} ${reply.status} ${String(named?.split('/').at(-1))}`);
  }
  const seen = new Set<string>();

  it('is documented, each and every kind of it', async () => {
    const requestOtp = '/auth/request-otp';
    const verifyOtp = '/auth/verify-otp';
    const number = freshNumber();
    const asked = await ask(stack, number);
    expectDocumented(asked, requestOtp, 'post');
    expectDocumented(await ask(stack, number), requestOtp, 'post');
    expectDocumented(await ask(stack, '12'), requestOtp, 'post');
    expectDocumented(await ask(stack, number, { more: { pad: 'x'.repeat(5000) } }), requestOtp, 'post');
    const form = { body: 'a=b', headers: { 'content-type': 'text/plain' } };
    for (const path of [requestOtp, verifyOtp]) {
      expectDocumented(await call(`${stack.apiUrl}${path}`, form), path, 'post');
      expectDocumented(await call(`${stack.apiUrl}${path}`, { body: 'x'.repeat(5000) }), path, 'post');
      expectDocumented(await call(`${stack.apiUrl}${path}`, { body: {} }), path, 'post');
      const huge = await call(`${stack.apiUrl}${path}`, { body: 'x'.repeat(11 * 1024 * 1024) });
      expectDocumented(huge, path, 'post');
    }
    const { requestId } = asked.json;
    const code = codeFor(stack, number);
    expectDocumented(await type(stack, requestId, otherThan(code)), verifyOtp, 'post');
    expectDocumented(await type(stack, requestId, code), verifyOtp, 'post');
    expectDocumented(await type(stack, requestId, code), verifyOtp, 'post');

    const guesser = freshNumber();
    const { requestId: guessed } = (await ask(stack, guesser)).json;
    const wrong = otherThan(codeFor(stack, guesser));
    const guesses = [wrong, wrong, wrong].map((guess) => () => type(stack, guessed, guess));
    for (const guess of guesses) expectDocumented(await guess(), verifyOtp, 'post');

    const key = 'a-key-that-is-used-twice';
    const payer = freshNumber();
    const settings = {
      smsTemplates: {
        'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
        payment: { default: '11111111-1111-4111-8111-111111111111' },
      },
    };
    await stack.update({ settings });
    await ask(stack, payer, { idempotencyKey: key });
    const mismatch = await ask(stack, payer, { idempotencyKey: key, more: { purpose: 'payment' } });
    expectDocumented(mismatch, requestOtp, 'post');
    stack.provider.control({ fault: { name: 'html', times: 1 } });
    expectDocumented(await ask(stack, freshNumber()), requestOtp, 'post');

    const person = freshNumber();
    const began = await ask(stack, person);
    const signedIn = await call(`${stack.apiUrl}${verifyOtp}`, {
      body: { requestId: began.json.requestId, code: codeFor(stack, person), session: { label: 'Pixel 9' } },
    });
    expectDocumented(signedIn, verifyOtp, 'post');
    const post = async (path: string, parameters: Record<string, string>): Promise<Reply> => {
      const body = new URLSearchParams(parameters).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      return call(`${stack.apiUrl}${path}`, { body, headers });
    };
    const grant = { grant_type: 'refresh_token', refresh_token: String(signedIn.json.refreshToken) };
    const refreshed = await post('/auth/token', grant);
    expectDocumented(refreshed, '/auth/token', 'post');
    for (const wrong of [{}, { ...grant, grant_type: 'password' }, { ...grant, refresh_token: 'junk' }])
      expectDocumented(await post('/auth/token', wrong), '/auth/token', 'post');
    const authorization = `Basic ${Buffer.from('other:').toString('base64')}`;
    for (const path of ['/auth/token', '/auth/revoke']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
      const ofAnother = await call(`${stack.apiUrl}${path}`, { body: 'token=x', headers });
      expect(ofAnother.status).toBe(401);
      expectDocumented(ofAnother, path, 'post');
    }
    const large = { ...grant, other: 'x'.repeat(8_000) };
    expectDocumented(await post('/auth/token', large), '/auth/token', 'post');
    const refreshToken = String(refreshed.json.refresh_token);
    for (const body of [{ refreshToken }, { refreshToken: 'junk' }, { refreshToken, end: 'none' }, '{}x'])
      expectDocumented(await call(`${stack.apiUrl}/auth/sessions`, { body }), '/auth/sessions', 'post');
    await putControls(stack, { denied: [person] });
    await stack.pool('session').restart();
    const again = { ...grant, refresh_token: refreshToken };
    expectDocumented(await post('/auth/token', again), '/auth/token', 'post');
    await putControls(stack, {});
    for (const wrong of [{}, { token: signedIn.json.accessToken }])
      expectDocumented(await post('/auth/revoke', wrong), '/auth/revoke', 'post');
    const revoked = await post('/auth/revoke', { token: refreshToken });
    expect([revoked.status, revoked.text]).toEqual([200, '']);

    const documents = ['openid-configuration', 'oauth-authorization-server', 'jwks.json'];
    for (const path of documents.map((name) => `/.well-known/${name}`))
      expectDocumented(await call(`${stack.apiUrl}${path}`), path, 'get');

    const foreign = {
      issuer: 'https://id.example.com/',
      audience: 'doorcode-app',
      jwksUrl: 'https://id.example.com/jwks.json',
      algorithms: ['RS256' as const],
    };
    const session = { ...foreign, purposes: ['payment'] };
    await stack.update({ settings: { ...settings, session } });
    expectDocumented(await ask(stack, freshNumber(), { more: { purpose: 'payment' } }), requestOtp, 'post');
    const attestation = { ...foreign, apps: { ios: { mode: 'require' as const, appIds: ['app'] } } };
    await stack.update({ settings: { ...settings, attestation } });
    expectDocumented(await ask(stack, freshNumber()), requestOtp, 'post');

    stack.faults.add({ service: 'dynamodb', mode: 'refuse' });
    expectDocumented(await type(stack, requestId, code), verifyOtp, 'post');

    const names = [...seen].map((line) => line.split(' ')[3]);
    const unseen = problemNames.map(schemaName).filter((name) => !names.includes(name));
    expect(unseen).toEqual(['InternalError']);
  });
});
