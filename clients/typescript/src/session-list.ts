/** The devices that are signed in with one number. What does not use this does not ship it. */
import { readRefusal } from './read-refusal.ts';
import { recordsIn, textIn } from './record.ts';
import type { Session } from './session.ts';
import type { Ending } from './session-keeper.ts';
import type { NoToken } from './session-ports.ts';

export interface SessionEntry {
  readonly id: string;
  /** What the app called this device; empty if it did not. */
  readonly label: string;
  /** Days such as `2026-11-26`, in UTC. */
  readonly begun: string;
  readonly lastUsed: string;
  /** Whether it is the session of this very app. */
  readonly current: boolean;
}

export type SessionsResult =
  | { readonly tag: 'sessions'; readonly sessions: readonly SessionEntry[] }
  /** Nothing was listed, and nothing was ended. */
  | NoToken;

/** Lists the sessions of the number. */
export function listSessions(session: Session): Promise<SessionsResult> {
  return listed(session);
}

/** Ends all sessions but this one, or the ones with these ids; gives the rest. */
export function endSessions(session: Session, which: 'others' | readonly string[]): Promise<SessionsResult> {
  return listed(session, which);
}

/** Ends every session of the number, this one too. Without an answer of the server nothing has changed. */
export async function signOutEverywhere(session: Session): Promise<SessionsResult> {
  const result = await listed(session, 'all');
  if (result.tag === 'sessions') await session.signOut();
  return result;
}

async function listed(session: Session, end?: Ending): Promise<SessionsResult> {
  const answer = await session.list(end);
  if (answer.tag !== 'answer') return answer;
  if (answer.status > 299) return readRefusal(answer, session.now());
  const sessions = recordsIn(answer.body['sessions']).map((entry) => ({
    id: textIn(entry, 'id'),
    label: textIn(entry, 'label'),
    begun: textIn(entry, 'begun'),
    lastUsed: textIn(entry, 'lastUsed'),
    current: entry['current'] === true,
  }));
  return { tag: 'sessions', sessions };
}
