/**
 * Three rotations of the signing keys, seen by the verifier that is hardest to please: it caches a JWKS for two hours,
 * as API Gateway's authorizer does, and never asks again because it meets an unknown key. Clocks stand still and are
 * moved in steps, so that days take seconds.
 */
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';

const cacheSeconds = 2 * 3600;
const stepSeconds = 1200;
const tokenSeconds = 3600;
const start = Math.floor(Date.now() / 1000) + 3600;
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: { sendsPerDay: 100_000, sendsPerIpv4Address: 1000 },
  });
});
afterAll(() => stack.stop());

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp', 'rotate-signing-key']) stack.pool(name).stopClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds - Date.now() / 1000 });
}

async function signIn(): Promise<string> {
  const phoneNumber = freshNumber();
  const { requestId } = (await ask(stack, phoneNumber)).json;
  return (await type(stack, requestId, codeFor(stack, phoneNumber))).json.accessToken;
}

const signingSecret = (): string => {
  const secret = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SigningSecret');
  if (secret === undefined) throw new Error('no signing secret');
  return secret.arn;
};
const rotate = () => stack.secretsManager.call('RotateSecret', { SecretId: signingSecret() });
const jwks = async (): Promise<JSONWebKeySet> => (await call(`${stack.apiUrl}/.well-known/jwks.json`)).json;
const kidsOf = ({ keys }: JSONWebKeySet): readonly unknown[] => keys.map(({ kid }) => kid);

describe('three rotations of the signing keys', () => {
  it('leave every token acceptable to a verifier that caches the keys for two hours', async () => {
    const live: { readonly token: string; readonly expiresAt: number }[] = [];
    const signers = new Set<unknown>();
    let cached = { keys: await jwks(), fetchedAt: start };
    for (let now = start; now < start + 36 * 3600; now += stepSeconds) {
      at(now);
      const sinceStart = now - start;
      if (sinceStart > 0 && sinceStart % (10 * 3600) === 0) await rotate();
      if (now - cached.fetchedAt >= cacheSeconds) cached = { keys: await jwks(), fetchedAt: now };
      const token = await signIn();
      live.push({ token, expiresAt: now + tokenSeconds });
      signers.add(decodeProtectedHeader(token).kid);
      const published = kidsOf(await jwks());
      for (const { token: alive } of live.filter(({ expiresAt }) => expiresAt > now)) {
        expect(published).toContain(decodeProtectedHeader(alive).kid);
        await jwtVerify(alive, createLocalJWKSet(cached.keys), {
          issuer: stack.apiUrl,
          currentDate: new Date(now * 1000),
        });
      }
    }
    expect(signers.size).toBe(4);
    expect(kidsOf(await jwks()).length).toBeLessThanOrEqual(2);
  });

  it('that come far too often neither lose a key nor fill the secret', async () => {
    at(start + 40 * 3600);
    const before = kidsOf(await jwks());
    for (let i = 0; i < 10; i += 1) await rotate();
    const after = kidsOf(await jwks());
    expect(after).toEqual(expect.arrayContaining([before.at(-1)]));
    expect(after.length).toBeLessThanOrEqual(before.length + 1);
    const value = Object(await stack.secretsManager.call('GetSecretValue', { SecretId: signingSecret() }));
    // Secrets Manager takes 65,536 bytes.
    expect(Buffer.byteLength(value.SecretString)).toBeLessThan(16_384);
  });

  it('run at the same time end with one of them, and with every key of it published', async () => {
    at(start + 60 * 3600);
    const results = await Promise.allSettled([rotate(), rotate(), rotate()]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    const value = Object(await stack.secretsManager.call('GetSecretValue', { SecretId: signingSecret() }));
    const stored: { keys: { kid: string }[] } = JSON.parse(value.SecretString);
    expect(kidsOf(await jwks())).toEqual(stored.keys.map(({ kid }) => kid));
  });
});

describe('an emergency', () => {
  it('has the new key sign as soon as workers read it, and the withdrawn one published no more', async () => {
    at(start + 80 * 3600);
    const [leaked] = [decodeProtectedHeader(await signIn()).kid];
    const replaced = await stack.pool('rotate-signing-key').invoke({
      Step: 'replaceNow',
      SecretId: signingSecret(),
      ClientRequestToken: crypto.randomUUID(),
      Withdraw: [leaked],
    });
    expect(replaced.tag).toBe('result');
    expect(kidsOf(await jwks())).not.toContain(leaked);
    at(start + 80 * 3600 + 301);
    const token = await signIn();
    expect(decodeProtectedHeader(token).kid).not.toBe(leaked);
    await jwtVerify(token, createLocalJWKSet(await jwks()), {
      issuer: stack.apiUrl,
      currentDate: new Date((start + 80 * 3600 + 301) * 1000),
    });
  });
});
