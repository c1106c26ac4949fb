/** The server as a phone's network reaches it: the flows behind the three routes, each request by a worker with its own clock. */
import { Unavailable } from '../../functions/runtime/unavailable.ts';
import type { SessionGrant } from '../../functions/sessions/session-ports.ts';
import type { SessionFlow } from '../../test-kit/session-flow.ts';
import type { Chance } from '../seeded.ts';
import type { HttpAnswer, Server } from './network.ts';
import type { World } from './world.ts';

/** What the server saw, for the checks. */
export interface ServerLog {
  refreshes: number;
  writes: number;
  again: number;
  late: number;
  /** Every refusal that ended or denied a session, with its reason. */
  readonly invalid: string[];
}

/** Answers for `flow`; no worker's clock is off by more than `skewSeconds`. */
export function sessionServer(
  { world, chance, flow }: { readonly world: World; readonly chance: Chance; readonly flow: SessionFlow },
  skewSeconds: number,
  log: ServerLog,
): Server {
  const oauth = (status: number, body: object): HttpAnswer => ({ status, body: JSON.stringify(body) });
  const invalidGrant = (reason: string): HttpAnswer => {
    log.invalid.push(reason);
    return oauth(400, { error: 'invalid_grant' });
  };
  const answer = async (path: string, body: string): Promise<HttpAnswer> => {
    const skew = chance.below(2 * skewSeconds * 1000 + 1) - skewSeconds * 1000;
    flow.state.now = Math.floor((world.now() + skew) / 1000);
    if (path === '/auth/sessions') {
      const { refreshToken, end } = JSON.parse(body);
      const outcome = await flow.list(refreshToken, end);
      if (outcome.tag === 'sessions') return oauth(200, { sessions: outcome.sessions });
      return outcome.tag === 'invalid-grant' ? invalidGrant(`list: ${outcome.reason}`) : oauth(503, {});
    }
    const form = new URLSearchParams(body);
    if (path === '/auth/revoke') {
      const { tag } = await flow.revoke(form.get('token') ?? '');
      return tag === 'temporarily-unavailable' ? oauth(503, {}) : oauth(200, {});
    }
    log.refreshes += 1;
    const outcome = await flow.refresh(form.get('refresh_token') ?? '', form.get('attempt') ?? undefined);
    switch (outcome.tag) {
      case 'refreshed':
        if (outcome.isReplay) log.again += 1;
        else log.writes += 1;
        return oauth(200, tokensOf(outcome.grant, flow.state.now));
      case 'invalid-grant':
        return invalidGrant(outcome.reason);
      case 'temporarily-unavailable':
        if (outcome.reason === 'late') log.late += 1;
        return oauth(503, { type: 'urn:doorcode:temporarily-unavailable' });
      case 'denied':
        return oauth(403, { type: 'urn:doorcode:denied' });
    }
  };
  return (path, body) =>
    answer(path, body).catch((error: unknown) => {
      if (error instanceof Unavailable) return oauth(503, {});
      throw error;
    });
}

/** The members of an answer to a refresh (RFC 6749, section 5.1). */
export function tokensOf({ tokenId, expiresAt, refreshToken }: SessionGrant, now: number) {
  return { access_token: tokenId, refresh_token: refreshToken, expires_in: Math.max(0, expiresAt - now) };
}
