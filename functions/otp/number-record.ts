/**
 * What the table remembers of a number, in one lane (`lane.ts`). One item, partition key `phone#<phoneKey>`,
 * `device#<phoneKey>` or `test#<phoneKey>`, under 1 KB:
 *
 *     sent0 … sent9      epoch seconds of the latest accepted sends, newest first
 *     tried0 … tried19   epoch seconds of the latest counted attempts, newest first
 *     new*               the latest challenge: Id Hash Key Expires Purpose Asked (of its idempotency key), Lane (the lane that paid for it, plus
 *                        128 where it needs a session), and After, the id it resends
 *     old*               the one before it, which lives until its own expiry
 *     inDevice0 inDevice1 inTest0 inTest1   in the `phone#` item: marks of the challenges that live in the number's other
 *                        items and have an idempotency key, newest first
 *     by0 … by4          tags of the challenges that the newest attempts were made at
 *     attemptBy          nonce of the invocation that changed the attempts last
 *     consumedBy consumedPurpose lastVerifiedAt      the last success
 *     device0 … device4  in a `device#` item: keyed hashes of the devices that have signed in, newest first
 *     signedInAt         in a `device#` item: when a device last signed in or was made known
 *     ttl                epoch seconds after which nothing above matters
 *
 * The number is not in it. `-` and 0 are placeholders, and absent means the same.
 */

import type { ItemLane, Lane } from '../limits/lane.ts';
import { deviceIdleSeconds } from '../settings/fixed-numbers.ts';

/** A code that was sent and waits to be typed in. Times are epoch seconds. */
export interface Challenge {
  readonly id: string;
  /** Keyed hash of the code. */
  readonly hash: string;
  /** The version id of the code secret that made the hash. */
  readonly keyVersion: string;
  /** The first second at which the code is no longer valid. */
  readonly expiresAt: number;
  readonly purpose: string;
  /** Keyed hash of the app's idempotency key, or `-`. */
  readonly idempotency: string;
  /** The lane that its send was counted in. */
  readonly lane: Lane;
  /** Whether its code is bound to a session of the adopter's. */
  readonly needsSession: boolean;
}

/** The latest challenge; `after` is the id of the challenge it resends, or `-`. */
export interface LatestChallenge extends Challenge {
  readonly after: string;
}

/** Lanes whose challenges live in an item of their own. */
export type MarkedLane = Exclude<ItemLane, 'public'>;

/**
 * Says that a challenge with an idempotency key lives in another item of the number. A lane writes it right after its
 * reserve, so a mark without such a challenge is void.
 */
export interface Mark {
  readonly lane: MarkedLane;
  /** The hash of the key, and the beginning of the challenge's id. Two challenges thus never have the same mark. */
  readonly text: string;
}

/** The item of a number, as the table returned it. */
export interface PhoneRecord {
  /** Newest first; 0 is no send. */
  readonly sent: readonly number[];
  /** Newest first; 0 is no attempt. */
  readonly tried: readonly number[];
  /** The tags of the challenges that the newest attempts were made at (`attempts.ts`); `-` is not known. */
  readonly triedBy: readonly string[];
  readonly latest: LatestChallenge | undefined;
  readonly earlier: Challenge | undefined;
  /** Of a `phone#` item. */
  readonly marks: readonly Mark[];
  readonly attemptBy: string;
  readonly consumedBy: string;
  readonly consumedPurpose: string;
  readonly lastVerifiedAt: number;
  /** Keyed hashes of the devices that are known, newest first. */
  readonly devices: readonly string[];
  /** Epoch seconds at which a device last signed in or was made known; 0 is never. */
  readonly signedInAt: number;
}

/** Stands for an absent string. */
export const none = '-';

const markIdCharacters = 4;

/** The mark of a challenge; `-` where it has no key, or there is no challenge. */
export function markText(challenge: Challenge | undefined): string {
  const hasKey = challenge !== undefined && challenge.idempotency !== none;
  return hasKey ? challenge.idempotency + challenge.id.slice(0, markIdCharacters) : none;
}

/** Live at `now`: stored, and not yet expired. */
export function isLive(challenge: Challenge | undefined, now: number): challenge is Challenge {
  return challenge !== undefined && challenge.expiresAt > now;
}

/** The challenges of a number that are live at `now`, newest first. */
export function liveChallenges(record: PhoneRecord, now: number): readonly Challenge[] {
  return [record.latest, record.earlier].filter((challenge) => isLive(challenge, now));
}

/** Epoch seconds. A number whose devices last signed in at this time or earlier forgets them. */
export function idleSince({ now }: { readonly now: number }): number {
  return now - deviceIdleSeconds;
}

/** Whether the number still knows a device, among its newest `devicesPerNumber`. */
export function knowsDevice(
  { devices, signedInAt }: Pick<PhoneRecord, 'devices' | 'signedInAt'>,
  {
    deviceHash,
    devicesPerNumber,
    now,
  }: { readonly deviceHash: string; readonly devicesPerNumber: number; readonly now: number },
): boolean {
  return devices.slice(0, devicesPerNumber).includes(deviceHash) && signedInAt > idleSince({ now });
}
