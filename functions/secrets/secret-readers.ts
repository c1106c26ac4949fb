/**
 * Reads secrets from Secrets Manager. Each secret has one reader here, which turns the stored string into what the flows
 * use. It refuses a malformed value, because garbage must never become a key or reach the provider. Nothing here logs.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (staging labels)
 *
 * The file is long because it is a list: one page shows, for every secret, what counts as malformed and what then happens.
 */
import type { KeyObject } from 'node:crypto';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { deriveCodeKey } from '../otp/code.ts';
import { type Controls, parseControls } from '../otp/controls.ts';
import type { IdentityKeys } from '../otp/identity-keys.ts';
import { clientOptions } from '../runtime/aws-client.ts';
import type { Clock } from '../runtime/moment.ts';
import { nameOf, Unavailable } from '../runtime/unavailable.ts';
import { awsTries, secretReadMs } from '../settings/fixed-numbers.ts';
import { parseKeySet, type SigningKeySet } from '../tokens/signing-key-set.ts';
import type { CachedSecret } from './cached-secret.ts';
import { isProviderKey, noProviderKey } from './provider-key-format.ts';
import { cacheUnchangingSecret } from './unchanging-secret.ts';

/** One secret: `name` is that of the environment variable, for the log. */
export interface SecretSource {
  readonly client: SecretsManagerClient;
  readonly name: string;
  readonly arn: string;
}

/** A version of a secret, as it is stored. */
export interface SecretVersion {
  readonly versionId: string;
  readonly value: string;
  /** When the version was stored, epoch seconds. */
  readonly createdAt: number | undefined;
}

/** A StartMessaging key. `versionId` stands for it wherever the key itself must not appear. */
export interface ProviderKey {
  readonly versionId: string;
  readonly key: string;
}

/** The code keys that this worker knows. `current` hashes new codes. Each stored code names the key that checks it. */
export interface CodeKeys {
  readonly current: { readonly version: string; readonly key: KeyObject };
  readonly byVersion: ReadonlyMap<string, KeyObject>;
}

/** Creates a client with timeouts. It sends nothing yet. */
export function connectSecretsManager(): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(awsTries));
}

/** The identity keys, which must stay the same. `derive` makes them from the secret, with those of sessions or without. */
export function cacheIdentityKeys<Keys extends IdentityKeys>(
  source: SecretSource,
  clock: Clock,
  derive: (identitySecret: string) => Keys,
): CachedSecret<Keys> {
  return cacheUnchangingSecret({
    name: source.name,
    load: async (signal) => {
      const { value } = await readCurrent(source, signal);
      return parsed(source, () => derive(value));
    },
    isSame: (first, seen) => first.index.equals(seen.index),
    clock,
  });
}

/** Reads one version of the code secret, with or without a label. A damaged version counts as missing. */
export async function readCodeKey(
  source: SecretSource,
  versionId: string,
  signal: AbortSignal,
): Promise<KeyObject | undefined> {
  const version = await readVersion(source, { VersionId: versionId }, signal);
  return version && codeKeyOrNone(version.value);
}

/** Reads the current and the previous version of the code secret. A damaged previous version counts as missing. */
export async function readCodeKeys(source: SecretSource, signal: AbortSignal): Promise<CodeKeys> {
  const [current, previous] = await Promise.all([
    readCurrent(source, signal),
    readVersion(source, { VersionStage: 'AWSPREVIOUS' }, signal),
  ]);
  return parsed(source, () => {
    const key = deriveCodeKey(current.value);
    const byVersion = new Map([[current.versionId, key] as const]);
    const older = previous && codeKeyOrNone(previous.value);
    if (previous && older) byVersion.set(previous.versionId, older);
    return {
      current: { version: current.versionId, key },
      byVersion,
    };
  });
}

function codeKeyOrNone(value: string): KeyObject | undefined {
  try {
    return deriveCodeKey(value);
  } catch {
    return undefined;
  }
}

/** Reads the current StartMessaging key. */
export async function readProviderKey(source: SecretSource, signal: AbortSignal): Promise<ProviderKey> {
  return providerKey(source, await readCurrent(source, signal));
}

/** Reads the previous StartMessaging key, if there is one. */
export async function readPreviousProviderKey(
  source: SecretSource,
  signal: AbortSignal,
): Promise<ProviderKey | undefined> {
  const previous = await readVersion(source, { VersionStage: 'AWSPREVIOUS' }, signal);
  return previous === undefined || previous.value === noProviderKey
    ? undefined
    : providerKey(source, previous);
}

/** Refuses a value without the format of a key, so that no worker sends it to the provider. */
function providerKey({ name }: SecretSource, { versionId, value }: SecretVersion): ProviderKey {
  if (value === noProviderKey) throw new Unavailable(name, 'empty');
  if (!isProviderKey(value)) throw new Unavailable(name, 'malformed');
  return { versionId, key: value };
}

/**
 * Reads the controls. Where the current version is malformed it falls back to the version before, because a typo must not
 * stop all sign-ins. It reports that, because otherwise a kill switch that no worker reads would look like a working one.
 */
export async function readControls(
  source: SecretSource,
  { signal, onMalformed }: { readonly signal: AbortSignal; readonly onMalformed: () => void },
): Promise<Controls> {
  const current = await readCurrent(source, signal);
  try {
    return parseControls(current.value);
  } catch {
    const previous = await readVersion(source, { VersionStage: 'AWSPREVIOUS' }, signal);
    const controls = parsed(source, () => parseControls(previous?.value ?? ''));
    onMalformed();
    return controls;
  }
}

/** Reads the set of signing keys. */
export async function readSigningKeySet(source: SecretSource, signal: AbortSignal): Promise<SigningKeySet> {
  const { value } = await readCurrent(source, signal);
  return parsed(source, () => parseKeySet(value));
}

/** Runs `parse`; throws `Unavailable` where it refuses the value. */
export function parsed<T>({ name }: SecretSource, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new Unavailable(name, 'malformed');
  }
}

/** Reads AWSCURRENT. Throws `Unavailable` where the secret has none. */
export async function readCurrent(source: SecretSource, signal: AbortSignal): Promise<SecretVersion> {
  const version = await readVersion(source, { VersionStage: 'AWSCURRENT' }, signal);
  if (version === undefined) throw new Unavailable(source.name, 'empty');
  return version;
}

/** Reads a version; undefined where it does not exist yet. The read ends with `signal` or at its own timeout. */
export async function readVersion(
  { client, name, arn }: SecretSource,
  which: { readonly VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS' } | { readonly VersionId: string },
  signal: AbortSignal,
): Promise<SecretVersion | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: arn, ...which });
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(secretReadMs)]);
    const answer = await client.send(command, { abortSignal });
    const { VersionId: versionId, SecretString: value, CreatedDate: created } = answer;
    if (versionId === undefined || value === undefined) throw new Unavailable(name, 'malformed');
    return { versionId, value, createdAt: created && created.getTime() / 1000 };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error instanceof Unavailable ? error : new Unavailable(name, nameOf(error));
  }
}
