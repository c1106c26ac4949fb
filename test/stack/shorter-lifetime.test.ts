/** Tokens live for a day, then a deployment makes it an hour, and keys rotate: what was signed before stays verifiable. */
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jwksCacheSeconds } from '../../functions/tokens/signing-key-set.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';

const daySeconds = 86_400;
let stack: LocalStack;
const start = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200;
beforeAll(async () => {
  stack = await startLocalStack({ workers: 1, settings: { tokenLifetimeSeconds: daySeconds } });
});
afterAll(() => stack.stop());

function at(seconds: number): void {
  for (const name of ['request-otp', 'verify-otp', 'rotate-signing-key']) stack.pool(name).stopClock(seconds);
}

async function rotate(): Promise<void> {
  const SecretId = stack.deployment.secrets.find(({ logicalId }) => logicalId === 'SigningSecret')?.arn;
  await stack.secretsManager.call('RotateSecret', { SecretId });
}

it('a key stays published until its last token has ended, and two hours longer', async () => {
  at(start);
  const phoneNumber = freshNumber();
  const { requestId } = (await ask(stack, phoneNumber)).json;
  const token = (await type(stack, requestId, codeFor(stack, phoneNumber))).json.accessToken;
  const endsAt = start + daySeconds;

  await stack.update({ settings: { tokenLifetimeSeconds: 3_600 } });
  const published = async () => (await call(`${stack.apiUrl}/.well-known/jwks.json`)).json;
  // A rotation every three hours: each finds the one before active.
  for (let now = start + 60; now < endsAt; now += 3 * 3_600) {
    at(now);
    await rotate();
    const keys = createLocalJWKSet(await published());
    await jwtVerify(token, keys, { issuer: stack.apiUrl, currentDate: new Date(now * 1000) });
  }
  at(endsAt + 2 * jwksCacheSeconds + 3 * 3_600);
  await rotate();
  const kids = (await published()).keys.map(({ kid }: { kid: string }) => kid);
  expect(kids).not.toContain(decodeProtectedHeader(token).kid);
});
