/**
 * Something that we depend on did not do its part: the table, a secret, the settings. The app may try again; the
 * log says what it was. The cause is kept as a name only: messages of other people's errors may hold anything.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** What failed: `table`, the name of a secret's variable, or the name of a setting's variable. */
  readonly dependency: string;
  /** Why, in one word, such as `AccessDeniedException` or `empty`. */
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
