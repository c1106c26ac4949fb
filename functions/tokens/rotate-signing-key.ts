/**
 * Rotation of the signing keys, in the four steps that Secrets Manager calls. Each may be repeated, and each goes
 * by what is stored, not by what an earlier call did.
 *
 * The label AWSPENDING is the lock: Secrets Manager starts no second rotation while it sits on another version.
 * The public set is published before the secret changes, so no token is ever signed by a key that nobody can see;
 * and a pending set that lacks a key of the current one is refused, so two runs cannot lose a key.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
import { publicKeySet, type SigningKey, type SigningKeySet, withNewKey } from './signing-key-set.ts';

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
  const [{ keySet }, key] = await Promise.all([ports.readCurrent(), ports.generateKey()]);
  const { longestTokenSeconds } = ports;
  await ports.storePending(versionId, withNewKey(keySet, key, { now: ports.now(), longestTokenSeconds }));
}

async function testSecret(ports: RotationPorts, versionId: string): Promise<void> {
  const [pending, published] = await Promise.all([readPending(ports, versionId), ports.readPublished()]);
  const newest = pending.keys.at(-1);
  if (newest === undefined || published === undefined) throw new Error('nothing was published to test');
  await ports.tryKey(newest, published);
}

async function finishSecret(ports: RotationPorts, versionId: string): Promise<void> {
  const [pending, current] = await Promise.all([readPending(ports, versionId), ports.readCurrent()]);
  const isBuiltOn = (key: SigningKey | undefined): boolean =>
    key === undefined || pending.keys.some(({ kid }) => kid === key.kid);
  if (!isBuiltOn(current.keySet.keys.at(-1))) throw new Error('the pending set was built on an older one');
  await ports.makeCurrent(versionId, current.versionId);
}

async function readPending(ports: RotationPorts, versionId: string): Promise<SigningKeySet> {
  const pending = await ports.readVersion(versionId);
  if (pending === undefined) throw new Error('the pending version has no value: createSecret did not run');
  return pending;
}
