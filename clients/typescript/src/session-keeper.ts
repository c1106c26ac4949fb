/**
 * Keeps one session.
 *
 * - The record is never taken from memory. It is read before each try, and an answer counts only if the record still has
 *   the token that was sent. Then the record is written whole, with a new attempt.
 * - Nothing is refreshed that is not stored. After a failed write the token and its attempt stay, and the server gives the
 *   same answer again.
 * - `invalid_grant` ends the session, if the record still has the refused token. No other answer does.
 * - Finding nothing counts only after the storage has taken a write in this run: before the first unlock, iOS finds
 *   nothing where there is something.
 *
 * It is long because every step reads and writes the same record.
 */
import { type Answer, passing } from './exchange.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { readRefusal } from './read-refusal.ts';
import { numberIn, type Record, textIn } from './record.ts';
import type { Refusal } from './results.ts';
import { openSessionDebts } from './session-debts.ts';
import type { Access, NoToken, SessionPorts, SessionState } from './session-ports.ts';
import { needOf, type SessionRecord, sessionIn } from './session-record.ts';

export interface SessionKeeper {
  /** A token; where an API refused one, another one if there is any. */
  access(refused?: string): Promise<Access>;
  /** Reads what is stored, and asks a storage that failed once more. */
  check(): Promise<SessionState>;
  /** What was seen last. */
  state(): SessionState;
  /** Calls the listener when the state changes; the result removes it. */
  subscribe(onChange: () => void): () => void;
  /** Keeps what a sign-in brought, and revokes what it replaces. */
  keep(body: Record): Promise<void>;
  /** False means that the storage failed, and may give the session back. */
  signOut(): Promise<boolean>;
  /** The list of sessions as the server answers it, after ending some. */
  list(end?: Ending): Promise<Answer | NoToken>;
}

/** Which sessions to end: all but this one, all, or the ones with these ids. */
export type Ending = 'others' | 'all' | readonly string[];

const signedOut = { tag: 'signed-out' } as const;
const unknown = { tag: 'unknown' } as const;

export function openSessionKeeper(ports: SessionPorts): SessionKeeper {
  const { clock, lock, read, send, pause, tries } = ports;
  const { owe, deliver } = openSessionDebts(ports);
  const listeners = new Set<() => void>();
  /** The access tokens of sessions that are over, in case the storage refuses to forget them. */
  const ended = new Set<string>();
  let known: SessionState = 'unknown';
  let hasWritten = false;
  /** How many wait for the refresh under way to end. */
  let waiting = 0;
  /** A sign-in that the storage refused. This run uses its access token, and refreshes it once it is stored. */
  let unsaved: SessionRecord | undefined;
  /** The access token that this run got last, and when. */
  let gotToken = '';
  let gotAtMs = 0;
  /** The latest refusal that named a wait. */
  let wait: Extract<Refusal, { readonly retryAtMs: number }> | undefined;
  let refreshing: Promise<Access> | undefined;

  const write = async (name: 'session' | 'probe', value: string | null): Promise<boolean> => {
    const isWritten = await ports.write(name, value);
    hasWritten ||= isWritten;
    return isWritten;
  };

  const store = (record: SessionRecord): Promise<boolean> => {
    gotToken = record.accessToken;
    gotAtMs = clock.now();
    return write('session', JSON.stringify(record));
  };

  const become = <Seen>(state: SessionState, seen: Seen): Seen => {
    if (state !== known) {
      known = state;
      for (const onChange of listeners) {
        try {
          onChange();
        } catch {
          // A listener that fails is the app's own fault, and no reason to stop here.
        }
      }
    }
    return seen;
  };

  const need = (record: SessionRecord, refused?: string): ReturnType<typeof needOf> =>
    needOf(record, {
      wallMs: clock.wallMs(),
      gotAgoMs: record.accessToken === gotToken ? clock.now() - gotAtMs : -1,
      isRefused: record.accessToken === refused,
    });

  /** The session as it is stored, or why there is none. */
  const look = async (): Promise<SessionRecord | typeof signedOut | typeof unknown> => {
    for (;;) {
      const value = unsaved === undefined ? await read('session') : null;
      const record = unsaved === undefined ? sessionIn(value) : { ...unsaved, refreshToken: '' };
      if (value === undefined) return become('unknown', unknown);
      if (record !== undefined) {
        const isOver = record.refreshToken === '' && need(record) === 'now';
        if (!isOver && !ended.has(record.accessToken)) return become('signed-in', record);
      } else if (!hasWritten) {
        if (await write('probe', '1')) continue;
        return become('unknown', unknown);
      }
      return become('signed-out', signedOut);
    }
  };

  const newRecord = (
    tokens: Pick<SessionRecord, 'accessToken' | 'refreshToken'>,
    fromMs: number,
    seconds: number,
  ): SessionRecord => {
    const overMs = seconds * 1000;
    const life = { fromMs, dueMs: overMs * (0.8 - ports.random() / 10), overMs };
    return { ...tokens, attempt: newIdempotencyKey(), life };
  };

  const forget = async (...records: readonly (SessionRecord | undefined)[]): Promise<boolean> => {
    for (const record of records) if (record) ended.add(record.accessToken);
    unsaved = undefined;
    return become('signed-out', await write('session', null));
  };

  /** Waits for the refresh under way, which then tries no more. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1;
    return lock(() => {
      waiting -= 1;
      return work();
    });
  };

  /** Refreshes until the record has a token that needs none; inside the lock. */
  const renew = async (refused: string | undefined): Promise<Access> => {
    if (unsaved !== undefined && (await store(unsaved))) unsaved = undefined;
    let last: Access = unknown;
    for (let tried = 0; ; tried += 1) {
      const record = await look();
      if ('tag' in record) return record;
      const { refreshToken, attempt, accessToken } = record;
      if (refreshToken === '' || need(record, refused) === 'none') return { tag: 'token', accessToken };
      if (wait !== undefined && wait.retryAtMs > clock.now()) return wait;
      if (tried >= tries || (tried > 0 && waiting > 0)) return last;
      const fromMs = clock.wallMs();
      const answer = await send(
        '/auth/token',
        `grant_type=refresh_token&refresh_token=${refreshToken}&attempt=${attempt}`,
      );
      if (answer.tag !== 'answer') {
        last = answer;
        if (!passing.test(answer.tag)) return answer;
        if (tried + 1 < tries) await pause();
        continue;
      }
      const { body } = answer;
      const tokens = {
        refreshToken: textIn(body, 'refresh_token'),
        accessToken: textIn(body, 'access_token'),
      };
      const seconds = numberIn(body, 'expires_in', -1);
      const isEnded = isInvalidGrant(answer);
      if (!isEnded && (seconds < 0 || tokens.refreshToken === '' || tokens.accessToken === '')) {
        const refusal = readRefusal(answer, clock.now());
        if ('retryAtMs' in refusal) wait = refusal;
        return refusal;
      }
      const present = await read('session');
      if (present !== undefined) {
        // Another context has written meanwhile, or signed out: what it left counts.
        if (sessionIn(present)?.refreshToken !== refreshToken) continue;
        if (isEnded) {
          await forget(record);
          return signedOut;
        }
        if (await store(newRecord(tokens, fromMs, seconds))) {
          deliver();
          if (seconds === 0) continue;
        }
      }
      return seconds > 0 ? { tag: 'token', accessToken: tokens.accessToken } : unknown;
    }
  };

  const access = async (refused?: string): Promise<Access> => {
    const record = await look();
    if ('tag' in record) return record;
    const needed = unsaved === undefined ? need(record, refused) : 'now';
    const token = { tag: 'token', accessToken: record.accessToken } as const;
    if (needed === 'none') return token;
    refreshing ??= lock(() => renew(refused)).finally(() => {
      refreshing = undefined;
    });
    return needed === 'now' ? refreshing : token;
  };

  const list = async (end?: Ending, refused?: string): Promise<Answer | NoToken> => {
    const reached = await access(refused);
    const record = reached.tag === 'token' ? await look() : reached;
    if ('tag' in record) return record;
    const { refreshToken, accessToken } = record;
    const answer = await send('/auth/sessions', JSON.stringify({ refreshToken, end }));
    // Another context may have refreshed meanwhile, or its answer got lost. A refresh finds out, once.
    const isBehind = answer.tag === 'answer' && isInvalidGrant(answer) && refused === undefined;
    return isBehind ? list(end, accessToken) : answer;
  };

  // What an earlier run has left.
  deliver();

  return {
    access,
    check: async () => {
      await look();
      deliver();
      return known;
    },
    state: () => known,
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    keep: async (body) => {
      await inTurn(async () => {
        const replaced = [unsaved, sessionIn(await read('session'))];
        const tokens = {
          refreshToken: textIn(body, 'refreshToken'),
          accessToken: textIn(body, 'accessToken'),
        };
        const record = newRecord(tokens, clock.wallMs(), numberIn(body, 'expiresInSeconds', 0));
        ended.delete(record.accessToken);
        unsaved = (await store(record)) ? undefined : record;
        for (const old of replaced) if (old && old.refreshToken !== record.refreshToken) await owe(old);
        become('signed-in', undefined);
      });
      deliver();
    },
    signOut: async () => {
      const isDone = await inTurn(async () => {
        const value = await read('session');
        const records = [unsaved, sessionIn(value)];
        for (const record of records) if (record) await owe(record);
        return (await forget(...records)) && value !== undefined;
      });
      deliver();
      return isDone;
    },
    list,
  };
}

function isInvalidGrant({ status, body }: Answer): boolean {
  return status === 400 && body['error'] === 'invalid_grant';
}
