/** Entry of the function behind `POST /auth/verify-otp`: wiring only. The flow is `otp/verify-otp.ts`. */
import { openForeignVerifiers } from '#foreign-verifiers';
import { openGuessAccount } from './adapters/budget.ts';
import { cacheSecret } from './adapters/cached-secret.ts';
import { openChallengeStore, storePolicy } from './adapters/challenge-store.ts';
import { findCodeKeys } from './adapters/code-key-finder.ts';
import { countGuess } from './adapters/counters.ts';
import { type GuessMemory, openGuesses } from './adapters/guess-breaker.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKey,
  readCodeKeys,
  readSigningKeySet,
} from './adapters/secrets.ts';
import { importingSigners } from './adapters/signers.ts';
import { connectTable, openTable } from './adapters/table.ts';
import { clock, epochSeconds as now } from './http/clock.ts';
import { credentialsOf } from './http/credentials.ts';
import { initialise } from './http/init.ts';
import { jsonEndpoint } from './http/json-endpoint.ts';
import type { MessageCode } from './http/message-codes.ts';
import { parsedVariable, prepared, variable } from './http/prepared.ts';
import { report } from './http/report.ts';
import {
  verifyOtpAnswer,
  verifyOtpCode,
  verifyOtpReason,
  verifyOtpSchema,
} from './http/verify-otp-endpoint.ts';
import { readSession } from './otp/admission.ts';
import { clientAddress } from './otp/client-address.ts';
import { keyedHash } from './otp/keyed-hash.ts';
import { initWaitMs } from './otp/policy.ts';
import { parseSettings } from './otp/settings.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { signAccessToken } from './tokens/access-token.ts';
import { parseIssuer } from './tokens/issuer.ts';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: string) => ({ client, name, arn: variable(name) });
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
  waitMs: initWaitMs,
});

export const handler = jsonEndpoint(world, {
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
