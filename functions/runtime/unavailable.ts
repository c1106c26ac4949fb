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

/** The name of whatever was thrown. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
