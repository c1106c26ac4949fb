/**
 * The list of a number's sessions, for the holder of the latest refresh token of one of them, who may end others or all. An
 * older token sees nothing, ends nothing here, and is no reuse.
 */
import { closedTest } from './refresh-session.ts';
import { type OwnSession, openOwn } from './session-grant.ts';
import type {
  EndWish,
  InvalidGrant,
  InvalidReason,
  ListedSession,
  SessionListOutcome,
  SessionPorts,
  SessionUnavailable,
} from './session-ports.ts';
import { endTimeOf, type SessionsRecord, sessionOf, whyOver } from './session-record.ts';
import type { SessionRules } from './session-rules.ts';

/** Lists the sessions of the token's number, after it has ended those that `end` names. Throws `Unavailable`. */
export async function listSessions(
  ports: SessionPorts,
  { refreshToken, end }: { readonly refreshToken: string; readonly end?: EndWish | undefined },
): Promise<SessionListOutcome> {
  const own = openOwn(ports, refreshToken);
  if (own.tag !== 'own') return own;
  const { token, phoneKey, id } = own;
  const now = ports.now();
  const closed = closedTest(ports, token, now);
  if (closed !== undefined) return closed;
  const read = await ports.store.read(phoneKey);
  const refusal = whyNoList(ports, own, { record: read, now });
  if (refusal !== undefined || read === undefined) return refusal ?? invalid(own, 'absent');
  const { generation, phoneNumber } = token;
  const listed = (record: SessionsRecord, ended: number): SessionListOutcome => ({
    tag: 'sessions',
    sessions: listOf(record, { rules: ports.rules, own: id, now }),
    ended,
    phoneNumber,
  });
  const targets = read.sessions.filter((session) => isMeant(end, session.id, id));
  if (targets.length === 0) return listed(read, 0);
  const ids = targets.map((session) => session.id);
  const endedAt = endTimeOf(targets, { now, record: read });
  const only = { tag: 'at', id, generation } as const;
  const { tag, record } = await ports.store.end({ phoneKey, ids, endedAt, now, only });
  // An end that had landed, although its answer got lost, is refused because the own session has gone with it.
  const hadLanded = ids.includes(id) && ids.every((each) => sessionOf(record, each) === undefined);
  if (tag === 'written' || hadLanded) return listed(record, ids.length);
  return whyNoList(ports, own, { record, now }) ?? unavailable(own, 'damaged');
}

function isMeant(end: EndWish | undefined, id: string, own: string): boolean {
  if (end === undefined) return false;
  if (end === 'all') return true;
  return end === 'others' ? id !== own : end.includes(id);
}

/** Why the holder of a token may not see the list. Only the latest generation may; an older one ends nothing here. */
function whyNoList(
  { rules }: Pick<SessionPorts, 'rules'>,
  own: OwnSession,
  { record, now }: { readonly record: SessionsRecord | undefined; readonly now: number },
): InvalidGrant | SessionUnavailable | undefined {
  if (record?.damaged.includes(own.id)) return unavailable(own, 'damaged');
  const session = record && sessionOf(record, own.id);
  if (session === undefined) return invalid(own, 'absent');
  const over = whyOver(session, rules, now);
  if (over !== undefined) return invalid(own, over);
  return session.generation === own.token.generation ? undefined : invalid(own, 'older-generation');
}

function invalid({ token: { phoneNumber } }: OwnSession, reason: InvalidReason): InvalidGrant {
  return { tag: 'invalid-grant', reason, phoneNumber };
}

function unavailable({ token: { phoneNumber } }: OwnSession, reason: 'damaged'): SessionUnavailable {
  return { tag: 'temporarily-unavailable', reason, phoneNumber };
}

/** The sessions that are not over, newest sign-in first. Their order, too, says nothing about who refreshed when. */
function listOf(
  { sessions }: SessionsRecord,
  { rules, own, now }: { readonly rules: SessionRules; readonly own: string; readonly now: number },
): readonly ListedSession[] {
  return sessions
    .filter((session) => whyOver(session, rules, now) === undefined)
    .toSorted((one, other) => other.begunAt - one.begunAt || (one.id < other.id ? -1 : 1))
    .map(({ id, label, begunAt, refreshedAt }) => ({
      id,
      label,
      begun: dayOf(begunAt),
      lastUsed: dayOf(refreshedAt),
      current: id === own,
    }));
}

/** The UTC day of an epoch second. */
function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
