/** The challenges that belong to the user who holds an id: its own, and the item's other one if either resends the other. */
import { type Challenge, isLive, type PhoneRecord } from './number-record.ts';

type Slots = Pick<PhoneRecord, 'latest' | 'earlier'>;

/** The latest challenge and the earlier one, if it resends that one. */
function resendIn({ latest, earlier }: Slots): readonly Challenge[] {
  return latest !== undefined && earlier !== undefined && latest.after === earlier.id
    ? [latest, earlier]
    : [];
}

/** The ids of the user's challenges, live or not. */
export function ownChallengeIds(slots: Slots, challengeId: string): readonly string[] {
  const pair = resendIn(slots).map(({ id }) => id);
  return pair.includes(challengeId) ? pair : [challengeId];
}

/**
 * The live challenges that a code may be typed for: the one of `challengeId` first, and none if that one is not live. The
 * other of a resend must have the same purpose, and both or neither must need a session. They can differ in that when the
 * settings changed between the two. `now` is in epoch seconds.
 */
export function ownChallenges(slots: Slots, challengeId: string, now: number): readonly Challenge[] {
  const own = [slots.latest, slots.earlier].find((one) => one?.id === challengeId);
  if (!isLive(own, now)) return [];
  const isAlike = ({ id, purpose, needsSession }: Challenge): boolean =>
    id !== own.id && purpose === own.purpose && needsSession === own.needsSession;
  return [own, ...resendIn(slots).filter((other) => isAlike(other) && isLive(other, now))];
}
