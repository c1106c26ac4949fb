/** The calls of an app with a session, to a local stack. */
import * as v from 'valibot';
import type { LocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber } from '../../test-kit/sign-in.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Posts a form. */
export function postForm(
  stack: LocalStack,
  path: '/auth/token' | '/auth/revoke',
  members: Readonly<Record<string, string>>,
): Promise<Reply> {
  return call(`${stack.apiUrl}${path}`, { body: new URLSearchParams(members).toString(), headers: form });
}

/** Refreshes. */
export function refresh(stack: LocalStack, refreshToken: string, attempt: string): Promise<Reply> {
  return postForm(stack, '/auth/token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    attempt,
  });
}

/** Lists the sessions, after ending some. */
export function list(stack: LocalStack, refreshToken: string, end?: 'others' | 'all'): Promise<Reply> {
  return call(`${stack.apiUrl}/auth/sessions`, { body: { refreshToken, ...(end && { end }) } });
}

/** Types the code in and asks for a session. */
export function verify(
  stack: LocalStack,
  { requestId, code, key }: { readonly requestId: string; readonly code: string; readonly key: string },
): Promise<Reply> {
  return call(`${stack.apiUrl}/auth/verify-otp`, {
    body: { requestId, code, session: { label: 'a phone' } },
    headers: { 'idempotency-key': key },
  });
}

const signedIn = v.object({ refreshToken: v.string(), accessToken: v.string() });

/** Signs a number in; gives its refresh token and its access token. */
export async function signIn(
  stack: LocalStack,
  number: string = freshNumber(),
): Promise<v.InferOutput<typeof signedIn> & { readonly number: string }> {
  const { requestId } = (await ask(stack, number)).json;
  const reply = await verify(stack, {
    requestId,
    code: codeFor(stack, number),
    key: `key-${crypto.randomUUID()}`,
  });
  return { ...v.parse(signedIn, reply.json), number };
}

/** The error of an OAuth answer. */
export function errorOf({ status, json }: Reply): string | undefined {
  return status === 400 && typeof json?.error === 'string' ? json.error : undefined;
}
