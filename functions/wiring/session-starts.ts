/**
 * Starts sessions at wins of verify-otp. Where the settings have no sessions, the bundle has `no-session-starts.ts` in
 * place of this file, and none of the code behind it.
 */
import type { GatewayRequest } from '../http/gateway-request.ts';
import type { SessionMembers, VerifyOtpBody } from '../http/verify-otp-endpoint.ts';
import { needsSession } from '../otp/caller.ts';
import type { IdentityKeys } from '../otp/identity-keys.ts';
import type { OpenedRequestId } from '../otp/request-id.ts';
import type { Verified } from '../otp/verify-otp-ports.ts';
import { clock, epochSeconds } from '../runtime/clock.ts';
import type { MessageCode } from '../runtime/message-codes.ts';
import { causeOf } from '../runtime/unavailable.ts';
import { cacheSecret } from '../secrets/cached-secret.ts';
import { readSessionSecret } from '../secrets/read-session-secret.ts';
import type { SecretSource } from '../secrets/secret-readers.ts';
import { deriveKeysWithSessions, type SessionKeys } from '../sessions/session-keys.ts';
import type { StartOutcome } from '../sessions/session-ports.ts';
import { sessionRulesOf } from '../sessions/session-rules.ts';
import { startSession } from '../sessions/start-session.ts';
import type { Settings } from '../settings/settings.ts';
import { defaultPurpose } from '../settings/sms-settings.ts';
import { openSessionStore } from '../table/sessions-item.ts';
import type { Table } from '../table/table.ts';
import type { TokenContent } from '../tokens/access-token.ts';

/** The keys of a function that starts sessions. */
export const deriveKeys = deriveKeysWithSessions;

/** What a started session adds to the access token and to the answer; nothing where none was started. */
export interface StartedSession {
  readonly token?: Pick<TokenContent, 'tokenId' | 'session'>;
  readonly members?: SessionMembers;
}

/** One verify request. */
export interface Starting {
  readonly request: Pick<GatewayRequest, 'headers'>;
  readonly input: Pick<VerifyOtpBody, 'session' | 'context'> & {
    readonly idempotencyKey: string | undefined;
  };
  readonly opened: OpenedRequestId | undefined;
  readonly identity: IdentityKeys & SessionKeys;
  readonly table: Table;
  readonly signal: AbortSignal;
  readonly tell: (code: MessageCode, reason?: string) => void;
}

export interface SessionStarts {
  /** What init reads. */
  readonly prepare: (signal: AbortSignal) => Promise<unknown>;
  /** Gives what starts the session of a win. It never throws: a failure costs the session, not the sign-in. */
  readonly startFor: (starting: Starting) => (verified: Verified) => Promise<StartedSession>;
}

/** Opens what a worker keeps. */
export function openSessionStarts(
  settings: Settings,
  secretOf: (name: 'SESSION_SECRET_ARN') => SecretSource,
): SessionStarts {
  const { sessions } = settings;
  if (sessions === 'off') return { prepare: async () => undefined, startFor: () => async () => ({}) };
  const rules = sessionRulesOf(sessions);
  const secret = cacheSecret((signal) => readSessionSecret(secretOf('SESSION_SECRET_ARN'), signal), clock);
  const run = async (
    { input, opened, identity: keys, table, signal }: Starting & { readonly opened: OpenedRequestId },
    { verifiedAt }: Verified,
  ): Promise<StartOutcome> => {
    try {
      const store = openSessionStore(table, rules, signal);
      const ports = { rules, now: epochSeconds, keys, secret: await secret.get({ signal }), store };
      const { idempotencyKey, session } = input;
      return await startSession(ports, {
        ...opened,
        idempotencyKey,
        verifiedAt,
        label: session?.label ?? '',
      });
    } catch (error) {
      return { tag: 'not-started', reason: 'unknown', detail: causeOf(error) };
    }
  };
  return {
    prepare: (signal) => secret.get({ signal }),
    startFor: (starting) => async (verified) => {
      const { opened, tell } = starting;
      if (opened === undefined || !isWanted(settings, starting, verified)) return {};
      return startedSession(await run({ ...starting, opened }, verified), tell);
    },
  };
}

/**
 * Whether a win starts a session. A purpose that needs a session of the adopter's, and a context, belong to one approval,
 * which a refreshed token could not repeat. A browser keeps a refresh token in reach of every script of its page.
 */
function isWanted(
  settings: Settings,
  { request, input, opened }: Starting,
  { purpose }: Pick<Verified, 'purpose'>,
): boolean {
  const { sessions } = settings;
  if (sessions === 'off' || input.session === undefined || purpose !== defaultPurpose) return false;
  const isBound = opened?.needsSession || needsSession(settings, purpose) || input.context !== undefined;
  return !isBound && (sessions.inBrowsers || request.headers['origin'] === undefined);
}

function startedSession(outcome: StartOutcome, tell: Starting['tell']): StartedSession {
  if (outcome.tag === 'not-started') {
    const { reason, detail = reason } = outcome;
    tell(reason === 'unknown' ? 'verify-otp.session-unavailable' : 'verify-otp.session-not-started', detail);
    return { members: { refreshToken: null } };
  }
  const { grant, sessionExpiresInSeconds, otherSessions, evicted, notPruned } = outcome;
  if (evicted > 0) tell('verify-otp.sessions-evicted', String(evicted));
  if (notPruned !== undefined) tell('verify-otp.sessions-not-pruned', notPruned);
  const { tokenId, sessionId: id, issuedAt, expiresAt, refreshToken } = grant;
  return {
    token: { tokenId, session: { id, issuedAt, expiresAt } },
    members: { refreshToken, sessionExpiresInSeconds, otherSessions },
  };
}
