/**
 * One secret's rotation in the four steps that Secrets Manager calls. Each may be repeated and goes by what is stored,
 * not by what an earlier call did.
 *
 * A step that fails may take the label AWSPENDING off its own version: while it sits on one that is not current,
 * RotateSecret refuses to start again, and nobody should have to repair that by hand. The price is that Secrets
 * Manager's own retries then find nothing pending, so a rotation that no person waits for keeps the label.
 *
 * Where a rotation is attached without starting, Secrets Manager tries it with testSecret alone, on a version that is
 * soon taken away: it has a copy of the current value, or none where the secret is empty. There is nothing to test
 * then, and a deployment must not fail because the key in use, or none, would.
 *
 * After success AWSPENDING stays where it is, on the version that is current now: AWS's page warns that taking it off by
 * a call of its own can look like a rotation that did not complete.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately)
 */
import { nameOf } from '../runtime/unavailable.ts';

export const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof rotationSteps)[number];

/** Why a step failed, in a word of ours that may be logged. */
export class RotationFailed extends Error {
  override readonly name = 'RotationFailed';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Why a step failed, for the log: our own word, or the name of what was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof RotationFailed ? error.reason : nameOf(error);
}

/** Access to the versions and labels of one secret. */
export interface SecretVersions {
  /** The labels of every version that has one, by version id. */
  readonly labels: () => Promise<ReadonlyMap<string, readonly string[]>>;
  /** The value of a version; undefined while it has none. */
  readonly read: (versionId: string) => Promise<string | undefined>;
  readonly storePending: (versionId: string, value: string) => Promise<void>;
  /** Moves a label to a version, off the one that it must be on now; without `to` it is only taken off. */
  readonly moveLabel: (
    label: string,
    move: { readonly to?: string; readonly from?: string },
  ) => Promise<void>;
}

/** What a rotation does of its own. Throws a `RotationFailed` where it must not go on. */
export interface Rotation {
  /** `give-up` takes AWSPENDING off; `leave-pending` leaves the rotation to Secrets Manager's retries. */
  readonly afterFailure: 'give-up' | 'leave-pending';
  /** The value to store; undefined when `stored`, what an earlier call of this step left, is that value. */
  readonly nextValue: (stored: string | undefined) => Promise<string | undefined>;
  /** Whether the next value may become current. */
  readonly check: (value: string) => Promise<void>;
  /** What remains to be done when it is current; may be repeated. */
  readonly finished: (value: string) => Promise<void>;
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
    if (rotation.afterFailure === 'leave-pending') throw error;
    await takeOffPending(versions, step.versionId).catch(() => {
      const reason = `${reasonOf(error)}, and AWSPENDING could not be taken off`;
      throw new RotationFailed(reason, `${reason}: RotateSecret refuses to start until it is`);
    });
    throw error;
  }
}

async function run(versions: SecretVersions, rotation: Rotation, { step, versionId }: Step): Promise<void> {
  const labels = await versions.labels();
  const own = labels.get(versionId) ?? [];
  const value = await versions.read(versionId);
  if (own.includes('AWSCURRENT')) {
    // AWSCURRENT has moved already: what is repeated here may have been done before.
    if (step === 'finishSecret' && value !== undefined) await rotation.finished(value);
    return;
  }
  const hasNothingToTest = step === 'testSecret' && value === undefined;
  if (hasNothingToTest) return;
  if (!own.includes('AWSPENDING')) {
    throw new RotationFailed('not-pending', 'the version is not pending: start the rotation anew');
  }
  switch (step) {
    case 'createSecret': {
      const next = await rotation.nextValue(value);
      if (next !== undefined) await versions.storePending(versionId, next);
      return;
    }
    case 'setSecret':
      // What the secret opens knows the value already, or needs no telling.
      return;
    case 'testSecret':
      if (value !== undefined && value !== (await readCurrent(versions, labels))) await rotation.check(value);
      return;
    case 'finishSecret': {
      if (value === undefined) throw new RotationFailed('no-value', 'createSecret did not run');
      const from = holderOf(labels, 'AWSCURRENT');
      await versions.moveLabel('AWSCURRENT', { to: versionId, ...(from !== undefined && { from }) });
      return rotation.finished(value);
    }
  }
}

async function readCurrent(
  versions: SecretVersions,
  labels: ReadonlyMap<string, readonly string[]>,
): Promise<string | undefined> {
  const versionId = holderOf(labels, 'AWSCURRENT');
  return versionId === undefined ? undefined : versions.read(versionId);
}

async function takeOffPending(versions: SecretVersions, versionId: string): Promise<void> {
  const own = (await versions.labels()).get(versionId) ?? [];
  if (own.includes('AWSPENDING')) await versions.moveLabel('AWSPENDING', { from: versionId });
}

/** The version that carries a label. */
export function holderOf(labels: ReadonlyMap<string, readonly string[]>, label: string): string | undefined {
  return [...labels].find(([, own]) => own.includes(label))?.[0];
}
