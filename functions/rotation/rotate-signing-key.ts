/**
 * Rotation of the signing keys, in the four steps that Secrets Manager calls. Each may be repeated, and each goes
 * by what is stored, not by what an earlier call did.
 *
 * The label AWSPENDING is the lock: Secrets Manager starts no second rotation while it sits on another version. A run
 * that lost against another gives it up, so that the next one can start.
 * The public set is published before the secret changes, so no token is ever signed by a key that nobody can see;
 * and a pending set that lacks a key of the current one is refused, so two runs cannot lose a key.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
import {
  hasWaitingKey,
  publicKeySet,
  type SigningKey,
  type SigningKeySet,
  withEmergencyKey,
  withNewKey,
  withoutOldKeys,
} from '../tokens/signing-key-set.ts';

/** Access to one secret and to the published set. */
export interface RotationPorts {
  /** Epoch seconds. */
  readonly now: () => number;
  readonly longestTokenSeconds: number;
  readonly labelsOf: (versionId: string) => Promise<readonly string[] | undefined>;
  readonly readCurrent: () => Promise<{ readonly versionId: string; readonly keySet: SigningKeySet }>;
  /** The set of a version; undefined while it has no value. */
  readonly readVersion: (versionId: string) => Promise<SigningKeySet | undefined>;
  readonly storePending: (versionId: string, keySet: SigningKeySet) => Promise<void>;
  readonly makeCurrent: (versionId: string, previousVersionId: string) => Promise<void>;
  /** Takes AWSPENDING off a version. */
  readonly giveUp: (versionId: string) => Promise<void>;
  readonly publish: (jwks: string) => Promise<void>;
  readonly readPublished: () => Promise<string | undefined>;
  readonly generateKey: () => Promise<Omit<SigningKey, 'activeFrom'>>;
  /** Signs something with the key and verifies it with the published set; throws when that fails. */
  readonly tryKey: (key: SigningKey, jwks: string) => Promise<void>;
}

export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** Runs one step for the version `versionId`; throws a sentence that says what is wrong. */
export async function rotateSigningKey(
  ports: RotationPorts,
  step: RotationStep,
  versionId: string,
): Promise<void> {
  const labels = await ports.labelsOf(versionId);
  if (labels === undefined) throw new Error('the secret has no version of this token');
  if (labels.includes('AWSCURRENT')) return;
  if (!labels.includes('AWSPENDING'))
    throw new Error('the version is not pending: another rotation has the lock');
  switch (step) {
    case 'createSecret':
      return createSecret(ports, versionId);
    case 'setSecret':
      return ports.publish(JSON.stringify(publicKeySet(await readPending(ports, versionId))));
    case 'testSecret':
      return testSecret(ports, versionId);
    case 'finishSecret':
      return finishSecret(ports, versionId);
  }
}

async function createSecret(ports: RotationPorts, versionId: string): Promise<void> {
  if ((await ports.readVersion(versionId)) !== undefined) return;
  const { keySet } = await ports.readCurrent();
  const times = { now: ports.now(), longestTokenSeconds: ports.longestTokenSeconds };
  const next = hasWaitingKey(keySet, times.now)
    ? withoutOldKeys(keySet, times)
    : withNewKey(keySet, await ports.generateKey(), times);
  await ports.storePending(versionId, next);
}

async function testSecret(ports: RotationPorts, versionId: string): Promise<void> {
  const [pending, published] = await Promise.all([readPending(ports, versionId), ports.readPublished()]);
  if (pending.keys.length === 0 || published === undefined) throw new Error('nothing was published to test');
  // All of them: workers refuse a set with a key that does not work, whether it signs now or not.
  for (const key of pending.keys) await ports.tryKey(key, published);
}

async function finishSecret(ports: RotationPorts, versionId: string): Promise<void> {
  const [pending, current] = await Promise.all([readPending(ports, versionId), ports.readCurrent()]);
  const isBuiltOn = (key: SigningKey | undefined): boolean =>
    key === undefined || pending.keys.some(({ kid }) => kid === key.kid);
  if (!isBuiltOn(current.keySet.keys.at(-1))) {
    await giveUp(ports, versionId);
    throw new Error('the pending set was built on an older one');
  }
  await ports.makeCurrent(versionId, current.versionId);
}

/**
 * A new key that signs at once, under the version `versionId`; `withdrawn` names keys (`kid`) that nobody shall trust
 * any longer. It takes the lock from a rotation that is under way, which then gives up. Throws, having changed nothing
 * that is in use, if another run became current meanwhile.
 */
export async function replaceSigningKeyNow(
  ports: RotationPorts,
  versionId: string,
  withdrawn: readonly string[],
): Promise<void> {
  const [current, key] = await Promise.all([ports.readCurrent(), ports.generateKey()]);
  const unknown = withdrawn.filter((kid) => !current.keySet.keys.some((known) => known.kid === kid));
  if (unknown.length > 0) throw new Error('no signing key has the kid to withdraw');
  const times = { now: ports.now(), longestTokenSeconds: ports.longestTokenSeconds };
  const next = withEmergencyKey(current.keySet, key, { ...times, withdrawn });
  await ports.storePending(versionId, next);
  try {
    await ports.publish(JSON.stringify(publicKeySet(next)));
    await testSecret(ports, versionId);
    await ports.makeCurrent(versionId, current.versionId);
  } catch (error) {
    await giveUp(ports, versionId);
    throw error;
  }
}

/** Gives up the lock, and publishes again what is in use: this run may have published its own set over it. */
async function giveUp(ports: RotationPorts, versionId: string): Promise<void> {
  await ports.giveUp(versionId);
  const { keySet } = await ports.readCurrent();
  await ports.publish(JSON.stringify(publicKeySet(keySet)));
}

async function readPending(ports: RotationPorts, versionId: string): Promise<SigningKeySet> {
  const pending = await ports.readVersion(versionId);
  if (pending === undefined) throw new Error('the pending version has no value: createSecret did not run');
  return pending;
}
