/**
 * Starts the session of a win: one write, and one more where sessions have to go for it. A win whose answer got lost is
 * answered again with the same session, until that session was refreshed. An end in the meantime stays an end.
 *
 * Nothing here costs the user the sign-in. Where no session can be started, the app gets the access token alone.
 */

import { toldSeconds } from '../limits/told-seconds.ts';
import { isStranger } from '../otp/win.ts';
import { causeOf, reasonOf } from '../runtime/unavailable.ts';
import { maxPruneTries, numberRestSeconds } from '../settings/fixed-numbers.ts';
import { sessionIdOf, sessionNameOf } from './refresh-token.ts';
import { grantOf } from './session-grant.ts';
import { sessionsKeyOf } from './session-keys.ts';
import type { SessionStartPorts, SessionWin, StartOutcome } from './session-ports.ts';
import { type Session, type SessionsRecord, sessionOf, whyOver } from './session-record.ts';

/** Starts the session of `win`, or finds it. Never throws. */
export async function startSession(ports: SessionStartPorts, win: SessionWin): Promise<StartOutcome> {
  const { rules, keys, store } = ports;
  const { lane, phoneNumber, verifiedAt: begunAt, label } = win;
  const name = sessionNameOf(keys, win);
  const id = sessionIdOf(keys, name);
  const phoneKey = sessionsKeyOf(keys, win);
  // An app that got a token of such a session would be signed out by its first refresh.
  const over = whyOver({ refreshedAt: begunAt, begunAt }, rules, ports.now());
  if (over !== undefined) return { tag: 'not-started', reason: over };
  try {
    const started = await store.start({ phoneKey, id, begunAt, label, now: ports.now() });
    const own = sessionOf(started.record, id);
    if (own === undefined) return { tag: 'not-started', reason: 'ended' };
    if (own.generation !== 0) return { tag: 'not-started', reason: 'moved-on' };
    const pruned = await prune(ports, { record: started.record, own, phoneKey, win });
    const { record } = pruned;
    if (sessionOf(record, id) === undefined) return { tag: 'not-started', reason: 'evicted' };
    const now = ports.now();
    const endsAt = Math.min(own.refreshedAt + rules.idleSeconds, own.begunAt + rules.absoluteSeconds);
    return {
      tag: 'started',
      grant: grantOf(ports, { name, lane, phoneNumber, generation: 0 }, own),
      sessionExpiresInSeconds: toldSeconds(endsAt - now, rules.idleSeconds),
      otherSessions: record.sessions.filter((s) => s.id !== id && whyOver(s, rules, now) === undefined)
        .length,
      evicted: pruned.evicted,
      notPruned: pruned.failed,
    };
  } catch (error) {
    return { tag: 'not-started', reason: 'unknown', detail: causeOf(error) };
  }
}

interface Pruned {
  /** The item after it. */
  readonly record: SessionsRecord;
  readonly evicted: number;
  /** Why sessions that should have gone are still there. */
  readonly failed?: string;
}

/**
 * Removes the sessions that have to go, in one write. It is refused where one of them was refreshed meanwhile: then that one
 * is in use, and others may have to go.
 */
async function prune(
  ports: SessionStartPorts,
  {
    record: found,
    own,
    phoneKey,
    win,
  }: {
    readonly record: SessionsRecord;
    readonly own: Session;
    readonly phoneKey: string;
    readonly win: SessionWin;
  },
): Promise<Pruned> {
  let record = found;
  let isOwnToGo = false;
  try {
    for (let tries = 1; tries <= maxPruneTries; tries += 1) {
      const now = ports.now();
      const evicted = evictedFor(ports, { record, own, win, now });
      if (evicted.length === 0) return { record, evicted: 0 };
      isOwnToGo = evicted.some(({ id }) => id === own.id);
      const pruned = await ports.store.prune({ phoneKey, own: own.id, evicted, now });
      record = pruned.record;
      if (pruned.tag === 'written') return { record, evicted: evicted.length };
      if (sessionOf(record, own.id) === undefined) return { record, evicted: 0 };
    }
    return { record, evicted: 0, failed: 'they keep changing' };
  } catch (error) {
    // Whether the session itself is gone is unknown then, and its token may be of no use.
    if (isOwnToGo) throw error;
    return { record, evicted: 0, failed: reasonOf(error) };
  }
}

/**
 * The sessions that go for `own`: those that are over, those that a stranger may have inherited with the number, and, where
 * too many are left, the least recently refreshed. The latest sign-in stays, whatever other workers' clocks say.
 */
function evictedFor(
  { rules }: Pick<SessionStartPorts, 'rules'>,
  {
    record,
    own,
    win,
    now,
  }: {
    readonly record: SessionsRecord;
    readonly own: Session;
    readonly win: Pick<SessionWin, 'lane'>;
    readonly now: number;
  },
): readonly Session[] {
  const oldest = isStranger(win.lane) ? now - numberRestSeconds : 0;
  const isGone = (session: Session): boolean =>
    session.begunAt < oldest || whyOver(session, rules, now) !== undefined;
  const others = record.sessions.filter(({ id }) => id !== own.id);
  const kept = others.filter((session) => !isGone(session));
  const surplus = Math.max(0, kept.length + 1 - rules.perNumber);
  const isLatest = kept.every(({ begunAt }) => begunAt <= own.begunAt);
  const inOrder = [...kept, ...(isLatest ? [] : [own])].toSorted(byLastUse);
  return [...others.filter(isGone), ...inOrder.slice(0, surplus)];
}

/** A total order, so that two sign-ins at once agree on who goes. */
function byLastUse(one: Session, other: Session): number {
  return one.refreshedAt - other.refreshedAt || one.begunAt - other.begunAt || (one.id < other.id ? -1 : 1);
}
