/**
 * The rotation of the signing keys to another set, with a new key that signs later, see `signing-key-set.ts`.
 *
 * It publishes the public set before the secret changes, so no worker signs with a key that verifiers cannot see. A
 * pending set that lacks a key of the current one is outdated, so two runs cannot lose a key. A run that gives up publishes
 * the set in use again, because it may have overwritten it with its own.
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

/** What the rotation needs besides the secret. */
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
      // It tests all keys, because workers refuse a set with a key that does not work, even one that does not sign yet.
      for (const key of keys) await ports.tryKey(key, published);
    },
    isUpToDate: (value, current) => {
      const newest = current === undefined ? undefined : parseKeySet(current.value).keys.at(-1);
      return newest === undefined || parseKeySet(value).keys.some(({ kid }) => kid === newest.kid);
    },
    givenUp: async () => publish((await readCurrent(versions)).value),
  };
}

/** A person's request in an emergency. */
interface Replacement {
  /** The id of the version to create. */
  readonly versionId: string;
  /** Ids (`kid`) of keys that verifiers must stop trusting. */
  readonly withdrawn: readonly string[];
}

/**
 * Creates a key that signs at once. It takes the lock from a running rotation, which then gives up. Throws if another run
 * became current meanwhile, and then leaves the keys in use unchanged.
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
