/**
 * What verify-otp takes, needs and answers. The ports are one request's access to the world: every call behind
 * them ends with the request's deadline.
 */
import type { KeyObject } from 'node:crypto';
import type { Settings } from '../settings/settings.ts';
import type { AdmissionRefusal, Admit } from './admission.ts';
import type { Caller, Context } from './caller.ts';
import type { AttemptStore } from './challenge-store.ts';
import type { Code } from './code.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { OpenedRequestId } from './request-id.ts';

export interface VerifyOtp {
  /** The content of the sealed id. `undefined` where it does not open, because it is forged, altered or of another deployment. */
  readonly opened: OpenedRequestId | undefined;
  readonly code: Code;
  readonly idempotencyKey?: string | undefined;
  /** What the user approves; must equal the context that the code was asked for with. */
  readonly context?: Context | undefined;
}

export interface VerifyOtpPorts {
  readonly settings: Settings;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly identity: IdentityKeys;
  /** The code key of one version of the code secret, if there is such a version. */
  readonly codeKey: (version: string) => Promise<KeyObject | undefined>;
  readonly store: AttemptStore;
  readonly admit: Admit;
  readonly guesses: Guesses;
  /** Logs at once that an attempt stays spent or a device stays unknown. The answer stays the same. */
  readonly tell: (code: 'verify-otp.not-given-back' | 'verify-otp.device-not-remembered') => void;
}

/** A guess that was counted and not yet compared. */
interface Guess {
  /** Epoch seconds. */
  readonly now: number;
  /** Whether it is the first at its code. Each such guess costs an SMS, and most users type it right. */
  readonly isFirst: boolean;
}

/** Reports strangers' guesses to the breakers. No method throws, because a failed statistic must not stop a sign-in. */
export interface Guesses {
  /** Seconds to wait, because too many wrong codes were guessed for all numbers together; 0 to go on. */
  admit(guess: Guess): Promise<number>;
  right(now: number): Promise<void>;
  wrong(now: number): Promise<void>;
}

/** The result of a right code, from which the token is made. */
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
  /** Set if this win made a device known. */
  readonly deviceToken?: string | undefined;
}

/** The answer. Only the log gets `reason`. */
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
