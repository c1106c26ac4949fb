/**
 * How sessions end on purpose. An app revokes its own, with any authentic generation: by reuse it could end it anyway. With
 * the latest generation it lists the number's sessions and ends others. An operator ends all sessions of a number.
 *
 * Every end is noted in the item, so that the sign-in's answer, asked for again, begins no session anew.
 */
import { type IdentityKeys, phoneKeyOf } from '../otp/identity-keys.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { maxEndTries } from '../settings/fixed-numbers.ts';
import { closedTest } from './refresh-session.ts';
import { type OwnSession, openOwn } from './session-grant.ts';
import type {
  EndWish,
  InvalidGrant,
  InvalidReason,
  ListedSession,
  RevokeOutcome,
  SessionListOutcome,
  SessionPorts,
  SessionUnavailable,
} from './session-ports.ts';
import { endTimeOf, type SessionsRecord, sessionOf, whyOver } from './session-record.ts';
import type { SessionRules } from './session-rules.ts';
import type { SessionStore } from './session-store.ts';

/** Ends the session of a refresh token of any generation. Throws `Unavailable` when the table's answer is unknown. */
export async function revokeSession(
  ports: Pick<SessionPorts, 'keys' | 'secret' | 'secretAgeSeconds' | 'store' | 'now'>,
  refreshToken: string,
): Promise<RevokeOutcome> {
  const own = openOwn(ports, refreshToken);
  if (own.tag === 'invalid-grant') return { tag: 'nothing-to-revoke', phoneNumber: undefined };
  if (own.tag !== 'own') return own;
  const { phoneKey, id, token } = own;
  const { phoneNumber } = token;
  let record: SessionsRecord | undefined;
  for (let tries = 1; tries <= maxEndTries; tries += 1) {
    const now = ports.now();
    const session = record && sessionOf(record, id);
    const endedAt = endTimeOf(session ? [session] : [], { now, record });
    const ended = await ports.store.end({ phoneKey, ids: [id], endedAt, now, only: { tag: 'there', id } });
    if (ended.tag === 'written') return { tag: 'revoked', phoneNumber };
    record = ended.record;
    const isThere = sessionOf(record, id) !== undefined || record.damaged.includes(id);
    if (!isThere) return { tag: 'nothing-to-revoke', phoneNumber };
  }
  return { tag: 'temporarily-unavailable', reason: 'damaged', phoneNumber };
}

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

/** What an operator's end did. */
export interface EndedByOperator {
  readonly ended: number;
}

/** Ends every session of a number. Throws `Unavailable`. */
export async function endSessionsOf(
  {
    keys,
    store,
    now: clock,
  }: { readonly keys: IdentityKeys; readonly store: SessionStore; readonly now: () => number },
  phoneNumber: PhoneNumber,
): Promise<EndedByOperator> {
  const phoneKey = phoneKeyOf(keys, phoneNumber);
  let record = await store.read(phoneKey);
  let ended = 0;
  // A session that starts meanwhile is found in the item that the write leaves.
  while (record !== undefined) {
    const ids = [...record.sessions.map(({ id }) => id), ...record.damaged];
    if (ids.length === 0) break;
    const now = clock();
    const endedAt = endTimeOf(record.sessions, { now, record });
    const done = await store.end({ phoneKey, ids, endedAt, now, only: { tag: 'item' } });
    ended += ids.length;
    record = done.record;
  }
  return { ended };
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
