/**
 * What the flows of sessions ask of the table: one conditional write per transition. A refused write answers with the item
 * that refused it, so only a list, and an end of many sessions, reads first. An exception means that the outcome is unknown:
 * the write may have landed.
 */
import type { Session, SessionsRecord } from './session-record.ts';

/** The write landed, and `record` is the item after it. Or a condition refused it, and `record` is the item that did. */
export type SessionTransition =
  | { readonly tag: 'written'; readonly record: SessionsRecord }
  | { readonly tag: 'refused'; readonly record: SessionsRecord };

interface SessionStep {
  readonly phoneKey: string;
  /** Epoch seconds. */
  readonly now: number;
}

export interface StartSession extends SessionStep {
  readonly id: string;
  /** The time of the win, epoch seconds. Refused if a session of the number was ended after it. */
  readonly begunAt: number;
  readonly label: string;
}

export interface RefreshSession extends SessionStep {
  readonly id: string;
  /** The generation of the token that was sent. The item's may be lower, where the table was restored. */
  readonly generation: number;
  /** Keyed hash of the attempt, or `-`. */
  readonly attempt: string;
}

export interface PruneSessions extends SessionStep {
  /** Refused unless this session is there. */
  readonly own: string;
  /** Refused if any of these was refreshed or ended since it was read. */
  readonly evicted: readonly Session[];
}

/** When an end may happen. */
export type EndCondition =
  /** The session is there, and began before `endedAt`; no later end is noted. */
  | { readonly tag: 'there'; readonly id: string }
  /** The session has a higher generation. It may be refreshed meanwhile, and still ends. */
  | { readonly tag: 'above'; readonly id: string; readonly generation: number }
  /** The session has exactly this generation. */
  | { readonly tag: 'at'; readonly id: string; readonly generation: number }
  /** The number has an item. */
  | { readonly tag: 'item' };

export interface EndSessions extends SessionStep {
  /** The sessions that end. An id that the item does not have is ignored. */
  readonly ids: readonly string[];
  /** Epoch seconds. */
  readonly endedAt: number;
  readonly only: EndCondition;
}

export interface SessionStore {
  /** Begins a session at generation 0, unless it is there. */
  start(step: StartSession): Promise<SessionTransition>;
  /** Makes the next generation of a session that is not over. */
  refresh(step: RefreshSession): Promise<SessionTransition>;
  /** Removes sessions without noting an end. */
  prune(step: PruneSessions): Promise<SessionTransition>;
  /** Removes sessions and notes when. */
  end(step: EndSessions): Promise<SessionTransition>;
  /** Reads the item; undefined where there is none. */
  read(phoneKey: string): Promise<SessionsRecord | undefined>;
}
