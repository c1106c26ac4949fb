/** A mistake that a developer could make, as small replacements of exact text, and the tests that must catch it. */

export interface Change {
  /** From the root of the repository. */
  readonly file: string;
  /** The text to replace. It must occur in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  /** The mistake, as a sentence. */
  readonly name: string;
  readonly changes: readonly Change[];
  /** Test files. */
  readonly tests: readonly string[];
}
