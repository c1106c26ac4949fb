/** What a session tells the app, and all that it touches. A test steps the ports one by one. */
import type { Clock } from './clock.ts';
import type { Answer } from './exchange.ts';
import type { Refusal, Unanswered } from './results.ts';

/** `unknown` while the storage does not answer or the phone has not been unlocked since its start: ask again later. */
export type SessionState = 'signed-in' | 'signed-out' | 'unknown';

/** An access token, or why there is none now. */
export type Access = { readonly tag: 'token'; readonly accessToken: string } | NoToken;

export type NoToken =
  | { readonly tag: 'signed-out' }
  /** The storage fails. */
  | { readonly tag: 'unknown' }
  /** The server was not reached, or cannot answer now. The session stays. */
  | Refusal;

/**
 *     session  the record: see `SessionRecord`
 *     revoke   refresh tokens of ended sessions that the server has not confirmed, with spaces between
 *     probe    shows that the storage takes a write, so that finding nothing means that there is nothing
 */
type StoredName = 'session' | 'revoke' | 'probe';

/** No port throws, and each answers within a time limit of its own. */
export interface SessionPorts {
  readonly clock: Clock;
  /** The value, or null for none; undefined if the storage failed. */
  read(name: StoredName): Promise<string | null | undefined>;
  /** Stores a value; null forgets it. False if the storage failed, and then it may be stored all the same. */
  write(name: StoredName, value: string | null): Promise<boolean>;
  /** POSTs a form, or JSON where the body is some, once. */
  send(path: string, body: string): Promise<Answer | Unanswered>;
  /** Runs one piece of work at a time over all contexts that share the storage. */
  lock<T>(work: () => Promise<T>): Promise<T>;
  /** Waits before the next try. */
  pause(): Promise<unknown>;
  /** Draws a number from 0 up to 1. */
  random(): number;
  /** How many times one refresh is sent at most. */
  readonly tries: number;
}
