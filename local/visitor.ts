/** The calls of an app and a verifier, for the scripts of this folder. */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { LocalStack } from './local-stack.ts';

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a reply is whatever came; the script says what it expects of it.
  readonly json: any;
}

async function post(url: string, body: unknown): Promise<Reply> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}

/** Gets a document. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function getJson(url: string): Promise<any> {
  return (await fetch(url)).json();
}

/** Asks for a code. */
export function askForCode({ apiUrl }: LocalStack, phoneNumber: string): Promise<Reply> {
  return post(`${apiUrl}/auth/request-otp`, { phoneNumber });
}

/** Verifies the code of the newest SMS and returns the token; throws when the API refuses the code. */
export async function typeCode(
  { apiUrl, provider }: LocalStack,
  { requestId, phoneNumber }: { requestId: string; phoneNumber: string },
): Promise<string> {
  const code = provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const { status, json } = await post(`${apiUrl}/auth/verify-otp`, { requestId, code });
  if (status !== 200) throw new Error(`verify-otp answered ${status} ${json.type ?? ''}`);
  return json.accessToken;
}

/** Verifies a token with only the issuer's URL, and returns its claims. */
export async function verifyToken(issuer: string, token: string): Promise<JWTPayload> {
  const discovery = await getJson(`${issuer}/.well-known/openid-configuration`);
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  return (await jwtVerify(token, keys, { issuer, audience: 'doorcode-app', algorithms: ['RS256'] })).payload;
}
