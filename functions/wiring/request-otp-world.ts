/**
 * Wires request-otp: {@link openRequestOtp} runs once at cold start, {@link portsOf} for each request. It holds no decision
 * of the flow. The file is long because it connects everything that the flow depends on.
 */
import { openForeignVerifiers } from '#foreign-verifiers';
import { credentialsOf } from '../http/credentials.ts';
import type { Asked } from '../http/json-endpoint.ts';
import { requestOtpSchema } from '../http/request-otp-endpoint.ts';
import { clientAddress } from '../limits/client-address.ts';
import { openAdmission } from '../otp/admission.ts';
import { obeyed } from '../otp/controls.ts';
import { deriveIdentityKeys } from '../otp/identity-keys.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import { rehearsedAsk } from '../otp/rehearsal.ts';
import type { RequestOtp, RequestOtpPorts } from '../otp/request-otp-ports.ts';
import { openProviderBreaker } from '../provider/breaker.ts';
import { openKeyRing } from '../provider/key-ring.ts';
import { type KeyEvent, openSender, reportKey, type Sender, unreadableEvents } from '../provider/sender.ts';
import { connectProvider } from '../provider/startmessaging.ts';
import { clock, epochSeconds } from '../runtime/clock.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { parsedVariable, variable } from '../runtime/prepared.ts';
import { report } from '../runtime/report.ts';
import { reasonOf } from '../runtime/unavailable.ts';
import { cacheSecret } from '../secrets/cached-secret.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKeys,
  readControls,
  readPreviousProviderKey,
  readProviderKey,
} from '../secrets/secret-readers.ts';
import type { SecretVariable } from '../settings/environment.ts';
import { releaseReserveMs } from '../settings/fixed-numbers.ts';
import { parseSettings } from '../settings/settings.ts';
import { openBudgetWorld } from '../table/budget-day.ts';
import { openBudget } from '../table/budget-store.ts';
import { countAddress, countBlock, giveBackCount } from '../table/counters.ts';
import { openSendStore } from '../table/number-store.ts';
import { openProviderMark } from '../table/provider-mark.ts';
import { openRehearsalTable } from '../table/rehearsal-table.ts';
import { storePolicy } from '../table/store-policy.ts';
import { openTable } from '../table/table.ts';

export const smsSecretName = 'SMS_SECRET_ARN';
const controlsSecretName = 'CONTROLS_SECRET_ARN';

/** What a worker keeps. */
export type RequestOtpWorld = ReturnType<typeof openRequestOtp>;

/** Opens what a worker keeps; reads no secret yet. */
export function openRequestOtp() {
  const client = connectSecretsManager();
  const secret = (name: SecretVariable) => ({ client, name, arn: variable(name) });
  const [smsSecret, controlsSecret] = [secret(smsSecretName), secret(controlsSecretName)];
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  return {
    settings,
    schema: requestOtpSchema(settings),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    budget: openBudgetWorld(),
    provider: parsedVariable('PROVIDER_URL', connectProvider),
    breaker: openProviderBreaker(clock),
    openSender,
    foreign: openForeignVerifiers(settings, clock),
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), clock, deriveIdentityKeys),
    codeKeys: cacheSecret((signal) => readCodeKeys(secret('CODE_SECRET_ARN'), signal), clock),
    keyRing: openKeyRing(
      {
        current: (signal) => readProviderKey(smsSecret, signal),
        previous: (signal) => readPreviousProviderKey(smsSecret, signal),
      },
      clock,
    ),
    controls: cacheSecret(async (signal) => {
      const onMalformed = () => tellControls('worker', 'request-otp.controls-unreadable', 'malformed');
      const read = await readControls(controlsSecret, { signal, onMalformed });
      // The worker then treats it as an ordinary number. `reason` names the kind of code, but neither code nor number.
      return obeyed(read, (reason) => tellControls('worker', 'request-otp.test-number-ignored', reason));
    }, clock),
  };
}

/** The stand-ins for init's rehearsal, which reaches neither the table nor the provider. */
export function requestOtpStage(world: RequestOtpWorld): {
  readonly world: RequestOtpWorld;
  readonly body: object;
} {
  const sender: Sender = { pausedSeconds: async () => 0, send: async () => ({ tag: 'accepted' }) };
  const budget = openBudgetWorld();
  const stage = { ...world, table: openRehearsalTable(), openSender: () => sender, budget };
  return { world: stage, body: rehearsedAsk };
}

function tellControls(requestId: string, code: MessageCode, reason: string): void {
  report({ code, requestId, reason, dependency: controlsSecretName });
}

/** The ports of one request. Every call behind them ends with its signal. The log has `numberTag` in place of the number. */
export async function portsOf(
  world: RequestOtpWorld,
  {
    request,
    input,
    signal,
    remainingMs,
  }: Pick<Asked<RequestOtp>, 'request' | 'input' | 'signal' | 'remainingMs'>,
): Promise<{ readonly ports: RequestOtpPorts; readonly numberTag: string }> {
  const { settings, table, keyRing } = world;
  const requestId = request.id;
  const onFailed = (error: unknown): void => {
    tellControls(requestId, 'request-otp.controls-unreadable', reasonOf(error));
  };
  const [identity, codeKeys, controls, { key: first, unreadable }] = await Promise.all([
    world.identity.get({ signal }),
    world.codeKeys.get({ signal }),
    world.controls.get({ signal, onFailed }),
    keyRing.first(signal),
  ]);
  const tellKey = (event: KeyEvent): void => reportKey({ requestId, dependency: smsSecretName }, event);
  for (const event of unreadableEvents(unreadable)) tellKey(event);
  const { phoneNumber } = input;
  const numberTag = keyedHash(identity.logTag, [phoneNumber]);
  const tell = (code: MessageCode, reason?: string): void => report({ code, requestId, numberTag, reason });
  const budget = openBudget(table, { settings, ...world.budget, numberTag }, signal);
  const counting = { phoneNumber, addressKey: identity.address };
  const address = clientAddress(request.sourceIp, settings);
  const ceiling = settings.sendsPerNumberBlock;
  const ports = {
    settings,
    controls,
    now: epochSeconds,
    identity,
    codeKey: codeKeys.current,
    store: openSendStore(table, world.policy, signal),
    admit: openAdmission({ settings, tell, ...world.foreign(signal) }, credentialsOf(request, settings)),
    strangerCounters: [
      {
        reason: 'address',
        count: (now: number) => countAddress(table, { ...counting, address, now }, signal),
      },
      ...(ceiling === undefined
        ? []
        : [
            {
              reason: 'block' as const,
              count: (now: number) => countBlock(table, { ...counting, ceiling, now }, signal),
            },
          ]),
    ],
    giveBackCount: (taken) => giveBackCount(table, taken, signal),
    countBudget: budget.count,
    giveBackBudget: budget.giveBack,
    ...world.openSender(world, {
      mark: openProviderMark(table, signal),
      first,
      signal,
      remainingMs: () => remainingMs() - releaseReserveMs,
      tell,
      tellKey,
    }),
    tell,
  } satisfies RequestOtpPorts;
  return { ports, numberTag };
}
