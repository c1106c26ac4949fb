/**
 * What the flows of sessions need and answer. The ports are one request's access to the world: every call behind them ends
 * with the request's deadline, and an exception of theirs means 503. It is long because it is a list.
 */
import type { Lane } from '../limits/lane.ts';
import type { Controls } from '../otp/controls.ts';
import type { IdentityKeys } from '../otp/identity-keys.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import type { Settings } from '../settings/settings.ts';
import type { SessionKeys } from './session-keys.ts';
import type { OverReason } from './session-record.ts';
import type { SessionRules } from './session-rules.ts';
import type { SessionSecret } from './session-secret.ts';
import type { SessionStore } from './session-store.ts';

/** What starting a session needs. */
export interface SessionStartPorts {
  readonly rules: SessionRules;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly keys: IdentityKeys & SessionKeys;
  readonly secret: SessionSecret;
  readonly store: SessionStore;
}

/** What the other flows need. */
export interface SessionPorts extends SessionStartPorts {
  readonly settings: Pick<Settings, 'testNumbersUntil'>;
  /** How old the worker's knowledge of the session secret is. */
  readonly secretAgeSeconds: number;
  /** Undefined where the worker cannot read them. */
  readonly controls: Controls | undefined;
}

/** The win that a session starts with. */
export interface SessionWin {
  readonly challengeId: string;
  readonly lane: Lane;
  readonly phoneNumber: PhoneNumber;
  /** The Idempotency-Key of the verify call. */
  readonly idempotencyKey: string | undefined;
  /** Epoch seconds. */
  readonly verifiedAt: number;
  readonly label: string;
}

/** What an access token of a session says. The same generation always says the same. */
export interface SessionGrant {
  readonly phoneNumber: PhoneNumber;
  readonly isTest: boolean;
  /** `sid`. */
  readonly sessionId: string;
  /** `jti`. */
  readonly tokenId: string;
  /** `auth_time`: the sign-in, epoch seconds. */
  readonly begunAt: number;
  /** `iat`: the refresh, or the sign-in. */
  readonly issuedAt: number;
  /** `exp`: never past the session's absolute end. */
  readonly expiresAt: number;
  /** The token for the next refresh. */
  readonly refreshToken: string;
}

/** The result of starting a session. The sign-in itself has succeeded either way. */
export type StartOutcome =
  | {
      readonly tag: 'started';
      readonly grant: SessionGrant;
      /** How long the session lives if nobody refreshes it. */
      readonly sessionExpiresInSeconds: number;
      /** How many other sessions the number has. */
      readonly otherSessions: number;
      /** How many sessions were evicted for it. */
      readonly evicted: number;
      /** Set where too many sessions, or dead ones, stay for now. */
      readonly notPruned?: string | undefined;
    }
  | {
      readonly tag: 'not-started';
      /**
       * `ended`: a session of the number was ended after the win. `moved-on`: it was refreshed already. `evicted`: by a later
       * sign-in. `not-before`: the win is older than `notBefore`, so the session would be over.
       */
      readonly reason: 'ended' | 'moved-on' | 'evicted' | 'unknown' | OverReason;
      /** What failed, as `dependency: reason`, where the outcome is unknown. */
      readonly detail?: string | undefined;
    };

/** Why a refresh token is of no use. Only the log gets it. */
export type InvalidReason =
  | 'forged'
  | 'unknown-key'
  | 'absent'
  | OverReason
  | 'test-number'
  | 'older-generation'
  /** An older generation was used by another attempt: its session was ended. */
  | 'reuse';

/** The client learns that its token is of no use. */
export interface InvalidGrant {
  readonly tag: 'invalid-grant';
  readonly reason: InvalidReason;
  /** Known where the token is authentic. */
  readonly phoneNumber: PhoneNumber | undefined;
}

/** The client asks again, with the same token. Nothing was ended. */
export interface SessionUnavailable {
  readonly tag: 'temporarily-unavailable';
  readonly reason: 'secret-outdated' | 'controls' | 'late' | 'damaged';
  readonly phoneNumber: PhoneNumber | undefined;
}

export type RefreshOutcome =
  | {
      readonly tag: 'refreshed';
      readonly grant: SessionGrant;
      /** The same answer again: nothing was written. */
      readonly isReplay: boolean;
    }
  | { readonly tag: 'denied'; readonly phoneNumber: PhoneNumber }
  | InvalidGrant
  | SessionUnavailable;

export type RevokeOutcome =
  | { readonly tag: 'revoked'; readonly phoneNumber: PhoneNumber }
  /** Not a live session of ours. The client is told the same. */
  | { readonly tag: 'nothing-to-revoke'; readonly phoneNumber: PhoneNumber | undefined }
  | SessionUnavailable;

/** A session as its owner sees it. Days only: exact times would tell a thief when the owner refreshes. */
export interface ListedSession {
  readonly id: string;
  readonly label: string;
  /** UTC days, such as `2027-01-31`. */
  readonly begun: string;
  readonly lastUsed: string;
  readonly current: boolean;
}

/** Which sessions of the number end: all but the current one, all, or those with the ids. */
export type EndWish = 'others' | 'all' | readonly string[];

export type SessionListOutcome =
  | {
      readonly tag: 'sessions';
      readonly sessions: readonly ListedSession[];
      readonly ended: number;
      readonly phoneNumber: PhoneNumber;
    }
  | InvalidGrant
  | SessionUnavailable;
