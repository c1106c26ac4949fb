/**
 * What verify-otp takes, needs and answers. The ports are one request's access to the world: every call behind
 * them ends with the request's deadline.
 */
import type { KeyObject } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import type { AdmissionRefusal, SessionReading } from './admission.ts';
import type { Caller, Context } from './caller.ts';
import type { ChallengeStore } from './challenge-store.ts';
import type { Code } from './code.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { RequestId } from './request-id.ts';

export interface VerifyOtp {
  readonly requestId: RequestId;
  readonly code: Code;
  readonly idempotencyKey?: string | undefined;
  /** What is approved, as it was when the code was asked for. */
  readonly context?: Context | undefined;
}

export interface VerifyOtpPorts {
  readonly settings: Settings;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly identity: IdentityKeys;
  /** The code key of one version of the code secret, if there is such a version. */
  readonly codeKey: (version: string) => Promise<KeyObject | undefined>;
  readonly store: ChallengeStore;
  /** Verifies the caller's own session; asked for before anything is counted, where the id says that it needs one. */
  readonly readSession: () => Promise<SessionReading>;
  readonly guesses: Guesses;
  /** Told whose request it is, once that is known: for the log's tag. */
  readonly onOpened: (phoneNumber: PhoneNumber) => void;
  /** Told when an attempt that the guess breaker refused could not be given back. */
  readonly onNotGivenBack: () => void;
  /** Told when the device of a win could not be remembered; the token is signed all the same. */
  readonly onNotRemembered: () => void;
}

/** A guess that was counted and is not compared yet. */
interface Guess {
  /** Epoch seconds. */
  readonly now: number;
  /** The first one at its code: an SMS was paid for it, and most users type it right. */
  readonly isFirst: boolean;
}

/** What the breakers learn of strangers' codes. None of it throws: a statistic stops nobody. */
export interface Guesses {
  /** Seconds to wait, because too many wrong codes were guessed for all numbers together; 0 to go on. */
  admit(guess: Guess): Promise<number>;
  right(now: number): Promise<void>;
  wrong(now: number): Promise<void>;
}

/** A code that won: what the token says. */
export interface Verified {
  readonly tag: 'verified';
  readonly phoneNumber: PhoneNumber;
  readonly purpose: string;
  /** Unique per challenge, the same for every answer to the same win. */
  readonly tokenId: string;
  /** Epoch seconds. */
  readonly verifiedAt: number;
  /** The session and the context that the code was bound to. */
  readonly caller: Caller;
  readonly isTest: boolean;
  /** For a device that this win made known. */
  readonly deviceToken?: string | undefined;
}

/** The answer; `reason` is for the log alone. */
export type VerifyOtpOutcome =
  | Verified
  | { readonly tag: 'incorrect-code'; readonly attemptsRemaining: number }
  | { readonly tag: 'expired-code'; readonly reason: 'forged' | 'not-live' | 'lost-race' | 'outdated' }
  | {
      readonly tag: 'too-many-attempts';
      readonly retryAfterSeconds: number;
      readonly reason: 'number' | 'guess-breaker';
    }
  | AdmissionRefusal
  | {
      readonly tag: 'temporarily-unavailable';
      readonly retryAfterSeconds: number;
      readonly reason: 'code-key-unknown';
    };
