/** Entry of the function behind `POST /auth/request-otp`: wiring only. The flow is `otp/request-otp.ts`. */
import { cacheSecret } from './adapters/cached-secret.ts';
import { openChallengeStore, storePolicy } from './adapters/challenge-store.ts';
import { countAddress, countBudget, giveBackBudget } from './adapters/counters.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKeys,
  readProviderKey,
} from './adapters/secrets.ts';
import { connectProvider, sendSms } from './adapters/startmessaging.ts';
import { openTable } from './adapters/table.ts';
import { epochSeconds as now } from './http/clock.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { report } from './http/report.ts';
import { requestOtpAnswer, requestOtpCode, requestOtpSchema } from './http/request-otp-endpoint.ts';
import { clientAddress } from './otp/client-address.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { releaseReserveMs } from './otp/policy.ts';
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
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), now),
    codeKeys: cacheSecret(() => readCodeKeys(secret('CODE_SECRET_ARN')), now),
    providerKey: cacheSecret(() => readProviderKey(secret('SMS_SECRET_ARN')), now),
  };
});

export const handler = jsonEndpoint(world, {
  codes: {
    invalid: 'request-otp.invalid',
    unavailable: 'request-otp.unavailable',
    fault: 'request-otp.fault',
  },
  schema: ({ schema }) => schema,
  run: async ({
    world: { settings, policy, table, provider, ...secrets },
    request,
    input,
    signal,
    remainingMs,
  }) => {
    const [identity, codeKeys, key] = await Promise.all([
      secrets.identity.get(),
      secrets.codeKeys.get(),
      secrets.providerKey.get(),
    ]);
    const address = clientAddress(request.sourceIp, settings);
    const numberTag = keyedHash(identity.logTag, [input.phoneNumber]);
    const sends: { providerLatencyMs?: number } = {};
    const outcome = await requestOtp(
      {
        settings,
        now,
        identity,
        codeKey: codeKeys.current,
        store: openChallengeStore(table, policy, signal),
        countAddress: (at) => countAddress(table, { address, addressKey: identity.address, now: at }, signal),
        countBudget: (at) => countBudget(table, { ceiling: settings.sendsPerDay, now: at }, signal),
        giveBackBudget: (at) => giveBackBudget(table, at, signal),
        send: async (message) => {
          const startedAtMs = performance.now();
          const timeoutMs = remainingMs() - releaseReserveMs;
          const sent = await sendSms(provider, { sms: smsOf(settings, message), key, timeoutMs });
          sends.providerLatencyMs = performance.now() - startedAtMs;
          return sent;
        },
        onNotGivenBack: (reason) => {
          report({ code: 'request-otp.not-given-back', requestId: request.id, reason, numberTag });
        },
      },
      input,
    );
    return {
      answer: requestOtpAnswer(outcome, request.id),
      decision: { code: requestOtpCode(outcome), numberTag },
      measures: { ...sends, keyAgeSeconds: secrets.providerKey.ageSeconds() },
    };
  },
});
