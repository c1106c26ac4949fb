/**
 * A walk through everything that a deployment does with what must not leak: both flows with each of their answers, bad
 * input with secrets where they do not belong, a rotation of each secret, a dependency that fails, the public documents.
 */
import type { LocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../../test-kit/http.ts';
import { call } from '../../test-kit/http.ts';
import { freshProviderKey, rotate } from '../../test-kit/provider-key.ts';
import { ask, codeFor, freshNumber, otherThan, type } from '../../test-kit/sign-in.ts';
import { exerciseSessions } from './exercise-sessions.ts';
import type { Ledger } from './ledger.ts';

/** Walks once; answers go into `ledger`, without the token that belongs in the 200. */
export async function exercise(stack: LocalStack, ledger: Ledger, from: string): Promise<void> {
  const noted = (reply: Reply): Reply => {
    const token: unknown = reply.status === 200 ? reply.json?.accessToken : undefined;
    const text = typeof token === 'string' ? reply.text.replace(token, '') : reply.text;
    if (typeof token === 'string') {
      ledger.protect('token', token);
      ledger.protect('token', token.split('.')[1] ?? token);
      ledger.protect('token', token.split('.')[2] ?? token);
    }
    if (typeof reply.json?.requestId === 'string') ledger.protect('request id', reply.json.requestId);
    if (typeof reply.json?.deviceToken === 'string') ledger.protect('device token', reply.json.deviceToken);
    ledger.wrote('answer', `${reply.status} ${JSON.stringify(reply.headers)} ${text}`);
    return reply;
  };
  const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    noted(await call(`${stack.apiUrl}/auth/${path}`, { method: 'POST', body, headers, from }));
  const intention = (): string => {
    const key = `intention-${crypto.randomUUID()}`;
    ledger.protect('idempotency key', key);
    return key;
  };
  const phoneNumber = (): string => {
    const number = freshNumber();
    ledger.protect('number', number);
    return number;
  };
  const signIn = async (number: string, idempotencyKey: string): Promise<void> => {
    const asked = noted(await ask(stack, number, { from, idempotencyKey }));
    noted(await ask(stack, number, { from, idempotencyKey }));
    noted(await ask(stack, number, { from }));
    const code = codeFor(stack, number);
    noted(await type(stack, asked.json.requestId, otherThan(code)));
    noted(await type(stack, asked.json.requestId, code, idempotencyKey));
    noted(await type(stack, asked.json.requestId, code, idempotencyKey));
    noted(await type(stack, asked.json.requestId, code));
  };

  const number = phoneNumber();
  await signIn(number, intention());

  // Too many guesses.
  const guessed = phoneNumber();
  const { requestId } = noted(await ask(stack, guessed, { from })).json;
  for (let i = 0; i < 6; i += 1) noted(await type(stack, requestId, otherThan(codeFor(stack, guessed))));

  // Secrets where they do not belong.
  const key = freshProviderKey();
  ledger.protect('provider key', key);
  const code = codeFor(stack, number);
  await post('request-otp', { phoneNumber: `${number} ` });
  await post('request-otp', { phoneNumber: number, purpose: number, platform: code, previousRequestId: key });
  await post('request-otp', { phoneNumber: number, more: { number, code, key } });
  await post('request-otp', `{"phoneNumber":"${number}",`);
  await post('request-otp', { phoneNumber: number }, { 'content-type': `text/${number}` });
  await post('request-otp', { phoneNumber: number }, { 'idempotency-key': `${number} ${code}` });
  await post('verify-otp', { requestId: `${requestId}x`, code });
  await post('verify-otp', { requestId, code: `${code} ` });
  await post('verify-otp', {
    requestId: requestId.replace(/^./, requestId.startsWith('A') ? 'B' : 'A'),
    code,
  });

  // Everything that fails, once.
  for (const fault of ['401', '400-validation', '400-number-limit', '500', 'html', 'reset-after'] as const) {
    stack.provider.control({ fault: { name: fault, times: 3 } });
    noted(await ask(stack, phoneNumber(), { from, idempotencyKey: intention() }));
    stack.provider.control({ fault: null });
  }
  for (const service of ['dynamodb', 'secretsmanager'] as const) {
    stack.faults.add({ service, mode: 'garbage' });
    if (service === 'secretsmanager')
      for (const name of ['request-otp', 'verify-otp']) await stack.pool(name).restart();
    noted(await ask(stack, phoneNumber(), { from }));
    noted(await type(stack, requestId, code, intention()));
    stack.faults.clear();
  }

  await exerciseSessions(stack, ledger, phoneNumber());

  // A rotation of each secret, and a sign-in with what is new.
  await rotate(stack, `label ${from}`);
  for (const { secretArn } of stack.deployment.rotations)
    await stack.secretsManager.call('RotateSecret', { SecretId: secretArn }).catch(() => undefined);
  for (const name of ['request-otp', 'verify-otp']) await stack.pool(name).restart();
  await signIn(phoneNumber(), intention());
  for (const path of ['openid-configuration', 'jwks.json', 'nothing'])
    noted(await call(`${stack.apiUrl}/.well-known/${path}`));
}
