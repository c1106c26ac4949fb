/**
 * The rotation of the session secret to another random value. Two rules keep phones signed in, whoever starts it.
 *
 * A refresh token works with the current version and the one before. So a version must stay for as long as a session may
 * be idle, and a rotation is refused while the current version is younger than that and a day.
 *
 * A worker signs with a version once it is 15 minutes old by its CreatedDate, because by then every worker has read it. So
 * the date must be about the time at which the version became current. A run that got stuck and went on later would give a
 * version that looks old and that nobody has read: other workers would call its tokens forged. It has a few minutes.
 */
import { drawSecret } from './drawn-secret.ts';
import type { Rotation } from './rotate-secret.ts';
import { RotationFailed, tooLate, tooSoon } from './rotation-failed.ts';

/** How long a value may be pending. Secrets Manager takes the four steps within seconds. */
export const maxPendingSeconds = 180;

const daySeconds = 86_400;

export interface SessionSecretPorts {
  /** How long a session may be idle, in days. */
  readonly idleDays: number;
  /** Epoch seconds. */
  readonly now: () => number;
  /** When the version with a label was stored, in epoch seconds; undefined without such a version. */
  readonly storedAt: (label: 'AWSCURRENT' | 'AWSPENDING') => Promise<number | undefined>;
}

/** The rotation of the session secret. */
export function sessionSecretRotation({ idleDays, now, storedAt }: SessionSecretPorts): Rotation {
  const isNotTooSoon = async (): Promise<void> => {
    const since = await storedAt('AWSCURRENT');
    const days = idleDays + 1;
    if (since !== undefined && now() - since < days * daySeconds)
      throw new RotationFailed(
        tooSoon,
        `the current version is younger than ${days} days: idle phones use it`,
      );
  };
  const isNotTooLate = async (): Promise<void> => {
    const since = await storedAt('AWSPENDING');
    if (since !== undefined && now() - since > maxPendingSeconds)
      throw new RotationFailed(tooLate, 'the pending value waited for too long: start the rotation anew');
  };
  return {
    // No person waits for this rotation, and Secrets Manager retries by itself.
    afterFailure: 'leave-pending',
    nextValue: async (stored) => {
      await isNotTooSoon();
      if (stored === undefined) return drawSecret();
      await isNotTooLate();
      return undefined;
    },
    check: async (value) => {
      if (!/^[A-Za-z0-9]{64}$/.test(value))
        throw new RotationFailed('malformed', 'the pending value is not one of ours');
    },
    beforeCurrent: async () => {
      await isNotTooSoon();
      await isNotTooLate();
    },
  };
}
