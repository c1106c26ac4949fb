/** App attestation, through the whole stack: what an app that is not the adopter's meets, in each mode. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFile } from '../../lib/bundle.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { genuineToken, makeForeignKey } from '../support/foreign-issuer.ts';
import { forgedTokens, isSendable, makeTrapKeys } from '../support/forged-tokens.ts';
import { type JwksServer, jwks, startJwksServer } from '../support/jwks-server.ts';

const pair = makeForeignKey('RS256');
const traps = makeTrapKeys();
const published = [pair.jwk, ...Object.values(traps).map(({ jwk }) => jwk)];
const project = 'projects/1234567890';
const issuer = 'https://firebaseappcheck.example.com/1234567890';
const androidApp = '1:1234567890:android:0a1b2c3d4e5f67890';
const webApp = '1:1234567890:web:0a1b2c3d4e5f67890';
let endpoint: JwksServer;
let stack: LocalStack;

beforeAll(async () => {
  endpoint = await startJwksServer(published);
  stack = await startLocalStack({
    workers: 1,
    settings: {
      sendsPerIpv4Address: 10_000,
      attestation: {
        issuer,
        audience: project,
        jwksUrl: endpoint.url,
        algorithms: ['RS256', 'ES256'],
        apps: {
          android: { mode: 'require', appIds: [androidApp] },
          web: { mode: 'observe', appIds: [webApp] },
          ios: { mode: 'off' },
        },
      },
    },
  });
});
afterAll(async () => {
  await stack.stop();
  await endpoint.stop();
});

const nowSeconds = () => Math.floor(Date.now() / 1000);
const claimsOf = (sub: string) => ({
  iss: issuer,
  // As App Check writes it: by number and by name.
  aud: [project, 'projects/acme'],
  sub,
  iat: nowSeconds() - 10,
  exp: nowSeconds() + 3000,
});
const askFrom = (platform: string | undefined, attestation?: string): Promise<Reply> =>
  ask(stack, freshNumber(), {
    more: platform === undefined ? {} : { platform },
    headers: attestation === undefined ? {} : { 'x-firebase-appcheck': attestation },
  });
const tableCalls = () =>
  stack.awsCalls.filter(({ service, keyPrefix }) => service === 'dynamodb' && keyPrefix !== 'init').length;

describe('an app that has to be attested', () => {
  it('gets its code with an attestation of its own, and signs in', async () => {
    const number = freshNumber();
    const headers = { 'x-firebase-appcheck': genuineToken(pair, claimsOf(androidApp)) };
    const { status, json } = await ask(stack, number, { more: { platform: 'android' }, headers });
    expect(status).toBe(202);
    expect((await type(stack, json.requestId, codeFor(stack, number))).status).toBe(200);
  });

  it('is refused without one, with one of another app, and with every forgery, before anything is counted', async () => {
    const before = tableCalls();
    const tokens = forgedTokens({ pair, traps }, { ...claimsOf(androidApp), aud: project }).filter(
      isSendable,
    );
    expect(tokens.length).toBeGreaterThanOrEqual(40);
    const all = [undefined, genuineToken(pair, claimsOf(webApp)), ...tokens.map(({ token }) => token)];
    const replies = [];
    for (const token of all) replies.push(await askFrom('android', token));
    const shapes = replies.map(({ status, json: { instance: _, supportReference: __, ...shape } }) =>
      JSON.stringify([status, shape]),
    );
    expect(new Set(shapes)).toEqual(
      new Set([
        JSON.stringify([
          403,
          {
            type: 'urn:doorcode:app-not-attested',
            title: 'The app is not attested',
            status: 403,
            detail: 'Send a valid attestation of the app.',
          },
        ]),
      ]),
    );
    expect(tableCalls()).toBe(before);
  });

  it('is not let through by a request that does not say which app it is', async () => {
    expect((await askFrom(undefined)).status).toBe(403);
    expect((await askFrom(undefined, genuineToken(pair, claimsOf(androidApp)))).status).toBe(202);
  });

  it('is told 503 when the keys cannot be had, and nothing is counted', async () => {
    await stack.update();
    endpoint.answer((request) => request.socket.destroy());
    const before = tableCalls();
    const refused = await askFrom('android', genuineToken(pair, claimsOf(androidApp)));
    expect([refused.status, tableCalls()]).toEqual([503, before]);
    endpoint.answer(jwks(published));
  });
});

describe('an app that is only observed', () => {
  it('goes on without an attestation, and the log says what would have been refused', async () => {
    const { status } = await askFrom('web');
    expect(status).toBe(202);
    const reasons = () =>
      stack.logLines
        .map(({ line }) => JSON.parse(line).message)
        .filter((message) => message?.code === 'request-otp.attestation-missing')
        .map(({ reason }) => reason);
    await expect.poll(reasons).toContain('attestation missing');
  });
});

describe('an app whose attestation is off', () => {
  it('costs no look at a token', async () => {
    await stack.update();
    const before = endpoint.requests();
    expect((await askFrom('ios', 'anything')).status).toBe(202);
    expect(endpoint.requests()).toBe(before);
  });
});

describe('a deployment without foreign issuers', () => {
  it('has no code for them in its bundles', async () => {
    await stack.update({ settings: { attestation: undefined } });
    expect((await askFrom('android')).status).toBe(202);
    const { readFileSync } = await import('node:fs');
    for (const { name, directory } of stack.deployment.functions.filter(({ name }) =>
      name.endsWith('-otp'),
    )) {
      const code = readFileSync(`${directory}/${bundleFile}`, 'utf8');
      expect(code, name).not.toContain('jwksUrl"');
      expect(code.includes('not in this bundle'), name).toBe(true);
    }
  });
});
