/** A step of a rotation that could not be done, and why. */
import { nameOf } from '../runtime/unavailable.ts';

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
