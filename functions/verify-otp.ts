/** Entry of the function behind `POST /auth/verify-otp`: wiring only. The flow is `otp/verify-otp.ts`. */
import { openForeignVerifiers } from '#foreign-verifiers';
import { credentialsOf } from './http/credentials.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import {
  verifyOtpAnswer,
  verifyOtpCode,
  verifyOtpReason,
  verifyOtpSchema,
} from './http/verify-otp-endpoint.ts';
import { clientAddress } from './limits/client-address.ts';
import { readSession } from './otp/admission.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { rehearsedGuess } from './otp/rehearsal.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { clock, epochSeconds as now } from './runtime/clock.ts';
import { initialise } from './runtime/init.ts';
import type { MessageCode } from './runtime/message-codes.ts';
import { parsedVariable, prepared, variable } from './runtime/prepared.ts';
import { report } from './runtime/report.ts';
import { cacheSecret } from './secrets/cached-secret.ts';
import { findCodeKeys } from './secrets/code-key-finder.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKey,
  readCodeKeys,
  readSigningKeySet,
} from './secrets/secrets.ts';
import { importingSigners } from './secrets/signers.ts';
import type { SecretVariable } from './settings/environment.ts';
import { initWaitMs } from './settings/fixed-numbers.ts';
import { parseSettings } from './settings/settings.ts';
import { defaultPurpose } from './settings/sms-settings.ts';
import { openGuessAccount } from './table/budget-store.ts';
import { countGuess } from './table/counters.ts';
import { type GuessMemory, openGuesses } from './table/guess-breaker.ts';
import { openChallengeStore, storePolicy } from './table/number-store.ts';
import { openRehearsalTable } from './table/rehearsal-table.ts';
import { connectTable, openTable } from './table/table.ts';
import { signAccessToken } from './tokens/access-token.ts';
import { parseIssuer } from './tokens/issuer.ts';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: SecretVariable) => ({ client, name, arn: variable(name) });
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  const readSigners = importingSigners('SIGNING_SECRET_ARN', (signal) =>
    readSigningKeySet(secret('SIGNING_SECRET_ARN'), signal),
  );
  const codeKeys = cacheSecret((signal) => readCodeKeys(secret('CODE_SECRET_ARN'), signal), clock);
  return {
    settings,
    issuer: parsedVariable('ISSUER', parseIssuer),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    schema: verifyOtpSchema(settings),
    foreign: openForeignVerifiers(settings, clock),
    guessMemory: { hour: 0, wrongGuesses: 0 } satisfies GuessMemory,
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), clock),
    codeKeys,
    codeKey: findCodeKeys({
      known: async (signal) => (await codeKeys.get({ signal })).byVersion,
      read: (version, signal) => readCodeKey(secret('CODE_SECRET_ARN'), version, signal),
      clock,
    }),
    signerAt: cacheSecret(readSigners, clock),
  };
});

/** Awaited before the first event. */
export const ready = initialise({
  world,
  prepare: ({ identity, codeKeys, signerAt, table }, signal) => [
    identity.get({ signal }),
    codeKeys.get({ signal }),
    signerAt.get({ signal }),
    connectTable(table, signal),
  ],
  rehearse: async (made, signal) => {
    const identity = await made.identity.get({ signal });
    const { version: keyVersion } = (await made.codeKeys.get({ signal })).current;
    const expiresAt = now() + made.settings.codeLifetimeSeconds;
    const { body, challenge } = rehearsedGuess(identity, { keyVersion, expiresAt, purpose: defaultPurpose });
    const guessMemory = { hour: 0, wrongGuesses: 0 };
    return rehearse({ world: { ...made, table: openRehearsalTable(challenge), guessMemory }, body, signal });
  },
  waitMs: initWaitMs,
});

const { handler, rehearse } = jsonEndpoint(world, {
  codes: { invalid: 'verify-otp.invalid', unavailable: 'verify-otp.unavailable', fault: 'verify-otp.fault' },
  schema: ({ schema }) => schema,
  run: async ({
    world: { settings, issuer, policy, table, foreign, guessMemory, ...secrets },
    request,
    input,
    signal,
  }) => {
    const [identity, signerAt] = await Promise.all([
      secrets.identity.get({ signal }),
      secrets.signerAt.get({ signal }),
      secrets.codeKeys.get({ signal }),
    ]);
    // Before anything is counted: without keys to compare or sign with, no attempt is spent.
    const signer = await signerAt(now());
    const address = clientAddress(request.sourceIp, settings);
    const opened: { numberTag?: string } = {};
    const tell = (code: MessageCode, reason?: string): void =>
      report({ code, requestId: request.id, ...opened, ...(reason !== undefined && { reason }) });
    const outcome = await verifyOtp(
      {
        settings,
        now,
        identity,
        codeKey: (version) => secrets.codeKey(version, signal),
        store: openChallengeStore(table, policy, signal),
        readSession: () => readSession(foreign(signal), credentialsOf(request, settings)),
        guesses: openGuesses({
          settings,
          account: openGuessAccount(table, settings, signal),
          memory: guessMemory,
          countAddress: (at) => countGuess(table, { address, addressKey: identity.address, now: at }, signal),
          onOpen: () => tell('verify-otp.guesses-high'),
          onNotCounted: (reason) => tell('verify-otp.not-counted', reason),
        }),
        onOpened: (phoneNumber) => {
          opened.numberTag = keyedHash(identity.logTag, [phoneNumber]);
        },
        onNotGivenBack: () => tell('verify-otp.not-given-back'),
        onNotRemembered: () => tell('verify-otp.device-not-remembered'),
      },
      input,
    );
    const sign = (verified: Parameters<typeof signAccessToken>[1]) =>
      signAccessToken(signer, verified, { settings, issuer, identity });
    return {
      answer: await verifyOtpAnswer(outcome, { instance: request.id, sign, now }),
      decision: { code: verifyOtpCode(outcome), ...opened, ...verifyOtpReason(outcome) },
    };
  },
});

export { handler };
