/**
 * The flow of a refresh: one conditional write. The table decides between two refreshes with the same token, and what was
 * refused is told apart by the item that refused it:
 *
 *     the same attempt again             the same answer again, at any time, without a write
 *     an attempt of the token before     503: a dead socket delivered it late
 *     anything else that is older        reuse: somebody has a copy of the token, and the session ends
 *
 * A request that the worker cannot judge is answered with 503 and never with `invalid_grant`, which signs the app out.
 * There is no grace for other attempts: with one, a thief could follow the owner for ever.
 */
import { isDenied, testNumberEndsAt, testNumberOf } from '../otp/controls.ts';
import { lateDeliverySeconds, plainRepeatSeconds } from '../settings/fixed-numbers.ts';
import { attemptHashOf, type OpenedRefreshToken } from './refresh-token.ts';
import { grantOf, type OwnSession, openOwn } from './session-grant.ts';
import type {
  InvalidGrant,
  InvalidReason,
  RefreshOutcome,
  SessionPorts,
  SessionUnavailable,
} from './session-ports.ts';
import {
  endTimeOf,
  noAttempt,
  type Session,
  type SessionsRecord,
  sessionOf,
  whyOver,
} from './session-record.ts';

export interface Refresh {
  readonly refreshToken: string;
  /** Drawn by the client when the token arrived; the same for every try with that token. */
  readonly attempt?: string | undefined;
}

/** Runs the flow. Throws `Unavailable` when the table's answer is unknown. */
export async function refreshSession(
  ports: SessionPorts,
  { refreshToken, attempt: sent }: Refresh,
): Promise<RefreshOutcome> {
  const own = openOwn(ports, refreshToken);
  if (own.tag !== 'own') return own;
  const { token, id, phoneKey } = own;
  const { generation, phoneNumber } = token;
  if (ports.controls !== undefined && isDenied(ports.controls, phoneNumber)) {
    return { tag: 'denied', phoneNumber };
  }
  const now = ports.now();
  const closed = closedTest(ports, token, now);
  if (closed !== undefined) return closed;
  const attempt = sent === undefined ? noAttempt : attemptHashOf(ports.keys, token, sent);
  const { tag, record } = await ports.store.refresh({ phoneKey, id, generation, attempt, now });
  const session = sessionOf(record, id);
  if (tag === 'written' && session !== undefined) return refreshed(ports, token, session, false);
  return refused(ports, own, { record, attempt, now });
}

/** Why a test number's session is refused: its number is over, or the worker cannot tell. */
export function closedTest(
  { controls, settings }: Pick<SessionPorts, 'controls' | 'settings'>,
  { lane, phoneNumber }: Pick<OpenedRefreshToken, 'lane' | 'phoneNumber'>,
  now: number,
): InvalidGrant | SessionUnavailable | undefined {
  if (lane !== 'test') return undefined;
  if (controls === undefined) return { tag: 'temporarily-unavailable', reason: 'controls', phoneNumber };
  const testNumber = testNumberOf(controls, phoneNumber);
  const isOpen = testNumber !== undefined && now < testNumberEndsAt(settings, testNumber);
  return isOpen ? undefined : { tag: 'invalid-grant', reason: 'test-number', phoneNumber };
}

interface Refused {
  readonly record: SessionsRecord;
  /** Keyed hash of the attempt, or `-`. */
  readonly attempt: string;
  /** Epoch seconds. */
  readonly now: number;
}

async function refused(ports: SessionPorts, own: OwnSession, seen: Refused): Promise<RefreshOutcome> {
  const { token, id } = own;
  const { record, attempt, now } = seen;
  const invalid = (reason: InvalidReason): InvalidGrant => ({
    tag: 'invalid-grant',
    reason,
    phoneNumber: token.phoneNumber,
  });
  const unavailable = (reason: 'damaged' | 'late'): SessionUnavailable => ({
    tag: 'temporarily-unavailable',
    reason,
    phoneNumber: token.phoneNumber,
  });
  if (record.damaged.includes(id)) return unavailable('damaged');
  const session = sessionOf(record, id);
  if (session === undefined) return invalid('absent');
  const over = whyOver(session, ports.rules, now);
  if (over !== undefined) return invalid(over);
  const ahead = session.generation - token.generation;
  const ageSeconds = now - session.refreshedAt;
  const isSameAttempt = attempt === session.attempt;
  if (ahead === 1 && isSameAttempt && (attempt !== noAttempt || ageSeconds <= plainRepeatSeconds)) {
    return refreshed(ports, token, session, true);
  }
  const isOfTokenBefore = attempt !== noAttempt && attempt === session.attemptBefore;
  if (ahead === 2 && isOfTokenBefore && ageSeconds <= lateDeliverySeconds) return unavailable('late');
  // Nothing else refuses a generation that is not behind.
  if (ahead <= 0) return unavailable('damaged');
  return endReused(ports, own, { record, session, now });
}

/** Ends a session of which somebody has a copy. Its generation may go on meanwhile: it ends all the same. */
async function endReused(
  { store }: SessionPorts,
  { token, id, phoneKey }: OwnSession,
  {
    record,
    session,
    now,
  }: { readonly record: SessionsRecord; readonly session: Session; readonly now: number },
): Promise<RefreshOutcome> {
  const { generation, phoneNumber } = token;
  const endedAt = endTimeOf([session], { now, record });
  await store.end({ phoneKey, ids: [id], endedAt, now, only: { tag: 'above', id, generation } });
  return { tag: 'invalid-grant', reason: 'reuse', phoneNumber };
}

function refreshed(
  ports: SessionPorts,
  token: OpenedRefreshToken,
  session: Session,
  isReplay: boolean,
): RefreshOutcome {
  const { generation } = session;
  return { tag: 'refreshed', grant: grantOf(ports, { ...token, generation }, session), isReplay };
}
