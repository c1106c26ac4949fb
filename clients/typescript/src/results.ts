/**
 * The results of a call. A call always ends in a value and never throws. `reference` is what the user tells support: eight
 * characters, or where the gateway answered its longer id of the request. A problem that this version does not know becomes
 * `refused`, so that an old app works with a new server.
 */
import type { Challenge } from './challenge.ts';

interface Referenced {
  readonly reference?: string | undefined;
}

/** The call did not reach the server, or its answer got lost. Trying again sends no second SMS. */
interface NoAnswer {
  /** Of the answer that was none of ours. */
  readonly status?: number | undefined;
  /**
   * `offline`: no connection. `timeout`: no answer in time. `captive-portal`: a web page came in place of our answer.
   * `busy`: something in front of the server answered for it, and it may be over soon. `blocked`: something in front of
   * it refused. `wrong-address`: no Doorcode answers at the base URL.
   */
  readonly tag: 'offline' | 'timeout' | 'captive-portal' | 'busy' | 'blocked' | 'wrong-address';
}

/** The app's `headers` threw, took too long, or are invalid. The client made no call. */
interface HeadersFailed {
  readonly status?: undefined;
  readonly tag: 'headers-failed';
  /** What was thrown; undefined when nothing came in time. */
  readonly error?: unknown;
}

/** A call before `retryAtMs` gives the same result again, without a request to the server. */
interface Wait {
  readonly tag: 'too-many-requests' | 'too-many-attempts';
  readonly retryAfterSeconds: number;
  /** On the scale of the client's clock. */
  readonly retryAtMs: number;
}

interface Unavailable {
  readonly tag: 'unavailable';
  readonly retryAfterSeconds: number;
  readonly retryAtMs: number;
  /** Where an SMS may still arrive: its code works. */
  readonly challenge?: Challenge | undefined;
}

interface Invalid {
  readonly tag: 'invalid-request';
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

interface Unauthorized {
  /** Only where the deployment asks for a session of the caller, or for an attestation of the app. */
  readonly tag: 'unauthorized' | 'app-not-attested';
}

interface Other {
  readonly tag: 'refused';
  readonly status: number;
  /** `urn:doorcode:<name>`, of a kind that this version does not know. */
  readonly type: string;
  readonly detail: string;
}

/** The client got no answer of ours, or made no call. */
export type Unanswered = Referenced & (NoAnswer | HeadersFailed);

/** The results that both calls share. */
export type Refusal = Referenced &
  (NoAnswer | HeadersFailed | Wait | Unavailable | Invalid | Unauthorized | Other);

export type RequestOtpResult = { readonly tag: 'sent'; readonly challenge: Challenge } | Refusal;

interface SignedIn {
  readonly tag: 'signed-in';
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** With a session: how many others the number has. */
  readonly otherSessions?: number | undefined;
}

export type VerifyOtpResult =
  | SignedIn
  | (Referenced & { readonly tag: 'incorrect-code'; readonly attemptsRemaining: number })
  | (Referenced & { readonly tag: 'expired-code' })
  /** The typed text has no code in it, so the client made no call. */
  | { readonly tag: 'malformed-code' }
  | Refusal;
