/** A mistake that somebody could make, as small replacements of exact text, and the tests that must notice it. */

export interface Change {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once, or the mutant has to be mended. */
  readonly from: string;
  readonly to: string;
}

export interface Mutant {
  /** What is wrong then, as a sentence. */
  readonly name: string;
  readonly changes: readonly Change[];
  /** Test files. */
  readonly tests: readonly string[];
}
