/**
 * What request-otp takes, needs and answers. The ports are one request's access to the world: every call behind
 * them ends with the request's deadline.
 */
import type { KeyObject } from 'node:crypto';
import type { ChallengeStore } from './challenge-store.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { RequestId } from './request-id.ts';
import type { RefusalCause, SendOutcome } from './send-outcome.ts';
import type { Settings } from './settings.ts';
import type { CodeMessage } from './sms.ts';

export interface RequestOtp {
  readonly phoneNumber: PhoneNumber;
  readonly purpose: string;
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  readonly previousRequestId?: RequestId | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface RequestOtpPorts {
  readonly settings: Settings;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly identity: IdentityKeys;
  readonly codeKey: { readonly version: string; readonly key: KeyObject };
  readonly store: ChallengeStore;
  readonly countAddress: (now: number) => Promise<AddressCount>;
  readonly countBudget: (now: number) => Promise<boolean>;
  readonly giveBackBudget: (now: number) => Promise<void>;
  readonly send: (message: CodeMessage) => Promise<SendOutcome>;
  /** Told when a send or the budget could not be given back. */
  readonly onNotGivenBack: (what: 'send' | 'budget') => void;
}

export type AddressCount =
  | { readonly tag: 'counted' }
  | { readonly tag: 'refused'; readonly retryAfterSeconds: number };

/** Which limit: for the log alone. */
export type LimitReason = 'address' | 'sends' | 'attempts' | 'provider-number-limit';

/** What did not work: for the log alone. */
export type UnavailableReason = 'budget' | 'reserve-unknown' | 'provider-failed' | `provider-${RefusalCause}`;

/** A code is on its way, or was, for all we know. */
interface Accepted {
  readonly tag: 'accepted';
  readonly requestId: RequestId;
  readonly expiresInSeconds: number;
  readonly resendAfterSeconds: number;
  readonly delivery: 'accepted' | 'unconfirmed';
  /** True for an answer that repeats an earlier one and sent nothing. */
  readonly isReplay: boolean;
}

/** The answer; `reason` is for the log alone. */
export type RequestOtpOutcome =
  | Accepted
  | { readonly tag: 'too-many-requests'; readonly retryAfterSeconds: number; readonly reason: LimitReason }
  | {
      readonly tag: 'temporarily-unavailable';
      readonly retryAfterSeconds: number;
      readonly requestId?: RequestId;
      readonly reason: UnavailableReason;
    }
  | { readonly tag: 'idempotency-mismatch' };
