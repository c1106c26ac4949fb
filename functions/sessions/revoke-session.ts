/**
 * A sign-out: an app revokes its session with any authentic generation of its token. Whoever holds an older one could end the
 * session by reuse anyway. The end is noted in the item, so that the sign-in's answer, asked for again, begins no session anew.
 */
import { maxEndTries } from '../settings/fixed-numbers.ts';
import { openOwn } from './session-grant.ts';
import type { RevokeOutcome, SessionPorts } from './session-ports.ts';
import { endTimeOf, type SessionsRecord, sessionOf } from './session-record.ts';

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
