/** Entry of the function behind `POST /auth/request-otp`: wiring only. The flow is `otp/request-otp.ts`. */
import { openForeignVerifiers } from '#foreign-verifiers';
import { credentialsOf, deviceHeader } from './http/credentials.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import {
  requestOtpAnswer,
  requestOtpCode,
  requestOtpReason,
  requestOtpSchema,
} from './http/request-otp-endpoint.ts';
import { clientAddress } from './limits/client-address.ts';
import { admitRequest } from './otp/admission.ts';
import { obeyed } from './otp/controls.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { rehearsedAsk } from './otp/rehearsal.ts';
import { requestOtp } from './otp/request-otp.ts';
import type { SendOutcome } from './otp/send-outcome.ts';
import { type CodeMessage, smsOf } from './otp/sms.ts';
import { openProviderBreaker, type SendKind } from './provider/breaker.ts';
import { openProviderKeys } from './provider/provider-keys.ts';
import { rehearsalProvider } from './provider/rehearsal-provider.ts';
import { sendWithKeys } from './provider/send-with-keys.ts';
import { connectProvider, sendSms } from './provider/startmessaging.ts';
import { clock, epochSeconds as now } from './runtime/clock.ts';
import { initialise } from './runtime/init.ts';
import type { MessageCode } from './runtime/message-codes.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { report } from './runtime/report.ts';
import { reportKeys } from './runtime/report-keys.ts';
import { nameOf, Unavailable } from './runtime/unavailable.ts';
import { cacheSecret } from './secrets/cached-secret.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKeys,
  readControls,
  readPreviousProviderKey,
  readProviderKey,
} from './secrets/secrets.ts';
import type { SecretVariable } from './settings/environment.ts';
import { initWaitMs, releaseReserveMs } from './settings/fixed-numbers.ts';
import { parseSettings } from './settings/settings.ts';
import { openBudget } from './table/budget-store.ts';
import { countAddress, countBlock, giveBackCount } from './table/counters.ts';
import { openChallengeStore, storePolicy } from './table/number-store.ts';
import { openProviderMark } from './table/provider-mark.ts';
import { openRehearsalTable } from './table/rehearsal-table.ts';
import { connectTable, openTable } from './table/table.ts';

const smsSecretName = 'SMS_SECRET_ARN';
const controlsSecretName = 'CONTROLS_SECRET_ARN';

const reportUnreadableControls = (requestId: string, reason: string): void =>
  report({
    code: 'request-otp.controls-unreadable',
    requestId,
    reason,
    dependency: controlsSecretName,
  });

/** Its number is an ordinary one then: `reason` tells the kind of code, and neither code nor number. */
const reportIgnoredTestNumber = (reason: string): void =>
  report({
    code: 'request-otp.test-number-ignored',
    requestId: 'worker',
    reason,
    dependency: controlsSecretName,
  });

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: SecretVariable) => ({ client, name, arn: variable(name) });
  const smsSecret = secret(smsSecretName);
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  return {
    settings,
    schema: requestOtpSchema(settings),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    provider: parsedVariable('PROVIDER_URL', connectProvider),
    breaker: openProviderBreaker(clock),
    foreign: openForeignVerifiers(settings, clock),
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), clock),
    codeKeys: cacheSecret((signal) => readCodeKeys(secret('CODE_SECRET_ARN'), signal), clock),
    providerKeys: openProviderKeys(
      {
        current: (signal) => readProviderKey(smsSecret, signal),
        previous: (signal) => readPreviousProviderKey(smsSecret, signal),
      },
      clock,
    ),
    controls: cacheSecret(async (signal) => {
      const onMalformed = (): void => reportUnreadableControls('worker', 'malformed');
      const read = await readControls(secret(controlsSecretName), { signal, onMalformed });
      return obeyed(read, reportIgnoredTestNumber);
    }, clock),
  };
});

/** Awaited before the first event. */
export const ready = initialise({
  world,
  prepare: ({ identity, codeKeys, controls, providerKeys, table }, signal) => [
    identity.get({ signal }),
    codeKeys.get({ signal }),
    controls.get({ signal }),
    providerKeys.current.get({ signal }),
    connectTable(table, signal),
  ],
  rehearse: (made, signal) => {
    const stage = { ...made, table: openRehearsalTable(), breaker: rehearsalProvider };
    return rehearse({ world: stage, body: rehearsedAsk, signal });
  },
  waitMs: initWaitMs,
});

const { handler, rehearse } = jsonEndpoint(world, {
  codes: {
    invalid: 'request-otp.invalid',
    unavailable: 'request-otp.unavailable',
    unavailableBy: { [smsSecretName]: 'request-otp.no-key' },
    fault: 'request-otp.fault',
  },
  schema: ({ schema }) => schema,
  run: async ({
    world: { settings, policy, table, provider, breaker, foreign, ...secrets },
    request,
    input,
    signal,
    remainingMs,
  }) => {
    const keyReports = reportKeys({ requestId: request.id, dependency: smsSecretName });
    const providerKeys = secrets.providerKeys.of({ signal, onUnreadable: keyReports.onUnreadable });
    const onControlsUnreadable = (error: unknown): void =>
      reportUnreadableControls(request.id, error instanceof Unavailable ? error.reason : nameOf(error));
    const [identity, codeKeys, controls, first] = await Promise.all([
      secrets.identity.get({ signal }),
      secrets.codeKeys.get({ signal }),
      secrets.controls.get({ signal, onFailed: onControlsUnreadable }),
      providerKeys.get(),
    ]);
    const numberTag = keyedHash(identity.logTag, [input.phoneNumber]);
    const tell = (code: MessageCode, reason?: string): void =>
      report({ code, requestId: request.id, numberTag, ...(reason !== undefined && { reason }) });
    const admission = await admitRequest(
      {
        settings,
        ...foreign(signal),
        onNotAttested: (reason) => tell('request-otp.attestation-missing', reason),
      },
      credentialsOf(request, settings),
      input,
    );
    const sends: { providerLatencyMs?: number } = {};
    const remainingToSendMs = (): number => remainingMs() - releaseReserveMs;
    const budget = openBudget(table, settings, signal);
    const asking = { phoneNumber: input.phoneNumber, addressKey: identity.address };
    const address = clientAddress(request.sourceIp, settings);
    const blockCeiling = settings.sendsPerNumberBlock;
    const mark = openProviderMark(table, signal);
    const send = (message: CodeMessage, kind: SendKind): Promise<SendOutcome> => {
      const sms = smsOf(settings, message);
      return sendWithKeys(providerKeys, {
        first,
        kind,
        send: async (key) => {
          const startedAtMs = performance.now();
          const sent = await sendSms(provider, { sms, key, timeoutMs: remainingToSendMs() });
          sends.providerLatencyMs = performance.now() - startedAtMs;
          return sent;
        },
        remainingMs: remainingToSendMs,
        ...keyReports,
      });
    };
    const outcome =
      admission.tag === 'admitted'
        ? await requestOtp(
            {
              settings,
              controls,
              now,
              identity,
              codeKey: codeKeys.current,
              store: openChallengeStore(table, policy, signal),
              countAddress: (at) => countAddress(table, { ...asking, address, now: at }, signal),
              countBlock:
                blockCeiling === undefined
                  ? undefined
                  : (at) => countBlock(table, { ...asking, ceiling: blockCeiling, now: at }, signal),
              giveBackCount: (taken) => giveBackCount(table, taken, signal),
              countBudget: budget.count,
              giveBackBudget: budget.giveBack,
              pausedSeconds: () => breaker.pausedSeconds(mark),
              send: (message) =>
                breaker.run(
                  mark,
                  (kind) => send(message, kind),
                  () => tell('request-otp.provider-breaker'),
                ),
              onNotGivenBack: (reason) => tell('request-otp.not-given-back', reason),
              onUnproven: () => tell('request-otp.unproven'),
            },
            {
              ...input,
              deviceToken: request.headers[deviceHeader],
              caller: { subject: admission.subject, context: input.context },
              isAttested: admission.isAttested,
            },
          )
        : admission;
    return {
      answer: requestOtpAnswer(outcome, request.id),
      decision: { code: requestOtpCode(outcome), numberTag, ...requestOtpReason(outcome) },
      measures: { ...sends, keyAgeSeconds: secrets.providerKeys.current.ageSeconds() },
    };
  },
});

export { handler };
