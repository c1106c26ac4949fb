/** Entry of the function behind `POST /auth/request-otp`: wiring only. The flow is `otp/request-otp.ts`. */
import middy from '@middy/core';
import { cacheSecret } from './adapters/cached-secret.ts';
import { openChallengeStore, storePolicy } from './adapters/challenge-store.ts';
import { countAddress, countBudget, giveBackBudget } from './adapters/counters.ts';
import {
  connectSecretsManager,
  readCodeKeys,
  readIdentityKeys,
  readProviderKey,
} from './adapters/secrets.ts';
import { connectProvider, sendSms } from './adapters/startmessaging.ts';
import { openTable } from './adapters/table.ts';
import type { Answer } from './http/answer.ts';
import { epochSeconds as now } from './http/clock.ts';
import { withDeadline } from './http/deadline.ts';
import { faults } from './http/faults.ts';
import { readGatewayRequest } from './http/gateway-request.ts';
import { parseJsonBody } from './http/json-body.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { logRequestOtp, requestOtpAnswer, requestOtpSchema } from './http/request-otp-endpoint.ts';
import { clientAddress } from './otp/client-address.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { providerDeadlineMs, releaseReserveMs } from './otp/policy.ts';
import { requestOtp } from './otp/request-otp.ts';
import { parseSettings } from './otp/settings.ts';
import { smsOf } from './otp/sms.ts';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: string) => ({ client, name, arn: variable(name) });
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  return {
    settings,
    schema: requestOtpSchema(settings),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    provider: parsedVariable('PROVIDER_URL', connectProvider),
    identity: cacheSecret(() => readIdentityKeys(secret('IDENTITY_SECRET_ARN')), now),
    codeKeys: cacheSecret(() => readCodeKeys(secret('CODE_SECRET_ARN')), now),
    providerKey: cacheSecret(() => readProviderKey(secret('SMS_SECRET_ARN')), now),
  };
});

export const handler = middy<unknown, Answer>()
  .use(faults('request-otp'))
  .handler((event) =>
    withDeadline(async ({ signal, remainingMs }) => {
      const { settings, schema, policy, table, provider, ...secrets } = world();
      const request = readGatewayRequest(event);
      const parsed = parseJsonBody(request, schema);
      if (parsed.tag === 'refused') return parsed.answer;
      const [identity, codeKeys, key] = await Promise.all([
        secrets.identity.get(),
        secrets.codeKeys.get(),
        secrets.providerKey.get(),
      ]);
      const address = clientAddress(request.sourceIp, settings);
      const outcome = await requestOtp(
        {
          settings,
          now,
          identity,
          codeKey: codeKeys.current,
          store: openChallengeStore(table, policy, signal),
          countAddress: (at) =>
            countAddress(table, { address, addressKey: identity.address, now: at }, signal),
          countBudget: (at) => countBudget(table, { ceiling: settings.sendsPerDay, now: at }, signal),
          giveBackBudget: (at) => giveBackBudget(table, at, signal),
          send: (message) => {
            const timeoutMs = Math.min(providerDeadlineMs, remainingMs() - releaseReserveMs);
            return sendSms(provider, { sms: smsOf(settings, message), key, timeoutMs });
          },
        },
        { ...parsed.input, idempotencyKey: parsed.idempotencyKey },
      );
      const numberTag = keyedHash(identity.logTag, [parsed.input.phoneNumber]);
      logRequestOtp(outcome, { requestId: request.id, numberTag });
      return requestOtpAnswer(outcome, request.id);
    }),
  );
