/**
 * Wires verify-otp: {@link openVerifyOtp} runs once at cold start, {@link portsOf} for each request. It holds no decision of
 * the flow.
 */
import { openForeignVerifiers } from '#foreign-verifiers';
import { deriveKeys, openSessionStarts } from '#session-starts';
import { credentialsOf } from '../http/credentials.ts';
import type { Asked } from '../http/json-endpoint.ts';
import { type Granted, type VerifyOtpBody, verifyOtpSchema } from '../http/verify-otp-endpoint.ts';
import { clientAddress } from '../limits/client-address.ts';
import { openAdmission } from '../otp/admission.ts';
import { keyedHash } from '../otp/keyed-hash.ts';
import { rehearsedGuess } from '../otp/rehearsal.ts';
import { type OpenedRequestId, openRequestId } from '../otp/request-id.ts';
import type { Verified, VerifyOtpPorts } from '../otp/verify-otp-ports.ts';
import { clock, epochSeconds } from '../runtime/clock.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { parsedVariable, variable } from '../runtime/prepared.ts';
import { report } from '../runtime/report.ts';
import { cacheSecret } from '../secrets/cached-secret.ts';
import { findCodeKeys } from '../secrets/code-key-finder.ts';
import {
  cacheIdentityKeys,
  connectSecretsManager,
  readCodeKey,
  readCodeKeys,
  readSigningKeySet,
} from '../secrets/secret-readers.ts';
import { importingSigners } from '../secrets/signers.ts';
import type { SecretVariable } from '../settings/environment.ts';
import { parseSettings } from '../settings/settings.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { openBudgetWorld } from '../table/budget-day.ts';
import { countGuess } from '../table/counters.ts';
import { openGuessAccount } from '../table/guess-account.ts';
import { type GuessMemory, openGuesses } from '../table/guess-breaker.ts';
import { itemWith } from '../table/number-item.ts';
import { openAttemptStore } from '../table/number-store.ts';
import { openRehearsalTable } from '../table/rehearsal-table.ts';
import { storePolicy } from '../table/store-policy.ts';
import { openTable } from '../table/table.ts';
import { signAccessToken } from '../tokens/access-token.ts';
import { parseIssuer } from '../tokens/issuer.ts';

/** What a worker keeps. */
export type VerifyOtpWorld = ReturnType<typeof openVerifyOtp>;

/** Opens what a worker keeps; reads no secret yet. */
export function openVerifyOtp() {
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
    sessions: openSessionStarts(settings, secret),
    budget: openBudgetWorld(),
    guessMemory: { openHour: undefined } as GuessMemory,
    identity: cacheIdentityKeys(secret('IDENTITY_SECRET_ARN'), clock, deriveKeys),
    codeKeys,
    codeKey: findCodeKeys({
      known: async (signal) => (await codeKeys.get({ signal })).byVersion,
      read: (version, signal) => readCodeKey(secret('CODE_SECRET_ARN'), version, signal),
      clock,
    }),
    signerAt: cacheSecret(readSigners, clock),
  };
}

/** The stand-ins for init's rehearsal. It does not reach the table, and its guess is wrong. */
export async function verifyOtpStage(
  world: VerifyOtpWorld,
  signal: AbortSignal,
): Promise<{ readonly world: VerifyOtpWorld; readonly body: object }> {
  const identity = await world.identity.get({ signal });
  const { version: keyVersion } = (await world.codeKeys.get({ signal })).current;
  const expiresAt = epochSeconds() + world.settings.codeLifetimeSeconds;
  const { body, challenge } = rehearsedGuess(identity, { keyVersion, expiresAt, purpose: defaultPurpose });
  const afresh = { budget: openBudgetWorld(), guessMemory: { openHour: undefined } };
  return { world: { ...world, table: openRehearsalTable(itemWith(challenge)), ...afresh }, body };
}

/** The parts of one request besides its input. */
interface VerifyOtpRequest {
  /** Ends every call of the request. */
  readonly ports: VerifyOtpPorts;
  readonly opened: OpenedRequestId | undefined;
  /** The log has this tag in place of the number, once the id has opened. */
  readonly numberTag: string | undefined;
  /** Starts the session that the app asked for, and signs the access token. */
  readonly sign: (verified: Verified) => Promise<Granted>;
}

/** The ports of one request, and the content of its id. */
export async function portsOf(
  world: VerifyOtpWorld,
  { request, input, signal }: Pick<Asked<VerifyOtpBody>, 'request' | 'input' | 'signal'>,
): Promise<VerifyOtpRequest> {
  const { settings, issuer, table } = world;
  const [identity, signerAt] = await Promise.all([
    world.identity.get({ signal }),
    world.signerAt.get({ signal }),
    world.codeKeys.get({ signal }),
  ]);
  // This comes before the count, so that an attempt is not spent when the keys to compare or sign are missing.
  const signer = await signerAt(epochSeconds());
  const opened = openRequestId(identity.seal, input.requestId);
  const numberTag = opened && keyedHash(identity.logTag, [opened.phoneNumber]);
  const tell = (code: MessageCode, reason?: string): void =>
    report({ code, requestId: request.id, numberTag, reason });
  const counting = { address: clientAddress(request.sourceIp, settings), addressKey: identity.address };
  const ports = {
    settings,
    now: epochSeconds,
    identity,
    codeKey: (version: string) => world.codeKey(version, signal),
    store: openAttemptStore(table, world.policy, signal),
    admit: openAdmission({ settings, tell, ...world.foreign(signal) }, credentialsOf(request, settings)),
    guesses: openGuesses({
      settings,
      account: openGuessAccount(table, { settings, ...world.budget, numberTag: numberTag ?? '' }, signal),
      memory: world.guessMemory,
      countAddress: (now) => countGuess(table, { ...counting, now }, signal),
      onOpen: () => tell('verify-otp.guesses-high'),
      onNotCounted: (reason) => tell('verify-otp.not-counted', reason),
    }),
    tell,
  } satisfies VerifyOtpPorts;
  const start = world.sessions.startFor({ request, input, opened, identity, table, signal, tell });
  const sign = async (verified: Verified): Promise<Granted> => {
    const { token, members } = await start(verified);
    const signed = await signAccessToken(signer, { ...verified, ...token }, { settings, issuer, identity });
    return { ...signed, members };
  };
  return { ports, opened, numberTag, sign };
}
