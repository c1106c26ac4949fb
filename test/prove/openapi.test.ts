/**
 * `openapi.json` against the server, in both directions: a body that the published schema accepts is accepted, and one
 * that the server accepts is in the schema. A purpose is the one thing that the schema leaves to the deployment.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { GenericSchema } from 'valibot';
import { describe, expect, it } from 'vitest';
import { type GatewayRequest, readGatewayRequest } from '../../functions/http/gateway-request.ts';
import { parseJsonBody } from '../../functions/http/json-body.ts';
import { requestOtpSchema } from '../../functions/http/request-otp-endpoint.ts';
import { parseRevocation } from '../../functions/http/revoke-endpoint.ts';
import { parseRefresh } from '../../functions/http/token-endpoint.ts';
import { verifyOtpSchema } from '../../functions/http/verify-otp-endpoint.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { fuzzedBodies, fuzzedContext } from '../../prove/bad-input/grammar.ts';
import { sessionFor } from '../../test-kit/session-settings.ts';
import { smallRun } from './small-run.ts';

const bodies = 5_000;
const settings = parseSettings({
  appName: 'Acme',
  audience: 'acme',
  smsTemplates: {
    'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
    payment: { default: '11111111-1111-4111-8111-111111111111' },
  },
});
const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8'));
const ajv = new Ajv2020({ strictTypes: false });
ajv.addVocabulary([...Object.keys(document), 'x-enum-varnames', 'discriminator']);
ajv.addFormat('double', true);
ajv.addSchema(document, 'openapi');

function tagOf<Input>(event: unknown, schema: GenericSchema<unknown, Input>): 'input' | 'refused' {
  return parseJsonBody(readGatewayRequest(event), schema).tag;
}

const isConfigured = (body: unknown): boolean => {
  const { purpose }: { purpose?: unknown } = Object(body);
  return purpose === undefined || Object.hasOwn(settings.smsTemplates, String(purpose));
};

describe.each([
  ['request-otp', 'RequestOtp', (event: unknown) => tagOf(event, requestOtpSchema(settings))],
  ['verify-otp', 'VerifyOtp', (event: unknown) => tagOf(event, verifyOtpSchema(settings))],
] as const)('the body of %s', (route, name, verdict) => {
  it('is accepted by the published schema exactly if it is by the server', () => {
    const published = ajv.compile({ $ref: `openapi#/components/schemas/${name}` });
    const seen = { accepted: 0, refused: 0 };
    const property = fc.property(fuzzedBodies[route], (value) => {
      const body = JSON.stringify(value);
      const event = { headers: { 'content-type': 'application/json' }, body };
      const isTaken = verdict(event) === 'input';
      const isPublished = published(JSON.parse(body)) && isConfigured(value);
      expect({ body, isTaken }).toEqual({ body, isTaken: isPublished });
      seen[isTaken ? 'accepted' : 'refused'] += 1;
    });
    fc.assert(property, { numRuns: bodies, seed: smallRun(1).seed });
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(bodies / 20);
  });
});

describe('a context', () => {
  it('is accepted by the published schema exactly if it is by the server', () => {
    const { session: _, ...others } = settings;
    const schema = verifyOtpSchema({ ...others, session: sessionFor('payment') });
    const published = ajv.compile({ $ref: 'openapi#/components/schemas/VerifyOtp' });
    const seen = { accepted: 0, refused: 0 };
    const property = fc.property(fuzzedContext, (context) => {
      const body = JSON.stringify({ requestId: 'A'.repeat(63), code: '123456', context });
      const event = { headers: { 'content-type': 'application/json' }, body };
      const isTaken = tagOf(event, schema) === 'input';
      // Half a surrogate pair is no Unicode, of which JSON Schema says nothing.
      const isUnicode = Object.values(Object(context)).every(
        (v) => typeof v !== 'string' || v.isWellFormed(),
      );
      expect({ body, isTaken }).toEqual({ body, isTaken: published(JSON.parse(body)) && isUnicode });
      seen[isTaken ? 'accepted' : 'refused'] += 1;
    });
    fc.assert(property, { numRuns: bodies, seed: smallRun(1).seed });
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(bodies / 20);
  });
});

describe.each([
  ['RefreshRequest', (form: GatewayRequest) => parseRefresh(form, 'acme').tag === 'refresh'],
  ['RevokeRequest', (form: GatewayRequest) => parseRevocation(form, 'acme').tag === 'revocation'],
] as const)('the form %s', (name, isTakenByServer) => {
  const refreshToken = 'A'.repeat(96);
  /** Good values, and values at the edges. Which client there is, and which tokens are access tokens, no schema says. */
  const value = fc.oneof(
    fc.constantFrom('', ' ', 'acme', 'sign-in', 'payment', 'refresh_token', 'password', 'a'.repeat(15)),
    fc.constantFrom('a'.repeat(16), 'b'.repeat(64), 'c'.repeat(65), refreshToken, `${refreshToken}A`),
  );
  const names = ['grant_type', 'refresh_token', 'attempt', 'scope', 'token', 'token_type_hint', 'other'];
  const good = { grant_type: 'refresh_token', refresh_token: refreshToken, token: refreshToken };
  const forms = fc
    .tuple(fc.boolean(), fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true }))
    .map(([isGood, form]) => ({ ...(isGood ? good : {}), ...form }));

  it('is taken by the server if the published schema has it', () => {
    const published = ajv.compile(document.components.schemas[name]);
    const seen = { published: 0, refused: 0 };
    const property = fc.property(forms, (form) => {
      const event = {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      };
      const isTaken = isTakenByServer(readGatewayRequest(event));
      const isPublished = published(form);
      expect({ form, isTaken: isTaken || !isPublished }).toEqual({ form, isTaken: true });
      seen.published += Number(isPublished);
      seen.refused += Number(!isTaken);
    });
    fc.assert(property, { numRuns: bodies, seed: smallRun(1).seed });
    expect(Math.min(seen.published, seen.refused)).toBeGreaterThan(bodies / 20);
  });
});
