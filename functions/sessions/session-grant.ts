/** What one generation of a session is worth: its access token's claims, and the refresh token that makes the next one. */
import { keyedHash } from '../otp/keyed-hash.ts';
import { type OpenedRefreshToken, openRefreshToken, refreshTokenOf, sessionIdOf } from './refresh-token.ts';
import { sessionsKeyOf } from './session-keys.ts';
import type {
  InvalidGrant,
  SessionGrant,
  SessionPorts,
  SessionStartPorts,
  SessionUnavailable,
} from './session-ports.ts';
import type { Session } from './session-record.ts';
import { knowledgeSeconds } from './session-secret.ts';

/** A token that opened, with the names of its session. */
export interface OwnSession {
  readonly tag: 'own';
  readonly token: OpenedRefreshToken;
  readonly id: string;
  readonly phoneKey: string;
}

/** The grant of a session's generation. It depends on the stored session alone, so an answer can be given again. */
export function grantOf(
  { rules, keys, secret, now }: Pick<SessionStartPorts, 'rules' | 'keys' | 'secret' | 'now'>,
  token: OpenedRefreshToken,
  { id, begunAt, refreshedAt }: Pick<Session, 'id' | 'begunAt' | 'refreshedAt'>,
): SessionGrant {
  const { name, lane, phoneNumber, generation } = token;
  return {
    phoneNumber,
    isTest: lane === 'test',
    sessionId: id,
    tokenId: keyedHash(keys.tokenId, ['session', name, String(generation)]),
    begunAt,
    issuedAt: refreshedAt,
    expiresAt: Math.min(refreshedAt + rules.accessTokenSeconds, begunAt + rules.absoluteSeconds),
    refreshToken: refreshTokenOf(keys, token, { secret, now: now() }),
  };
}

/**
 * Opens a refresh token. A tag that the worker does not know is that of a forged token only if the worker has read the
 * secret lately. Otherwise another worker may have made the token with a newer version.
 */
export function openOwn(
  { keys, secret, secretAgeSeconds }: Pick<SessionPorts, 'keys' | 'secret' | 'secretAgeSeconds'>,
  text: string,
): OwnSession | InvalidGrant | SessionUnavailable {
  const verdict = openRefreshToken(keys, text, secret);
  if (verdict.tag === 'authentic') {
    const { token } = verdict;
    return {
      tag: 'own',
      token,
      id: sessionIdOf(keys, token.name),
      phoneKey: sessionsKeyOf(keys, token),
    };
  }
  if (verdict.tag === 'unknown-key' && !(secretAgeSeconds <= knowledgeSeconds)) {
    return { tag: 'temporarily-unavailable', reason: 'secret-outdated', phoneNumber: undefined };
  }
  return {
    tag: 'invalid-grant',
    reason: verdict.tag === 'forged' ? 'forged' : 'unknown-key',
    phoneNumber: undefined,
  };
}
