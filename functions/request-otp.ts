/** Entry of the function behind `POST /auth/request-otp`: wiring only. The flow is `otp/request-otp.ts`. */
import { cacheSecret } from './adapters/cached-secret.ts';
import { openChallengeStore, storePolicy } from './adapters/challenge-store.ts';
import { countAddress, countBudget, giveBackBudget } from './adapters/counters.ts';
import { openProviderKeys } from './adapters/provider-keys.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKeys,
  readPreviousProviderKey,
  readProviderKey,
} from './adapters/secrets.ts';
import { sendWithKeys } from './adapters/send-with-keys.ts';
import { connectProvider, sendSms } from './adapters/startmessaging.ts';
import { openTable } from './adapters/table.ts';
import { epochSeconds as now } from './http/clock.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { report } from './http/report.ts';
import { reportKeys } from './http/report-keys.ts';
import { requestOtpAnswer, requestOtpCode, requestOtpSchema } from './http/request-otp-endpoint.ts';
import { clientAddress } from './otp/client-address.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { releaseReserveMs } from './otp/policy.ts';
import { requestOtp } from './otp/request-otp.ts';
import { parseSettings } from './otp/settings.ts';
import { smsOf } from './otp/sms.ts';

const smsSecretName = 'SMS_SECRET_ARN';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: string) => ({ client, name, arn: variable(name) });
  const smsSecret = secret(smsSecretName);
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  return {
    settings,
    schema: requestOtpSchema(settings),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    provider: parsedVariable('PROVIDER_URL', connectProvider),
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), now),
    codeKeys: cacheSecret(() => readCodeKeys(secret('CODE_SECRET_ARN')), now),
    providerKeys: openProviderKeys(
      { current: () => readProviderKey(smsSecret), previous: () => readPreviousProviderKey(smsSecret) },
      now,
    ),
  };
});

export const handler = jsonEndpoint(world, {
  codes: {
    invalid: 'request-otp.invalid',
    unavailable: 'request-otp.unavailable',
    unavailableBy: { [smsSecretName]: 'request-otp.no-key' },
    fault: 'request-otp.fault',
  },
  schema: ({ schema }) => schema,
  run: async ({
    world: { settings, policy, table, provider, providerKeys, ...secrets },
    request,
    input,
    signal,
    remainingMs,
  }) => {
    const keyReports = reportKeys({ requestId: request.id, dependency: smsSecretName });
    const [identity, codeKeys, first] = await Promise.all([
      secrets.identity.get(),
      secrets.codeKeys.get(),
      providerKeys.get(keyReports.onUnreadable),
    ]);
    const address = clientAddress(request.sourceIp, settings);
    const numberTag = keyedHash(identity.logTag, [input.phoneNumber]);
    const sends: { providerLatencyMs?: number } = {};
    const remainingToSendMs = (): number => remainingMs() - releaseReserveMs;
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
        send: (message) => {
          const sms = smsOf(settings, message);
          return sendWithKeys(providerKeys, {
            first,
            send: async (key) => {
              const startedAtMs = performance.now();
              const sent = await sendSms(provider, { sms, key, timeoutMs: remainingToSendMs() });
              sends.providerLatencyMs = performance.now() - startedAtMs;
              return sent;
            },
            remainingMs: remainingToSendMs,
            ...keyReports,
          });
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
      measures: { ...sends, keyAgeSeconds: providerKeys.ageSeconds() },
    };
  },
});
