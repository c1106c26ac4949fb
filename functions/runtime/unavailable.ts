/**
 * A dependency failed: the table, a secret, or the settings. The app may retry, and the log names the dependency. The error
 * keeps only the name of the cause, because messages of foreign errors may contain anything.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** The dependency: `table`, the name of a secret's variable, or the name of a setting's variable. */
  readonly dependency: string;
  /** The reason in one word, such as `AccessDeniedException` or `empty`. */
  readonly reason: string;

  constructor(dependency: string, reason: string) {
    super(`${dependency}: ${reason}`);
    this.dependency = dependency;
    this.reason = reason;
  }
}

/** Why a call failed, in one word: the reason of an {@link Unavailable}, or the name of whatever else was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Unavailable ? error.reason : nameOf(error);
}

/** The same, with the dependency before the reason where it is known: `table: AccessDeniedException`. */
export function causeOf(error: unknown): string {
  return error instanceof Unavailable ? error.message : nameOf(error);
}

/** The name of whatever was thrown. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
