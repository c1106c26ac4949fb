/**
 * One secret's rotation in the four steps that Secrets Manager calls. Secrets Manager may repeat each step, so each one
 * relies on the stored state and not on what an earlier call did.
 *
 * A step that fails may remove the label AWSPENDING from its own version. While the label is on a version that is not
 * current, RotateSecret refuses to start again, and nobody should have to repair that by hand. In return, Secrets
 * Manager's own retries then find nothing pending. So a rotation that no person waits for keeps the label. Where a retry is
 * useless (another run became current meanwhile, or the secret may not rotate yet), every rotation gives up the label.
 *
 * When a deployment attaches a rotation without starting it, Secrets Manager only calls testSecret, on a temporary version.
 * That version has a copy of the current value, or none where the secret is empty. The step does nothing then, because a
 * deployment must not fail on account of the key in use or of an empty secret.
 *
 * After a success AWSPENDING stays on the version that is now current. AWS's page warns that removing it with a separate
 * call can look like a rotation that did not complete.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately)
 */
import { isFinal, outdated, RotationFailed, reasonOf } from './rotation-failed.ts';

export const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof rotationSteps)[number];

/** Access to the versions and labels of one secret. */
export interface SecretVersions {
  /** The labels of every version that has one, by version id. */
  readonly labels: () => Promise<ReadonlyMap<string, readonly string[]>>;
  /** The value of a version; undefined while it has none. */
  readonly read: (versionId: string) => Promise<string | undefined>;
  readonly storePending: (versionId: string, value: string) => Promise<void>;
  /** Moves a label to a version from the one that must have it now. Without `to` it only removes the label. */
  readonly moveLabel: (
    label: string,
    move: { readonly to?: string; readonly from?: string },
  ) => Promise<void>;
}

/** A version that has a value. */
export interface StoredVersion {
  readonly versionId: string;
  readonly value: string;
}

/** The parts that differ between rotations. Each throws a `RotationFailed` where the rotation must stop. */
export interface Rotation {
  /** After a failure, `give-up` removes AWSPENDING, and `leave-pending` leaves the rotation to Secrets Manager's retries. */
  readonly afterFailure: 'give-up' | 'leave-pending';
  /** The value to store; undefined when `stored`, what an earlier call of this step left, is that value. */
  readonly nextValue: (stored: string | undefined) => Promise<string | undefined>;
  /** Publishes the next value before it becomes current; absent where nobody needs that. */
  readonly announce?: (value: string) => Promise<void>;
  /** Throws if the next value may not become current. `current` is the value in use, which may be the same. */
  readonly check: (value: string, current: string | undefined) => Promise<void>;
  /** Throws if the next value may not become current any more; absent where it always may. */
  readonly beforeCurrent?: () => Promise<void>;
  /** Whether the next value builds on `current`; absent where that does not matter. */
  readonly isUpToDate?: (value: string, current: StoredVersion | undefined) => boolean;
  /** Runs after the value became current. Secrets Manager may repeat it. */
  readonly finished?: (value: string) => Promise<void>;
  /** Runs after the rotation gave up and removed AWSPENDING. */
  readonly givenUp?: () => Promise<void>;
}

interface Step {
  readonly step: RotationStep;
  readonly versionId: string;
}

/** Runs one step for the version `versionId`. */
export async function rotateSecret(versions: SecretVersions, rotation: Rotation, step: Step): Promise<void> {
  try {
    await run(versions, rotation, step);
  } catch (error) {
    if (rotation.afterFailure === 'leave-pending' && !isFinal(error)) throw error;
    await takeOffPending(versions, step.versionId).catch(() => {
      const reason = `${reasonOf(error)}, and AWSPENDING could not be taken off`;
      throw new RotationFailed(reason, `${reason}: RotateSecret refuses to start until it is`);
    });
    await rotation.givenUp?.();
    throw error;
  }
}

async function run(versions: SecretVersions, rotation: Rotation, { step, versionId }: Step): Promise<void> {
  const labels = await versions.labels();
  const own = labels.get(versionId) ?? [];
  const value = await versions.read(versionId);
  if (own.includes('AWSCURRENT')) {
    // AWSCURRENT has moved already, so an earlier call may have done this work.
    if (step === 'finishSecret' && value !== undefined) await rotation.finished?.(value);
    return;
  }
  const hasNothingToTest = step === 'testSecret' && value === undefined;
  if (hasNothingToTest) return;
  if (!own.includes('AWSPENDING')) {
    const message = 'the secret has no version of this token, or it is not pending: start the rotation anew';
    throw new RotationFailed('not-pending', message);
  }
  if (step === 'createSecret') {
    const next = await rotation.nextValue(value);
    if (next !== undefined) await versions.storePending(versionId, next);
    return;
  }
  if (value === undefined) throw new RotationFailed('no-value', 'createSecret did not run');
  switch (step) {
    case 'setSecret':
      return rotation.announce?.(value);
    case 'testSecret':
      return rotation.check(value, (await findLabelled(versions, labels, 'AWSCURRENT'))?.value);
    case 'finishSecret': {
      await rotation.beforeCurrent?.();
      const from = holderOf(labels, 'AWSCURRENT');
      if (rotation.isUpToDate?.(value, await findLabelled(versions, labels, 'AWSCURRENT')) === false)
        throw new RotationFailed(outdated, 'the pending value was built on an older one');
      await versions.moveLabel('AWSCURRENT', { to: versionId, ...(from !== undefined && { from }) });
      return rotation.finished?.(value);
    }
  }
}

/** The version that has a label by `labels`, if it has a value. */
export async function findLabelled(
  versions: SecretVersions,
  labels: ReadonlyMap<string, readonly string[]>,
  label: string,
): Promise<StoredVersion | undefined> {
  const versionId = holderOf(labels, label);
  const value = versionId === undefined ? undefined : await versions.read(versionId);
  return versionId === undefined || value === undefined ? undefined : { versionId, value };
}

async function takeOffPending(versions: SecretVersions, versionId: string): Promise<void> {
  const own = (await versions.labels()).get(versionId) ?? [];
  if (own.includes('AWSPENDING')) await versions.moveLabel('AWSPENDING', { from: versionId });
}

/** The id of the version that has a label. */
function holderOf(labels: ReadonlyMap<string, readonly string[]>, label: string): string | undefined {
  return [...labels].find(([, own]) => own.includes(label))?.[0];
}
