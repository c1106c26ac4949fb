/** One verifier: it reads the issuer and the tokens, a line each, and prints `ok` or `no` with its reason for each token. */

import type { CommandOptions } from '../install/command.ts';

/** What it said of the tokens, in their order. */
export interface Verified {
  /** Its name and version. */
  readonly tool: string;
  readonly answers: readonly string[];
}

interface Asked {
  readonly issuer: string;
  /** Makes the tokens. It is called when the verifier is ready, because they have their times from then. */
  readonly tokens: () => Promise<readonly string[]>;
  /** Changes the recipe; without it the recipe runs as it stands. */
  readonly change?: (recipe: string) => string;
}

export type Verifier = (asked: Asked) => Promise<Verified>;

/** The input of a verifier of another language: the issuer, and the tokens when it is ready, each on a line. */
export function inputOf({ issuer, tokens }: Asked): Required<Pick<CommandOptions, 'input' | 'whenReady'>> {
  return { input: `${issuer}\n`, whenReady: async () => `${(await tokens()).join('\n')}\n` };
}

/** The answers among what it printed: a library may print lines of its own. */
export function answersIn(printed: string): readonly string[] {
  return printed.split('\n').filter((line) => /^(ok|no\b)/.test(line));
}
