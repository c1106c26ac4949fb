/** A step of a rotation that could not be done, and why. */
import { nameOf } from '../runtime/unavailable.ts';

/** The reason for a run that lost, because another version became current after this run created its value. */
export const outdated = 'outdated';
/** The reason for a run that came before the current version was old enough. */
export const tooSoon = 'too-soon';
/** The reason for a run whose value waited for too long before it could become current. */
export const tooLate = 'too-late';

/** A failed step, with a reason in our own words that the log may show. */
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

/** Whether a retry of the same run cannot mend a failure. */
export function isFinal(error: unknown): boolean {
  return [outdated, tooSoon, tooLate].includes(reasonOf(error));
}
