/** A signing secret with a key that parses and signs nothing valid: who gets what, and what the log says. */
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSigningKey } from '../../functions/tokens/rsa-key.ts';
import { parseKeySet } from '../../functions/tokens/signing-key-set.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { damagedKeys } from '../support/damaged-keys.ts';

let stack: LocalStack;
let good: string;
const other = await generateSigningKey();
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1 });
  good = Object(await stack.secretsManager.call('GetSecretValue', { SecretId: arn() })).SecretString;
});
afterAll(() => stack.stop());

const arn = (): string =>
  stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SigningSecret')?.arn ?? '';
const store = (SecretString: string) =>
  stack.secretsManager.call('PutSecretValue', { SecretId: arn(), SecretString });
/** The set with its one key damaged, in a few of the ways that the test of the signers has all of. */
const damaged = (): readonly (readonly [string, string])[] => {
  const [key] = parseKeySet(good).keys;
  if (key === undefined) throw new Error('no key');
  const kinds = [
    'cannot be imported',
    'has the private half of another key',
    'has the public half of another key',
  ];
  const ofKinds = damagedKeys(key, other).filter(([name]) => kinds.includes(name));
  expect(ofKinds).toHaveLength(kinds.length);
  return ofKinds.map(([name, bad]) => [
    name,
    JSON.stringify({ keys: [{ ...bad, activeFrom: key.activeFrom }] }),
  ]);
};

async function signIn() {
  const phoneNumber = freshNumber();
  const { requestId } = (await ask(stack, phoneNumber)).json;
  return type(stack, requestId, codeFor(stack, phoneNumber));
}

async function isVerifiable(token: string): Promise<boolean> {
  const jwks = (await call(`${stack.apiUrl}/.well-known/jwks.json`)).json;
  return jwtVerify(token, createLocalJWKSet(jwks)).then(
    () => true,
    () => false,
  );
}

it('a cold worker answers 503 and names the secret; a warm one goes on with the last good key', async () => {
  for (const [name, value] of damaged()) {
    stack.pool('verify-otp').shiftClock(0);
    await store(good);
    await stack.pool('verify-otp').restart();
    expect((await signIn()).status).toBe(200);

    await store(value);
    stack.pool('verify-otp').shiftClock(61);
    const warm = await signIn();
    expect([name, warm.status]).toEqual([name, 200]);
    expect([name, await isVerifiable(warm.json.accessToken)]).toEqual([name, true]);

    await stack.pool('verify-otp').restart();
    const linesBefore = stack.logLines.length;
    const cold = await signIn();
    expect([name, cold.status, cold.json.type]).toEqual([name, 503, 'urn:doorcode:temporarily-unavailable']);
    const lines = stack.logLines.slice(linesBefore).map(({ line }) => line);
    expect(lines.filter((line) => line.includes('"dependency":"SIGNING_SECRET_ARN"'))).not.toEqual([]);
    expect(lines.filter((line) => line.includes('.fault'))).toEqual([]);
  }
  await store(good);
  await stack.pool('verify-otp').restart();
  expect((await signIn()).status).toBe(200);
});
