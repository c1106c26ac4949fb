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
import { openTable } from './adapters/table.ts';
import { epochSeconds as now } from './http/clock.ts';
import { credentialsOf } from './http/credentials.ts';
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
import { parseSettings } from './otp/settings.ts';
import { verifyOtp } from './otp/verify-otp.ts';
import { signAccessToken } from './tokens/access-token.ts';
import { parseIssuer } from './tokens/issuer.ts';

const world = prepared(() => {
  const client = connectSecretsManager();
  const secret = (name: string) => ({ client, name, arn: variable(name) });
  const settings = parsedVariable('SETTINGS', (text) => parseSettings(JSON.parse(text)));
  const readSigners = importingSigners('SIGNING_SECRET_ARN', () =>
    readSigningKeySet(secret('SIGNING_SECRET_ARN')),
  );
  const codeKeys = cacheSecret(() => readCodeKeys(secret('CODE_SECRET_ARN')), now);
  return {
    settings,
    issuer: parsedVariable('ISSUER', parseIssuer),
    policy: storePolicy(settings),
    table: openTable(variable('TABLE_NAME')),
    schema: verifyOtpSchema(settings),
    foreign: openForeignVerifiers(settings, now),
    guessMemory: { hour: 0, wrongGuesses: 0 } satisfies GuessMemory,
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), now),
    codeKeys,
    codeKey: findCodeKeys({
      known: async () => (await codeKeys.get()).byVersion,
      read: (version) => readCodeKey(secret('CODE_SECRET_ARN'), version),
      now,
    }),
    signerAt: cacheSecret(readSigners, now),
  };
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
      secrets.identity.get(),
      secrets.signerAt.get(),
      secrets.codeKeys.get(),
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
        codeKey: secrets.codeKey,
        store: openChallengeStore(table, policy, signal),
        readSession: () => readSession(foreign, credentialsOf(request, settings)),
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
