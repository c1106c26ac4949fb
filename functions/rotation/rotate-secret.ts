/**
 * One secret's rotation in the four steps that Secrets Manager calls. Each may be repeated and goes by what is stored,
 * not by what an earlier call did. A step that fails takes the label AWSPENDING off its own version: while it sits on
 * one that is not current, RotateSecret refuses to start again, and nobody should have to repair that by hand.
 *
 * Where a rotation is attached without starting, Secrets Manager tries it with testSecret alone, on a version without a
 * value: there is nothing to test then, and that is no failure.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */

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
  /** Where the next value comes from. */
  readonly nextValue: () => Promise<string>;
  /** Whether the next value may become current. */
  readonly check: (value: string) => Promise<void>;
  /** What remains to be done when it is current; may be repeated. */
  readonly finished: (value: string) => Promise<void>;
}

/** Runs one step for the version `versionId`. */
export async function rotateSecret(
  versions: SecretVersions,
  rotation: Rotation,
  { step, versionId }: { readonly step: RotationStep; readonly versionId: string },
): Promise<void> {
  try {
    await run(versions, rotation, { step, versionId });
  } catch (error) {
    await giveUp(versions, versionId).catch(() => undefined);
    throw error;
  }
}

async function run(
  versions: SecretVersions,
  rotation: Rotation,
  { step, versionId }: { step: RotationStep; versionId: string },
): Promise<void> {
  const labels = await versions.labels();
  const own = labels.get(versionId) ?? [];
  if (!own.includes('AWSPENDING') && !own.includes('AWSCURRENT')) {
    throw new RotationFailed('not-pending', 'the version is not pending: start the rotation anew');
  }
  const value = await versions.read(versionId);
  switch (step) {
    case 'createSecret':
      if (value === undefined) await versions.storePending(versionId, await rotation.nextValue());
      return;
    case 'setSecret':
      return;
    case 'testSecret':
      if (value !== undefined) await rotation.check(value);
      return;
    case 'finishSecret': {
      if (value === undefined) throw new RotationFailed('no-value', 'createSecret did not run');
      const current = holderOf(labels, 'AWSCURRENT');
      if (current !== versionId) {
        await versions.moveLabel('AWSCURRENT', {
          to: versionId,
          ...(current !== undefined && { from: current }),
        });
      }
      await rotation.finished(value);
    }
  }
}

/** Takes AWSPENDING off a version that is not current. */
async function giveUp(versions: SecretVersions, versionId: string): Promise<void> {
  const own = (await versions.labels()).get(versionId) ?? [];
  if (own.includes('AWSPENDING') && !own.includes('AWSCURRENT')) {
    await versions.moveLabel('AWSPENDING', { from: versionId });
  }
}

/** The version that carries a label. */
export function holderOf(labels: ReadonlyMap<string, readonly string[]>, label: string): string | undefined {
  return [...labels].find(([, own]) => own.includes(label))?.[0];
}
