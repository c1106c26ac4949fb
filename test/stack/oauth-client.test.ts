/**
 * A public OAuth client that we did not write refreshes and revokes a session, by discovery alone (R9, row 15). It knows the
 * issuer and the client's id, and nothing else of Doorcode.
 */
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifiedSchema } from '../../functions/http/answer-schemas.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({});
});
afterAll(() => stack.stop());

async function signIn(): Promise<{ readonly accessToken: string; readonly refreshToken: string }> {
  const number = freshNumber();
  const { requestId } = (await ask(stack, number)).json;
  const body = { requestId, code: codeFor(stack, number), session: {} };
  const { accessToken, refreshToken } = v.parse(
    verifiedSchema,
    (await call(`${stack.apiUrl}/auth/verify-otp`, { body })).json,
  );
  return { accessToken, refreshToken: refreshToken ?? '' };
}

it.each(['oauth2', 'oidc'] as const)('by the document of %s', async (algorithm) => {
  const { accessToken, refreshToken } = await signIn();
  const { iss = '', aud = '', sid } = decodeJwt(accessToken);
  // The local stack has no TLS, which the client refuses otherwise.
  const execute = [client.allowInsecureRequests];
  const config = await client.discovery(new URL(iss), String(aud), undefined, client.None(), {
    algorithm,
    execute,
  });
  expect(config.serverMetadata()).toMatchObject({
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['refresh_token'],
  });

  const first = await client.refreshTokenGrant(config, refreshToken);
  expect(first.token_type).toBe('bearer');
  expect(first.expires_in).toBeGreaterThan(890);
  expect(decodeJwt(first.access_token)).toMatchObject({ sid, iss, aud });
  const second = await client.refreshTokenGrant(config, first.refresh_token ?? '', { scope: 'sign-in' });
  expect(second.refresh_token).not.toBe(first.refresh_token);

  await client.tokenRevocation(config, second.refresh_token ?? '', { token_type_hint: 'refresh_token' });
  await client.tokenRevocation(config, second.refresh_token ?? '');
  await expect(client.refreshTokenGrant(config, second.refresh_token ?? '')).rejects.toMatchObject({
    status: 400,
    error: 'invalid_grant',
  });
  await expect(client.refreshTokenGrant(config, 'junk')).rejects.toMatchObject({ error: 'invalid_grant' });
  await expect(
    client.refreshTokenGrant(config, first.refresh_token ?? '', { scope: 'payment' }),
  ).rejects.toMatchObject({ error: 'invalid_scope' });
  await expect(client.tokenRevocation(config, first.access_token)).rejects.toMatchObject({
    error: 'unsupported_token_type',
  });
});
