/**
 * What the flows ask of the table: one conditional write per step. Each answers with the item, so no step reads.
 * An exception means that the outcome is unknown: the write may have landed.
 */

import type { LatestChallenge, PhoneRecord } from './phone-record.ts';
import type { Register } from './sliding-window.ts';

/** Written, or refused by one of the clauses, with the record that decided it. */
export type Transition =
  | { readonly tag: 'written'; readonly record: PhoneRecord }
  | { readonly tag: 'refused'; readonly record: PhoneRecord };

interface Step {
  readonly phoneKey: string;
  /** Epoch seconds. */
  readonly now: number;
}

export interface Reserve extends Step {
  readonly challenge: LatestChallenge;
}

export interface Release extends Step {
  readonly challengeId: string;
  /** The record before the reserve; unknown when the reserve never answered. */
  readonly before: PhoneRecord | undefined;
  /** The provider counted the send although it refused it: the challenge goes back, the send stays. */
  readonly keeps: 'nothing' | 'send';
}

export interface Count extends Step {
  readonly challengeId: string;
  readonly nonce: string;
}

export interface Consume extends Step {
  readonly challengeId: string;
  readonly hash: string;
  readonly purpose: string;
  readonly consumedBy: string;
}

export interface ChallengeStore {
  /** Takes a send from the limits and stores the challenge. `written` gives the record before. */
  reserve(step: Reserve): Promise<Transition>;
  /** Gives it back, if the challenge is still the latest one. */
  release(step: Release): Promise<Transition>;
  /** Takes an attempt from the limits, if the challenge is live. `written` gives the record after. */
  count(step: Count): Promise<Transition>;
  /** Makes a code win, once. `written` gives the record before. */
  consume(step: Consume): Promise<Transition>;
}

/** The registers of an item and how long it is kept. */
export interface StorePolicy {
  readonly sends: Register;
  readonly attempts: Register;
  readonly ttlSeconds: number;
}
