/**
 * Whose the attempts in a number's register are, as far as the item still knows, and what a success gives back of them.
 *
 * The register `tried` is shared by everybody who holds a live request for the number. Beside its newest times stand the
 * tags of the challenges that they were made at. A success gives back the attempts at its own challenge, and at the one
 * that it resends or that resends it: they were the user's. It gives back nobody else's, so a stranger's guesses count
 * against the day whatever the owner does, and an owner who signs in leaves nothing behind that could lock them out.
 *
 * What the item no longer knows the challenge of is not given back: the safe side.
 */
import { none, type PhoneRecord } from './number-record.ts';

/** Characters of a challenge's id: 18 bits, and nobody chooses their id. */
const tagCharacters = 3;

/** So often the register is changed while others count at the same moment; then nothing is given back. */
export const maxChangeTries = 5;

/** The register of attempts, newest first. */
export interface Attempts {
  /** Epoch seconds; 0 is no attempt. */
  readonly tried: readonly number[];
  /** The tags of the newest ones; `-` where it is not known. */
  readonly triedBy: readonly string[];
}

/** What the register remembers of a challenge. */
export function attemptTag(challengeId: string): string {
  return challengeId.slice(0, tagCharacters);
}

/** How many of the attempts that the item knows the challenge of were made at this one. */
export function attemptsAt({ triedBy }: Pick<Attempts, 'triedBy'>, challengeId: string): number {
  return triedBy.filter((tag) => tag === attemptTag(challengeId)).length;
}

/** The register without the attempts at these challenges. */
export function withoutAttemptsAt(attempts: Attempts, challengeIds: readonly string[]): Attempts {
  const tags = challengeIds.map(attemptTag);
  return filtered(attempts, ({ tag }) => !tags.includes(tag));
}

/** The register without one attempt at `challengeId` of that time; two of one second are alike. */
export function withoutAttempt(
  attempts: Attempts,
  { challengeId, at }: { readonly challengeId: string; readonly at: number },
): Attempts {
  const { tried, triedBy } = attempts;
  const place = tried.findIndex((time, i) => time === at && triedBy[i] === attemptTag(challengeId));
  return filtered(attempts, ({ i }) => i !== place);
}

/** The ids of the user's own challenges: this one, and the other in the item if one of the two resends the other. */
export function ownChallengeIds(
  { latest, earlier }: Pick<PhoneRecord, 'latest' | 'earlier'>,
  challengeId: string,
): readonly string[] {
  const isResend = latest !== undefined && latest.after !== none && latest.after === earlier?.id;
  const pair = isResend ? [latest.id, latest.after] : [];
  return pair.includes(challengeId) ? pair : [challengeId];
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
