/**
 * The server's side of a session, as the design page promises it: generations, attempts, reuse. It is enough to play a
 * phone against, and the local stack is the judge of whether the promise is kept.
 */
import { randomUUID } from 'node:crypto';

interface Kept {
  readonly id: string;
  readonly label: string;
  generation: number;
  refreshedAt: number;
  attempt: string;
  attemptBefore: string;
}

interface Call {
  readonly path: string;
  readonly type: string;
  readonly body: string;
  /** What the server itself answered, if it got the call. */
  answer?: { readonly status: number; readonly text: string };
}

/** What becomes of a call: it never arrives, its answer gets lost, something else answers, or nothing ever comes. */
type Fault = 'unreached' | 'answer lost' | 'hangs' | { readonly status: number; readonly text: string };

export interface SessionServer {
  readonly calls: Call[];
  readonly sessions: Map<string, Kept>;
  /** What the next calls meet, by path or for every path; then the server itself answers again. */
  meet(...faults: readonly Fault[]): void;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The calls of one path. */
  callsTo(path: string): readonly Call[];
  /** What a thief or another context sends. */
  refresh(refreshToken: string, attempt: string): Response;
  accessTokenSeconds: number;
  /** Whether a sign-in that asks for a session gets one, none, or an unknown outcome. */
  starts: 'a session' | 'none' | 'unknown';
  /** How many unknown outcomes there are, before there is a session. */
  unknownStarts: number;
  /** Access tokens that an API takes. */
  accepts(accessToken: string): boolean;
}

const supportReference = 'K7M3Q9TX';

const json = (status: number, body: object): Response =>
  Response.json({ ...body, supportReference }, { status });

export function openSessionServer(now: () => number): SessionServer {
  const sessions = new Map<string, Kept>();
  const tokens = new Map<string, { readonly id: string; readonly generation: number }>();
  const access = new Map<string, number>();
  const calls: Call[] = [];
  const faults: Fault[] = [];
  const won = new Map<string, string>();

  const refreshTokenOf = ({ id, generation }: Pick<Kept, 'id' | 'generation'>): string => {
    const token = `${id}-${generation}`.padEnd(96, '_');
    tokens.set(token, { id, generation });
    return token;
  };
  const accessTokenOf = ({ id, generation, refreshedAt }: Kept): string => {
    const token = `access.${id}.${generation}`;
    access.set(token, refreshedAt + server.accessTokenSeconds * 1000);
    return token;
  };
  const granted = (session: Kept): Response =>
    json(200, {
      access_token: accessTokenOf(session),
      token_type: 'Bearer',
      expires_in: Math.max(0, Math.floor(server.accessTokenSeconds - (now() - session.refreshedAt) / 1000)),
      refresh_token: refreshTokenOf(session),
      scope: 'sign-in',
    });
  const invalidGrant = (): Response =>
    json(400, { error: 'invalid_grant', error_description: 'Sign in again.' });
  const unavailable = (): Response =>
    json(503, { type: 'urn:doorcode:temporarily-unavailable', retryAfterSeconds: 2 });

  const refresh = (refreshToken: string, attempt: string): Response => {
    const token = tokens.get(refreshToken);
    const session = token && sessions.get(token.id);
    if (token === undefined || session === undefined) return invalidGrant();
    if (session.generation <= token.generation) {
      session.generation = token.generation + 1;
      session.refreshedAt = now();
      session.attemptBefore = session.attempt;
      session.attempt = `${token.generation} ${attempt}`;
      return granted(session);
    }
    const mine = `${token.generation} ${attempt}`;
    if (session.generation === token.generation + 1 && session.attempt === mine) return granted(session);
    const isDeadSocket = session.generation === token.generation + 2 && session.attemptBefore === mine;
    if (isDeadSocket && now() - session.refreshedAt <= 300_000) return unavailable();
    sessions.delete(token.id);
    return invalidGrant();
  };

  const verify = (key: string, body: { readonly session?: { readonly label?: string } }): Response => {
    const plain = { tokenType: 'Bearer', accessToken: `access.plain.${key}`, expiresInSeconds: 3600 };
    access.set(plain.accessToken, now() + 3_600_000);
    if (body.session === undefined || server.starts === 'none') return json(200, plain);
    server.unknownStarts -= 1;
    if (server.starts === 'unknown' && server.unknownStarts >= 0)
      return json(200, { ...plain, refreshToken: null });
    const id = won.get(key) ?? randomUUID().replaceAll('-', '').slice(0, 16);
    const isNew = !won.has(key);
    won.set(key, id);
    const others = [...sessions.keys()].filter((other) => other !== id).length;
    if (isNew)
      sessions.set(id, {
        id,
        label: body.session.label ?? '',
        generation: 0,
        refreshedAt: now(),
        attempt: '-',
        attemptBefore: '-',
      });
    const session = sessions.get(id);
    if (session?.generation !== 0) return json(200, { ...plain, refreshToken: null });
    return json(200, {
      ...plain,
      accessToken: accessTokenOf(session),
      expiresInSeconds: server.accessTokenSeconds,
      refreshToken: refreshTokenOf(session),
      sessionExpiresInSeconds: 180 * 86_400,
      otherSessions: others,
    });
  };

  const list = (body: {
    readonly refreshToken: string;
    readonly end?: string | readonly string[];
  }): Response => {
    const token = tokens.get(body.refreshToken);
    const own = token && sessions.get(token.id);
    if (token === undefined || own?.generation !== token.generation) return invalidGrant();
    for (const id of [...sessions.keys()]) {
      const isNamed = Array.isArray(body.end) && body.end.includes(id);
      if (body.end === 'all' || (body.end === 'others' && id !== own.id) || isNamed) sessions.delete(id);
    }
    return json(200, {
      sessions: [...sessions.values()].map(({ id, label }) => ({
        id,
        label,
        begun: '2026-11-26',
        lastUsed: '2026-11-26',
        current: id === own.id,
      })),
    });
  };

  const answer = (url: string, init: RequestInit): Response => {
    const body = String(init.body);
    const form = new URLSearchParams(body);
    switch (new URL(url).pathname) {
      case '/auth/request-otp':
        return json(202, {
          requestId: randomUUID(),
          expiresInSeconds: 300,
          resendAfterSeconds: 30,
          codeLength: 6,
          delivery: 'accepted',
        });
      case '/auth/verify-otp':
        return verify(new Headers(init.headers).get('idempotency-key') ?? '', JSON.parse(body));
      case '/auth/token':
        return refresh(form.get('refresh_token') ?? '', form.get('attempt') ?? '');
      case '/auth/revoke':
        sessions.delete(tokens.get(form.get('token') ?? '')?.id ?? '');
        return new Response('');
      case '/auth/sessions':
        return list(JSON.parse(body));
      default:
        return json(404, { message: 'Not Found' });
    }
  };

  const server: SessionServer = {
    calls,
    sessions,
    meet: (...next) => {
      faults.push(...next);
    },
    fetch: async (url, init) => {
      const headers = new Headers(init.headers);
      const call: Call = {
        path: new URL(url).pathname,
        type: headers.get('content-type') ?? '',
        body: String(init.body),
      };
      calls.push(call);
      const fault = faults.shift();
      if (fault === 'unreached') throw new TypeError('Network request failed');
      if (fault === 'hangs') return new Promise(() => undefined);
      if (typeof fault === 'object') return new Response(fault.text, { status: fault.status });
      const given = answer(url, init);
      call.answer = { status: given.status, text: await given.clone().text() };
      if (fault === 'answer lost') throw new TypeError('Network request failed');
      return given;
    },
    callsTo: (path) => calls.filter((call) => call.path === path),
    refresh,
    accessTokenSeconds: 900,
    starts: 'a session',
    unknownStarts: Number.POSITIVE_INFINITY,
    accepts: (accessToken) => (access.get(accessToken) ?? 0) > now(),
  };
  return server;
}
