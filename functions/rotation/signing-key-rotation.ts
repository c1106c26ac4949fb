/**
 * The rotation of the signing keys: another set, with a new key that signs later, see `signing-key-set.ts`.
 *
 * The public set is published before the secret changes, so no token is ever signed by a key that nobody can see. A
 * pending set that lacks a key of the current one is outdated, so two runs cannot lose a key. A run that gives up
 * publishes again what is in use: it may have published its own set over it.
 */
import {
  hasWaitingKey,
  parseKeySet,
  publicKeySet,
  type SigningKey,
  type SigningKeySet,
  withEmergencyKey,
  withNewKey,
  withoutOldKeys,
} from '../tokens/signing-key-set.ts';
import {
  findLabelled,
  type Rotation,
  rotateSecret,
  type SecretVersions,
  type StoredVersion,
} from './rotate-secret.ts';
import { RotationFailed } from './rotation-failed.ts';

/** What the rotation needs beside the secret. */
export interface SigningKeyPorts {
  /** Epoch seconds. */
  readonly now: () => number;
  readonly longestTokenSeconds: number;
  readonly publish: (jwks: string) => Promise<void>;
  readonly readPublished: () => Promise<string | undefined>;
  readonly generateKey: () => Promise<Omit<SigningKey, 'activeFrom'>>;
  /** Signs something with the key and verifies it with the published set; throws when that fails. */
  readonly tryKey: (key: SigningKey, jwks: string) => Promise<void>;
}

/** The rotation of the signing keys. */
export function signingKeyRotation(versions: SecretVersions, ports: SigningKeyPorts): Rotation {
  const publish = (value: string): Promise<void> =>
    ports.publish(JSON.stringify(publicKeySet(parseKeySet(value))));
  return {
    // Nobody waits for it, and Secrets Manager tries again by itself.
    afterFailure: 'leave-pending',
    nextValue: async (stored) => {
      if (stored !== undefined) return undefined;
      const { keySet } = await readCurrent(versions);
      const times = { now: ports.now(), longestTokenSeconds: ports.longestTokenSeconds };
      const next = hasWaitingKey(keySet, times.now)
        ? withoutOldKeys(keySet, times)
        : withNewKey(keySet, await ports.generateKey(), times);
      return JSON.stringify(next);
    },
    announce: publish,
    check: async (value) => {
      const { keys } = parseKeySet(value);
      const published = await ports.readPublished();
      if (keys.length === 0 || published === undefined)
        throw new RotationFailed('not-published', 'nothing was published to test');
      // All of them: workers refuse a set with a key that does not work, whether it signs now or not.
      for (const key of keys) await ports.tryKey(key, published);
    },
    isUpToDate: (value, current) => {
      const newest = current === undefined ? undefined : parseKeySet(current.value).keys.at(-1);
      return newest === undefined || parseKeySet(value).keys.some(({ kid }) => kid === newest.kid);
    },
    givenUp: async () => publish((await readCurrent(versions)).value),
  };
}

/** What a person asks for in an emergency. */
interface Replacement {
  /** Of the version to make. */
  readonly versionId: string;
  /** Names of keys (`kid`) that nobody shall trust any longer. */
  readonly withdrawn: readonly string[];
}

/**
 * A new key that signs at once. It takes the lock from a rotation that is under way, which then gives up. Throws,
 * having changed nothing that is in use, if another run became current meanwhile.
 */
export async function replaceSigningKeyNow(
  versions: SecretVersions,
  ports: SigningKeyPorts,
  { versionId, withdrawn }: Replacement,
): Promise<void> {
  const [replaced, key] = await Promise.all([readCurrent(versions), ports.generateKey()]);
  const unknown = withdrawn.filter((kid) => !replaced.keySet.keys.some((known) => known.kid === kid));
  if (unknown.length > 0) throw new RotationFailed('unknown-kid', 'no signing key has the kid to withdraw');
  const times = { now: ports.now(), longestTokenSeconds: ports.longestTokenSeconds };
  const next = withEmergencyKey(replaced.keySet, key, { ...times, withdrawn });
  await versions.storePending(versionId, JSON.stringify(next));
  const rotation: Rotation = {
    ...signingKeyRotation(versions, ports),
    afterFailure: 'give-up',
    isUpToDate: (_, current) => current?.versionId === replaced.versionId,
  };
  for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const)
    await rotateSecret(versions, rotation, { step, versionId });
}

interface CurrentSet extends StoredVersion {
  readonly keySet: SigningKeySet;
}

async function readCurrent(versions: SecretVersions): Promise<CurrentSet> {
  const current = await findLabelled(versions, await versions.labels(), 'AWSCURRENT');
  if (current === undefined) throw new RotationFailed('no-current', 'the secret has no current value');
  return { ...current, keySet: parseKeySet(current.value) };
}
