/**
 * Who made the attempts in a number's register, and which of them a success gives back.
 *
 * Everybody who holds a live request for the number shares the register `tried`. For the newest attempts the item also
 * keeps a tag of the challenge that each was made at. A success gives back the attempts at its own challenge, and at the
 * challenge that it resends or that resends it, because the user made those. It gives back no others: a stranger's guesses
 * keep counting against the day's limit. An owner who signs in thus cannot lock themselves out by their own typos.
 *
 * An attempt without a tag is not given back, which is the safe side.
 */
import { none } from './number-record.ts';

/** Characters of a challenge's id that make its tag. They hold 18 bits, and no client can choose its id. */
const tagCharacters = 3;

/** Tries to change the register while others count at the same moment. After the last one, nothing is given back. */
export const maxChangeTries = 5;

/** The register of attempts, newest first. */
export interface Attempts {
  /** Epoch seconds; 0 is no attempt. */
  readonly tried: readonly number[];
  /** The tags of the newest attempts; `-` where the challenge is not known. */
  readonly triedBy: readonly string[];
}

/** The tag of a challenge in the register. */
export function attemptTag(challengeId: string): string {
  return challengeId.slice(0, tagCharacters);
}

/** How many of the tagged attempts were made at this challenge. */
export function attemptsAt({ triedBy }: Pick<Attempts, 'triedBy'>, challengeId: string): number {
  return triedBy.filter((tag) => tag === attemptTag(challengeId)).length;
}

/** The register without the attempts at these challenges. */
export function withoutAttemptsAt(attempts: Attempts, challengeIds: readonly string[]): Attempts {
  const tags = challengeIds.map(attemptTag);
  return filtered(attempts, ({ tag }) => !tags.includes(tag));
}

/** The register without one attempt at `challengeId` in the second `at`. */
export function withoutAttempt(
  attempts: Attempts,
  { challengeId, at }: { readonly challengeId: string; readonly at: number },
): Attempts {
  const { tried, triedBy } = attempts;
  const place = tried.findIndex((time, i) => time === at && triedBy[i] === attemptTag(challengeId));
  return filtered(attempts, ({ i }) => i !== place);
}

function filtered(
  { tried, triedBy }: Attempts,
  isLeft: (attempt: { readonly tag: string; readonly i: number }) => boolean,
): Attempts {
  const left = tried
    .map((time, i) => ({ time, tag: triedBy[i] ?? none, i }))
    .filter((attempt) => attempt.time > 0 && isLeft(attempt));
  return {
    tried: left.map(({ time }) => time),
    triedBy: left.map(({ tag }) => tag).slice(0, triedBy.length),
  };
}
