/** The calls of an app and a verifier, for the scripts of this folder. */
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import { deviceHeader } from '../functions/http/credentials.ts';
import type { LocalStack } from './local-stack.ts';

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a reply is whatever came; the script says what it expects of it.
  readonly json: any;
}

async function post(url: string, body: unknown, more: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const headers = { 'content-type': 'application/json', ...more };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, json: await response.json() };
}

/** Gets a document. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export async function getJson(url: string): Promise<any> {
  return (await fetch(url)).json();
}

/** Asks for a code, as the device with `deviceToken` if there is one. */
export function askForCode(
  { apiUrl }: LocalStack,
  phoneNumber: string,
  deviceToken?: string,
): Promise<Reply> {
  const device = deviceToken === undefined ? {} : { [deviceHeader]: deviceToken };
  return post(`${apiUrl}/auth/request-otp`, { phoneNumber }, device);
}

/** A request for a code, and what the app adds to the code. */
export interface Asked {
  readonly requestId: string;
  readonly phoneNumber: string;
  readonly session?: object;
}

/** Verifies the code of the newest SMS and returns the answer; throws when the API refuses the code. */
export async function verifyCode(
  { apiUrl, provider }: LocalStack,
  { phoneNumber, ...asked }: Asked,
  // biome-ignore lint/suspicious/noExplicitAny: as above.
): Promise<any> {
  const code = provider.sends.findLast((send) => send.phoneNumber === phoneNumber)?.code;
  const { status, json } = await post(`${apiUrl}/auth/verify-otp`, { ...asked, code });
  if (status !== 200) throw new Error(`verify-otp answered ${status} ${json.type ?? ''}`);
  return json;
}

/** Verifies the code of the newest SMS and returns the access token; throws when the API refuses the code. */
export async function typeCode(stack: LocalStack, asked: Asked): Promise<string> {
  return (await verifyCode(stack, asked)).accessToken;
}

/** Refreshes a session, as an OAuth client does. */
export async function refresh({ apiUrl }: LocalStack, refreshToken: string): Promise<Reply> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const response = await fetch(`${apiUrl}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, json: await response.json() };
}

/** Verifies a token with only the issuer's URL, and returns its claims. */
export async function verifyToken(issuer: string, token: string): Promise<JWTPayload> {
  const discovery = await getJson(`${issuer}/.well-known/openid-configuration`);
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  return (await jwtVerify(token, keys, { issuer, audience: 'doorcode-app', algorithms: ['RS256'] })).payload;
}
