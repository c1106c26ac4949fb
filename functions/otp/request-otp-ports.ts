/**
 * What request-otp takes, needs and answers. The ports are one request's access to the world: every call behind
 * them ends with the request's deadline.
 */
import type { KeyObject } from 'node:crypto';
import type { BudgetCount } from '../limits/budget.ts';
import type { Lane } from '../limits/lane.ts';
import type { Settings } from '../settings/settings.ts';
import type { AdmissionRefusal, Admit } from './admission.ts';
import type { Caller, Context } from './caller.ts';
import type { SendStore } from './challenge-store.ts';
import type { Controls } from './controls.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { RequestId } from './request-id.ts';
import type { RefusalCause, Sent } from './send-outcome.ts';
import type { CodeMessage } from './sms.ts';
import type { TestLane } from './test-number.ts';

export interface RequestOtp {
  readonly phoneNumber: PhoneNumber;
  readonly purpose: string;
  readonly platform?: 'android' | 'ios' | 'web' | undefined;
  /** The language of the SMS. It is no part of the intention: asking again in another language is the same request. */
  readonly locale?: string | undefined;
  readonly previousRequestId?: RequestId | undefined;
  readonly idempotencyKey?: string | undefined;
  /** As the client sent it. The flow checks whether it is valid. */
  readonly deviceToken?: string | undefined;
  /** What is approved, for a purpose that needs a session. */
  readonly context?: Context | undefined;
}

/** A request whose caller was admitted. */
export interface Admitted extends RequestOtp {
  readonly caller: Caller;
  /** The request came from an app that proved to be the adopter's. */
  readonly isAttested: boolean;
  /** Epoch seconds at which it was admitted. */
  readonly now: number;
  readonly phoneKey: string;
  /** Keyed hash of the idempotency key, or `-`; see `intention.ts`. */
  readonly intention: string;
}

/** A request in a lane, with what that lane needs. */
export type Asking = Admitted & {
  /** Why this number gets no code, whatever its limits say. */
  readonly closed: Extract<LimitReason, 'denied' | 'test-number'> | undefined;
} & (
    | { readonly lane: 'public' | 'attested' }
    | { readonly lane: 'device'; readonly deviceHash: string }
    | { readonly lane: 'test'; readonly test: TestLane }
  );

export interface RequestOtpPorts {
  readonly settings: Settings;
  readonly controls: Controls;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly identity: IdentityKeys;
  readonly codeKey: { readonly version: string; readonly key: KeyObject };
  readonly store: SendStore;
  readonly admit: Admit;
  /** The counters that a stranger must pass, in their order. */
  readonly strangerCounters: readonly WindowCounter[];
  /** Takes back one count of an address or of a block. */
  readonly giveBackCount: (taken: Taken) => Promise<void>;
  readonly countBudget: (payer: Lane, now: number) => Promise<BudgetCount>;
  readonly giveBackBudget: (payer: Lane, now: number) => Promise<void>;
  /** Seconds for which this worker sends nothing, because the provider failed too often; 0 when it sends. */
  readonly pausedSeconds: () => Promise<number>;
  readonly send: (message: CodeMessage) => Promise<Sent>;
  /** Writes a line to the log at once, because the flow may throw after it. */
  readonly tell: (code: 'request-otp.not-given-back' | 'request-otp.unproven', reason?: NotGivenBack) => void;
}

/** A count that stays spent although nothing was sent. `address` also covers the block of the number. */
export type NotGivenBack = 'send' | 'budget' | 'address';

/** One count to take back from a counter. */
export interface Taken {
  readonly key: string;
  /** Epoch seconds: the `ttl` of the counter. */
  readonly ttl: number;
  /** The short hash of a number that this count was the first to ask for. */
  readonly newNumber?: string | undefined;
}

/** Counts the requests of one client address, or for one block of numbers, in a window of the clock. */
interface WindowCounter {
  readonly reason: Extract<LimitReason, 'address' | 'block'>;
  readonly count: (now: number) => Promise<WindowCount>;
}

export type WindowCount =
  | { readonly tag: 'counted'; readonly taken: Taken }
  | { readonly tag: 'refused'; readonly retryAfterSeconds: number };

/** Which limit refused. Only the log gets it. */
export type LimitReason =
  | 'address'
  | 'block'
  | 'denied'
  | 'sends'
  | 'attempts'
  | 'test-number'
  | 'provider-number-limit';

/** What failed. Only the log gets it. */
export type UnavailableReason =
  | 'budget'
  | 'conversion'
  | 'switched-off'
  | 'paused'
  | 'reserve-unknown'
  | 'provider-failed'
  | `provider-${RefusalCause}`;

/** A code is on its way, or may be. */
export interface Accepted {
  readonly tag: 'accepted';
  readonly requestId: RequestId;
  readonly expiresInSeconds: number;
  readonly resendAfterSeconds: number;
  readonly delivery: 'accepted' | 'unconfirmed';
  /** `replay` repeats an earlier answer, `test` is for a test number: nothing was sent. */
  readonly kind: 'sent' | 'replay' | 'test';
}

interface Wait {
  readonly retryAfterSeconds: number;
  readonly detail?: string;
}

/** The answer. Only the log gets `reason`, `detail`, `messageId` and `providerLatencyMs`. */
export type RequestOtpOutcome = {
  readonly providerLatencyMs?: number | undefined;
  readonly messageId?: string | undefined;
} & (
  | Accepted
  | (Wait & { readonly tag: 'too-many-requests'; readonly reason: LimitReason })
  | (Wait & {
      readonly tag: 'temporarily-unavailable';
      readonly requestId?: RequestId;
      readonly reason: UnavailableReason;
    })
  | { readonly tag: 'idempotency-mismatch' }
  | AdmissionRefusal
);
