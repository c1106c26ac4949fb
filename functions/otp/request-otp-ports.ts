/**
 * What request-otp takes, needs and answers. The ports are one request's access to the world: every call behind
 * them ends with the request's deadline.
 */
import type { KeyObject } from 'node:crypto';
import type { BudgetCount } from '../limits/budget.ts';
import type { Lane } from '../limits/lane.ts';
import type { Settings } from '../settings/settings.ts';
import type { Caller } from './caller.ts';
import type { ChallengeStore } from './challenge-store.ts';
import type { Controls } from './controls.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { RequestId } from './request-id.ts';
import type { RefusalCause, SendOutcome } from './send-outcome.ts';
import type { CodeMessage } from './sms.ts';

export interface RequestOtp {
  readonly phoneNumber: PhoneNumber;
  readonly purpose: string;
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  /** The language of the SMS. It names no intention: asked again in another language it is the same request. */
  readonly locale?: string | undefined;
  readonly previousRequestId?: RequestId | undefined;
  readonly idempotencyKey?: string | undefined;
  /** As the client sent it; whether it is one is found out here. */
  readonly deviceToken?: string | undefined;
  readonly caller: Caller;
  /** The request came from an app that proved to be the adopter's. */
  readonly isAttested: boolean;
}

export interface RequestOtpPorts {
  readonly settings: Settings;
  readonly controls: Controls;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly identity: IdentityKeys;
  readonly codeKey: { readonly version: string; readonly key: KeyObject };
  readonly store: ChallengeStore;
  readonly countAddress: (now: number) => Promise<WindowCount>;
  /** Undefined where blocks are not counted. */
  readonly countBlock?: ((now: number) => Promise<WindowCount>) | undefined;
  /** Takes back one count of an address or of a block. */
  readonly giveBackCount: (taken: Taken) => Promise<void>;
  readonly countBudget: (payer: Lane, now: number) => Promise<BudgetCount>;
  readonly giveBackBudget: (payer: Lane, now: number) => Promise<void>;
  /** Seconds for which this worker sends nothing, because the provider failed too often; 0 when it sends. */
  readonly pausedSeconds: () => Promise<number>;
  readonly send: (message: CodeMessage) => Promise<SendOutcome>;
  /** Told when something could not be given back. */
  readonly onNotGivenBack: (what: NotGivenBack) => void;
  /** Told when the conversion breaker is open, whether it is enforced or only observed. */
  readonly onUnproven: () => void;
}

/** What stays spent although nothing was sent for it; `address` stands for the block of the number, too. */
export type NotGivenBack = 'send' | 'budget' | 'address';

/** One count of a counter, as it is given back. */
export interface Taken {
  readonly key: string;
  /** Epoch seconds: the `ttl` of the counter. */
  readonly ttl: number;
  /** The short hash of a number that this count was the first to ask for. */
  readonly newNumber?: string | undefined;
}

/** A counter of one window of the clock. */
export type WindowCount =
  | { readonly tag: 'counted'; readonly taken: Taken }
  | { readonly tag: 'refused'; readonly retryAfterSeconds: number };

/** Which limit: for the log alone. */
export type LimitReason =
  | 'address'
  | 'block'
  | 'denied'
  | 'sends'
  | 'attempts'
  | 'test-number'
  | 'provider-number-limit';

/** What did not work: for the log alone. */
export type UnavailableReason =
  | 'budget'
  | 'conversion'
  | 'switched-off'
  | 'paused'
  | 'reserve-unknown'
  | 'provider-failed'
  | `provider-${RefusalCause}`;

/** A code is on its way, or was, for all we know. */
interface Accepted {
  readonly tag: 'accepted';
  readonly requestId: RequestId;
  readonly expiresInSeconds: number;
  readonly resendAfterSeconds: number;
  readonly delivery: 'accepted' | 'unconfirmed';
  /** `replay` repeats an earlier answer, `test` is for a test number: nothing was sent. */
  readonly kind: 'sent' | 'replay' | 'test';
}

/** The answer; `reason` and `detail` are for the log alone. */
export type RequestOtpOutcome =
  | Accepted
  | { readonly tag: 'too-many-requests'; readonly retryAfterSeconds: number; readonly reason: LimitReason }
  | {
      readonly tag: 'temporarily-unavailable';
      readonly retryAfterSeconds: number;
      readonly requestId?: RequestId;
      readonly reason: UnavailableReason;
      readonly detail?: string;
    }
  | { readonly tag: 'idempotency-mismatch' };
