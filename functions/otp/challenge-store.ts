/**
 * What the flows ask of the table: one conditional write per step. Each answers with the item, so no step reads.
 * An exception means that the outcome is unknown: the write may have landed.
 */

import type { ItemLane, Lane } from '../limits/lane.ts';
import type { Limit } from '../limits/limits.ts';
import type { Register } from '../limits/sliding-window.ts';
import type { Attempts } from './attempts.ts';
import type { LatestChallenge, MarkedLane, PhoneRecord } from './number-record.ts';

/** The write landed, or one of its conditions refused it. `record` is the one that decided. */
export type Transition =
  | { readonly tag: 'written'; readonly record: PhoneRecord }
  | { readonly tag: 'refused'; readonly record: PhoneRecord };

interface Step {
  readonly lane: Lane;
  readonly phoneKey: string;
  /** Epoch seconds. */
  readonly now: number;
}

export interface Reserve extends Step {
  readonly challenge: LatestChallenge;
  /** Refuses unless the item remembers this device. */
  readonly deviceHash?: string | undefined;
  /** The lane's own limits on sends, instead of the policy's. */
  readonly sendLimits?: readonly Limit[] | undefined;
  /** Refuses always. A denied number then makes the same call as one over its limits. */
  readonly isClosed?: boolean | undefined;
  /** A mark with our key that does not refuse the write, because no challenge is behind it. */
  readonly voidMark?: string | undefined;
}

export interface PlaceMark {
  readonly phoneKey: string;
  /** Epoch seconds. */
  readonly now: number;
  /** The lane of the challenge. */
  readonly lane: MarkedLane;
  /** The hash of its idempotency key. */
  readonly asked: string;
  /** The marks of the lane's two live challenges, newest first, or `-`. */
  readonly marks: readonly [string, string];
  /** As for {@link Reserve}. */
  readonly voidMark?: string | undefined;
}

export interface Release extends Step {
  readonly challengeId: string;
  /** The record before the reserve; unknown when the reserve never answered. */
  readonly before: PhoneRecord | undefined;
  /** With `send`, the send stays counted although the challenge is removed: the provider refused it, but counted it. */
  readonly keeps: 'nothing' | 'send';
  /** The limits that the reserve used. */
  readonly sendLimits?: readonly Limit[] | undefined;
}

export interface Count extends Step {
  readonly challengeId: string;
  readonly nonce: string;
}

/** The new register of attempts. It is written only if nobody has changed the register since it was read. */
export interface ChangedAttempts {
  /** `attemptBy` of the record that `left` was made from. */
  readonly seenBy: string;
  readonly left: Attempts;
}

export interface Consume extends Step {
  readonly hash: string;
  readonly purpose: string;
  readonly consumedBy: string;
  /** The attempts that remain after the success. Unset, they do not change. */
  readonly attempts?: ChangedAttempts | undefined;
}

export interface GiveBack extends Step {
  /** Marks the change, as `nonce` marks a count. */
  readonly nonce: string;
  readonly attempts: ChangedAttempts;
}

interface Forget {
  readonly phoneKey: string;
  /** Epoch seconds. */
  readonly now: number;
}

export interface Remember extends Forget {
  readonly deviceHash: string;
}

/** The writes of request-otp. */
export interface SendStore {
  /** Takes a send from the limits and stores the challenge. `written` gives the record before. */
  reserve(step: Reserve): Promise<Transition>;
  /**
   * Marks a challenge of another item in the `phone#` item, unless its key is known there. Together with the reserve
   * of that item this is the one write that decides between two lanes.
   */
  mark(step: PlaceMark): Promise<Transition>;
  /** Reads an item of a number. Only a request that is refused or answered again needs this read. */
  read(step: { readonly lane: ItemLane; readonly phoneKey: string }): Promise<PhoneRecord>;
  /** Gives a send back, if its challenge is still the latest one. */
  release(step: Release): Promise<Transition>;
  /** Forgets the devices beyond `devicesPerNumber`. `refused` means that there are none. */
  forget(step: Forget): Promise<Transition>;
}

/** The writes of verify-otp. */
export interface AttemptStore {
  /** Takes an attempt from the limits, if the challenge is live. `written` gives the record after. */
  count(step: Count): Promise<Transition>;
  /** Makes a code win, once. */
  consume(step: Consume): Promise<Transition>;
  /** Gives back attempts that were counted but not compared. */
  giveBack(step: GiveBack): Promise<Transition>;
  /** Makes a device known for the number, and forgets the oldest one past the limit. `refused` means that it is known already. */
  remember(step: Remember): Promise<Transition>;
}

/** The registers of an item and how long it is kept. */
export interface StorePolicy {
  readonly sends: Register;
  readonly attempts: Register;
  readonly ttlSeconds: number;
  /** The lanes whose challenges are marked in the `phone#` item. */
  readonly markedLanes: readonly MarkedLane[];
  /** An item that remembers devices is kept longer. */
  readonly deviceTtlSeconds: number;
  /** How many devices are remembered for a number. */
  readonly devices: number;
}
