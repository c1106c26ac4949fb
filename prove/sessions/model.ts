/**
 * The sessions of one number as the design promises them, written from the page "Sessions: the design" and from no code.
 * All times are epoch seconds. A session is named by its win, never by a token, so that a token that repeats shows.
 */

import type { WriteFaults } from '../../test-kit/model.ts';

export interface ModelSettings {
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
  readonly perNumber: number;
  /** Sessions begun before this moment are over. */
  readonly notBefore: number;
}

interface Session {
  readonly startedAt: number;
  readonly refreshedAt: number;
  readonly generation: number;
  /** The attempts that made this generation and the one before. */
  readonly attempt: string | undefined;
  readonly attemptBefore: string | undefined;
}

interface Pruning {
  readonly own: string;
  readonly isStranger: boolean;
  readonly lands: boolean;
}

export type Promised =
  | { readonly tag: 'new'; readonly generation: number }
  | { readonly tag: 'again'; readonly generation: number }
  | { readonly tag: 'no-session' }
  | { readonly tag: 'invalid_grant' }
  | { readonly tag: 'reuse' }
  | { readonly tag: 'denied' }
  | { readonly tag: 'unavailable' };

interface Presented {
  readonly win: string;
  readonly generation: number;
}

const sameAgainWithoutAttemptSeconds = 30;
const deadSocketSeconds = 300;
const changedHandsSeconds = 90 * 86_400;

export interface SessionModel {
  settings: ModelSettings;
  /** A win of a sign-in that asked for a session, or its replay. */
  start(
    now: number,
    win: { readonly win: string; readonly wonAt: number; readonly isStranger: boolean },
    faults?: WriteFaults,
  ): Promised;
  refresh(
    now: number,
    token: Presented,
    input?: { readonly attempt?: string | undefined; readonly isDenied?: boolean },
    faults?: WriteFaults,
  ): Promised;
  revoke(now: number, token: Presented): void;
  /** The wins whose sessions the list shows, or a refusal. */
  list(now: number, token: Presented): readonly string[] | 'invalid_grant';
  end(now: number, token: Presented, which: (win: string) => boolean): readonly string[] | 'invalid_grant';
  endAll(now: number): void;
  /** Whether a refresh of this session's newest token would be answered with a token. */
  isLive(now: number, win: string): boolean;
  generationOf(win: string): number | undefined;
}

/** Starts with no session. */
export function startSessionModel(settings: ModelSettings): SessionModel {
  const sessions = new Map<string, Session>();
  let endedAt: number | undefined;

  const lives = (now: number, { startedAt, refreshedAt }: Session): boolean =>
    refreshedAt > now - model.settings.idleSeconds &&
    startedAt > now - model.settings.absoluteSeconds &&
    startedAt >= model.settings.notBefore;

  const endOnPurpose = (now: number, wins: Iterable<string>): void => {
    for (const win of [...wins]) {
      const session = sessions.get(win);
      // Later than the sign-in even within one second, or the sign-in's answer, asked for again, would begin it anew.
      if (session !== undefined) endedAt = Math.max(now, endedAt ?? 0, session.startedAt + 1);
      sessions.delete(win);
    }
  };

  /** Evicts those that have to go for `own`, if the write lands; tells whether `own` is among them. */
  const prune = (now: number, { own, isStranger, lands }: Pruning): boolean => {
    const changedHands = ({ startedAt }: Session): boolean =>
      isStranger && startedAt < now - changedHandsSeconds;
    const gone = [...sessions].filter(
      ([win, session]) => win !== own && (!lives(now, session) || changedHands(session)),
    );
    const kept = [...sessions].filter((one) => !gone.some(([win]) => win === one[0]));
    const oldestFirst = kept.toSorted(([, a], [, b]) => a.refreshedAt - b.refreshedAt);
    const surplus = oldestFirst.slice(0, Math.max(0, kept.length - model.settings.perNumber));
    if (lands) for (const [win] of [...gone, ...surplus]) sessions.delete(win);
    return surplus.some(([win]) => win === own);
  };

  const live = (now: number, { win, generation }: Presented): Session | undefined => {
    const session = sessions.get(win);
    return session !== undefined && session.generation === generation && lives(now, session)
      ? session
      : undefined;
  };

  const model: SessionModel = {
    settings,
    start: (now, { win, wonAt, isStranger }, { first, second } = {}) => {
      // A sign-in whose session would be over at once begins none.
      const begun = {
        startedAt: wonAt,
        refreshedAt: wonAt,
        generation: 0,
        attempt: undefined,
        attemptBefore: undefined,
      };
      if (first === 'never' || !lives(now, begun)) return { tag: 'no-session' };
      const there = sessions.get(win);
      if (there !== undefined) {
        if (there.generation !== 0 || first === 'lost') return { tag: 'no-session' };
        const isGone = prune(now, { own: win, isStranger, lands: second !== 'never' });
        return isGone ? { tag: 'no-session' } : { tag: 'again', generation: 0 };
      }
      if (endedAt !== undefined && endedAt > wonAt) return { tag: 'no-session' };
      sessions.set(win, begun);
      if (first === 'lost') return { tag: 'no-session' };
      const isGone = prune(now, { own: win, isStranger, lands: second !== 'never' });
      return isGone ? { tag: 'no-session' } : { tag: 'new', generation: 0 };
    },
    refresh: (now, { win, generation }, { attempt, isDenied = false } = {}, { first, second } = {}) => {
      if (isDenied) return { tag: 'denied' };
      if (first === 'never') return { tag: 'unavailable' };
      const session = sessions.get(win);
      if (session === undefined || !lives(now, session)) {
        return { tag: first === 'lost' ? 'unavailable' : 'invalid_grant' };
      }
      if (session.generation <= generation) {
        sessions.set(win, {
          ...session,
          generation: generation + 1,
          refreshedAt: now,
          attempt,
          attemptBefore: session.attempt,
        });
        return first === 'lost' ? { tag: 'unavailable' } : { tag: 'new', generation: generation + 1 };
      }
      if (first === 'lost') return { tag: 'unavailable' };
      const ahead = session.generation - generation;
      const age = now - session.refreshedAt;
      if (ahead === 1 && attempt !== undefined && attempt === session.attempt)
        return { tag: 'again', generation: session.generation };
      if (
        ahead === 1 &&
        attempt === undefined &&
        session.attempt === undefined &&
        age <= sameAgainWithoutAttemptSeconds
      )
        return { tag: 'again', generation: session.generation };
      if (
        ahead === 2 &&
        attempt !== undefined &&
        attempt === session.attemptBefore &&
        age <= deadSocketSeconds
      )
        return { tag: 'unavailable' };
      if (second === 'never') return { tag: 'unavailable' };
      endOnPurpose(now, [win]);
      return { tag: second === 'lost' ? 'unavailable' : 'reuse' };
    },
    revoke: (now, { win }) => endOnPurpose(now, [win]),
    list: (now, token) => {
      if (live(now, token) === undefined) return 'invalid_grant';
      return [...sessions].filter(([, session]) => lives(now, session)).map(([win]) => win);
    },
    end: (now, token, which) => {
      if (live(now, token) === undefined) return 'invalid_grant';
      endOnPurpose(now, [...sessions.keys()].filter(which));
      return [...sessions].filter(([, session]) => lives(now, session)).map(([win]) => win);
    },
    endAll: (now) => endOnPurpose(now, sessions.keys()),
    isLive: (now, win) => {
      const session = sessions.get(win);
      return session !== undefined && lives(now, session);
    },
    generationOf: (win) => sessions.get(win)?.generation,
  };
  return model;
}
