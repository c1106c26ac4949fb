/**
 * The item of one number in memory, for runs that are too many for a table server. It follows the transitions of the design.
 * `every-order.ts` holds it against the model before it relies on it.
 */
import type { Session, SessionsRecord } from '../../functions/sessions/session-record.ts';
import type { SessionRules } from '../../functions/sessions/session-rules.ts';
import type {
  EndCondition,
  SessionStore,
  SessionTransition,
} from '../../functions/sessions/session-store.ts';

/** A store whose calls are decided at once. `rules` are those of the moment. */
export function memorySessionStore(rules: () => SessionRules): SessionStore {
  const sessions = new Map<string, Session>();
  let endedAt: number | undefined;
  const record = (): SessionsRecord => ({
    sessions: [...sessions.values()],
    damaged: [],
    endedAt: endedAt ?? 0,
  });
  const when = (holds: boolean, effect: () => void): SessionTransition => {
    if (holds) effect();
    return { tag: holds ? 'written' : 'refused', record: record() };
  };
  const holds = (only: EndCondition, at: number): boolean => {
    if (only.tag === 'item') return sessions.size > 0 || endedAt !== undefined;
    const session = sessions.get(only.id);
    if (session === undefined) return false;
    if (only.tag === 'there') return session.begunAt < at && (endedAt ?? 0) <= at;
    return only.tag === 'at' ? session.generation === only.generation : session.generation > only.generation;
  };
  return {
    start: async ({ id, begunAt, label }) =>
      when(!sessions.has(id) && (endedAt ?? 0) <= begunAt, () =>
        sessions.set(id, {
          id,
          generation: 0,
          refreshedAt: begunAt,
          begunAt,
          attempt: '-',
          attemptBefore: '-',
          label,
        }),
      ),
    refresh: async ({ id, generation, attempt, now }) => {
      const session = sessions.get(id);
      const { idleSeconds, absoluteSeconds, notBefore } = rules();
      const isLive =
        session !== undefined &&
        session.generation <= generation &&
        session.refreshedAt > now - idleSeconds &&
        session.begunAt > now - absoluteSeconds &&
        session.begunAt >= notBefore;
      return when(isLive, () => {
        if (session === undefined) return;
        const attemptBefore = session.attempt;
        sessions.set(id, {
          ...session,
          generation: generation + 1,
          refreshedAt: now,
          attempt,
          attemptBefore,
        });
      });
    },
    prune: async ({ own, evicted }) =>
      when(
        sessions.has(own) &&
          evicted.every(({ id, refreshedAt }) => sessions.get(id)?.refreshedAt === refreshedAt),
        () => {
          for (const { id } of evicted) sessions.delete(id);
        },
      ),
    end: async ({ ids, endedAt: at, only }) =>
      when(holds(only, at), () => {
        for (const id of ids) sessions.delete(id);
        endedAt = at;
      }),
    read: async () => (sessions.size === 0 && endedAt === undefined ? undefined : record()),
  };
}
