/**
 * The walk's part with sessions (R9, row 13): a start and its replay, refreshes and their replays, a list, ends, reuse, tokens
 * where they do not belong. The refresh token and the access token belong in their answers and nowhere else.
 */
import { decodeJwt } from 'jose';
import type { LocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { ask, codeFor } from '../../test-kit/sign-in.ts';
import { list, postForm, refresh, verify } from '../sessions/session-client.ts';
import type { Ledger } from './ledger.ts';

/** Bytes of a refresh token: after format, key tag and generation comes the name. */
const nameAt = { from: 9, to: 25 } as const;

/** Walks once with a number of its own; answers go into `ledger`. */
export async function exerciseSessions(stack: LocalStack, ledger: Ledger, number: string): Promise<void> {
  const noted = (reply: Reply): Reply => {
    const { json = {} } = reply;
    let { text } = reply;
    for (const token of [json.refreshToken, json.refresh_token]) {
      if (typeof token !== 'string') continue;
      ledger.protect('refresh token', token);
      const name = Buffer.from(token, 'base64url').subarray(nameAt.from, nameAt.to);
      ledger.protect('session name', name.toString('base64url'));
      text = text.replace(token, '');
    }
    for (const token of [json.accessToken, json.access_token]) {
      if (typeof token !== 'string') continue;
      ledger.protect('token', token);
      // What it says of its user belongs there; what it says of the session is searched for the session's secrets.
      const { phone_number: _, ...claims } = decodeJwt(token);
      ledger.wrote('answer', JSON.stringify(claims));
      text = text.replace(token, '');
    }
    if (typeof json.deviceToken === 'string') {
      ledger.protect('device token', json.deviceToken);
      text = text.replace(json.deviceToken, '');
    }
    ledger.wrote('answer', `${reply.status} ${JSON.stringify(reply.headers)} ${text}`);
    return reply;
  };
  const attempt = (): string => {
    const drawn = `attempt-${crypto.randomUUID()}`;
    ledger.protect('attempt', drawn);
    return drawn;
  };
  const refreshed = async (token: string, by: string): Promise<string> =>
    String(noted(await refresh(stack, token, by)).json?.refresh_token ?? token);

  const { requestId } = noted(await ask(stack, number)).json;
  ledger.protect('request id', requestId);
  const key = `intention-${crypto.randomUUID()}`;
  ledger.protect('idempotency key', key);
  const start = { requestId, code: codeFor(stack, number), key };
  const { refreshToken } = noted(await verify(stack, start)).json;
  noted(await verify(stack, start));
  const [first, second] = [attempt(), attempt()];
  const next = await refreshed(refreshToken, first);
  await refreshed(refreshToken, first);
  const last = await refreshed(next, second);
  noted(await list(stack, last));
  noted(await list(stack, last, 'others'));

  // Tokens and attempts where they do not belong.
  noted(await postForm(stack, '/auth/token', { grant_type: last, refresh_token: last, attempt: first }));
  noted(await postForm(stack, '/auth/token', { grant_type: 'refresh_token', refresh_token: `${last}x` }));
  noted(
    await postForm(stack, '/auth/token', { grant_type: 'refresh_token', refresh_token: last, scope: last }),
  );
  noted(await call(`${stack.apiUrl}/auth/sessions`, { body: { refreshToken: last, end: [last] } }));
  noted(await call(`${stack.apiUrl}/auth/sessions`, { body: `{"refreshToken":"${last}",` }));
  noted(await postForm(stack, '/auth/revoke', { token: `${last} ${number}` }));

  // A table and secrets that fail, reuse, and a sign-out.
  for (const service of ['dynamodb', 'secretsmanager'] as const) {
    stack.faults.add({ service, mode: 'garbage', function: 'session' });
    if (service === 'secretsmanager') await stack.pool('session').restart();
    noted(await refresh(stack, last, attempt()));
    stack.faults.clear();
  }
  noted(await refresh(stack, refreshToken, attempt()));
  noted(await refresh(stack, last, attempt()));
  noted(await postForm(stack, '/auth/revoke', { token: last }));
}
