/**
 * What the table remembers of a number's sessions. One item, partition key `sessions#<phoneKey>`, under 1 KB.
 * A test number's have `sessions#test#<phoneKey>`, apart from those of the number's owner:
 *
 *     s<id>     one session: a map { g, r, b, a, p, l }
 *                 g   generation of its latest refresh token
 *                 r   epoch seconds of the last refresh; at first that of the sign-in
 *                 b   epoch seconds of the sign-in that began it
 *                 a   keyed hash of the attempt that made this generation, or `-`
 *                 p   the same of the generation before
 *                 l   label of the device, as the app named it; may be empty
 *     endedAt   epoch seconds of the latest end that was no eviction
 *     ttl       epoch seconds after which nothing above matters
 *
 * Neither the number nor the session's name is in it.
 */
import type { SessionRules } from './session-rules.ts';

/** Stands for an attempt that the client did not send. */
export const noAttempt = '-';

/** One session of a number. Times are epoch seconds. */
export interface Session {
  /** 16 characters of base64url. */
  readonly id: string;
  readonly generation: number;
  readonly refreshedAt: number;
  readonly begunAt: number;
  /** Keyed hash of the attempt that made this generation, or `-`. */
  readonly attempt: string;
  /** Keyed hash of the attempt that made the generation before, or `-`. */
  readonly attemptBefore: string;
  /** Empty where the app gave none. */
  readonly label: string;
}

/** The item, as the table returned it. */
export interface SessionsRecord {
  readonly sessions: readonly Session[];
  /** The ids of maps that are damaged. Nothing of ours writes such a map. */
  readonly damaged: readonly string[];
  /** Epoch seconds; 0 where no session of the number was ever ended. */
  readonly endedAt: number;
}

/** Why a session is over although its map is there. */
export type OverReason = 'idle' | 'absolute' | 'not-before';

/** Tells whether a session is over at `now` (epoch seconds), and why. */
export function whyOver(
  { refreshedAt, begunAt }: Pick<Session, 'refreshedAt' | 'begunAt'>,
  { idleSeconds, absoluteSeconds, notBefore }: SessionRules,
  now: number,
): OverReason | undefined {
  if (refreshedAt <= now - idleSeconds) return 'idle';
  if (begunAt <= now - absoluteSeconds) return 'absolute';
  return begunAt < notBefore ? 'not-before' : undefined;
}

/** The session of an id, if the item has it. */
export function sessionOf({ sessions }: SessionsRecord, id: string): Session | undefined {
  return sessions.find((session) => session.id === id);
}

/**
 * The time to note for an end of `ended`. It is later than the begin of each of them, even by another worker's clock, so
 * that the answer to the sign-in, asked for again, does not begin them once more. It never goes back.
 */
export function endTimeOf(
  ended: readonly Pick<Session, 'begunAt'>[],
  { now, record }: { readonly now: number; readonly record: Pick<SessionsRecord, 'endedAt'> | undefined },
): number {
  return Math.max(now, record?.endedAt ?? 0, ...ended.map(({ begunAt }) => begunAt + 1));
}
