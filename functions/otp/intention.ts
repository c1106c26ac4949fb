/**
 * An intention: what an app wants with one idempotency key. However often the app asks with that key, there is one SMS and
 * one requestId, whatever was proved, closed or spent since.
 *
 * A challenge keeps the hash of its key. A lane with its own item also marks the challenge in the number's `phone#` item
 * before anything is sent, so that one write decides between two lanes. A request with a key that is about to be refused
 * reads each of the number's items once. A first request that is accepted reads nothing.
 */
import { randomBytes } from 'node:crypto';
import type { ItemLane } from '../limits/lane.ts';
import { type Caller, callerParts } from './caller.ts';
import type { IdentityKeys } from './identity-keys.ts';
import { keyedHash } from './keyed-hash.ts';
import { type Challenge, liveChallenges, type Mark, none, type PhoneRecord } from './number-record.ts';
import type { Admitted } from './request-otp-ports.ts';
import type { VerifyOtp } from './verify-otp-ports.ts';

/** 66 bits keep the few live keys of a number distinct, and the item under 1 KB. */
const askedCharacters = 11;

/** The hash of a request's idempotency key, or `-`. Another session or another context is another intention. */
export function askedHash(
  { idempotency }: Pick<IdentityKeys, 'idempotency'>,
  { idempotencyKey, caller }: Pick<Admitted, 'idempotencyKey' | 'caller'>,
): string {
  if (idempotencyKey === undefined) return none;
  const parts = ['request', idempotencyKey, ...callerParts(caller)];
  return keyedHash(idempotency, parts).slice(0, askedCharacters);
}

/**
 * The mark that a win leaves, for the intention to verify one code. Without an idempotency key it is random, so no other
 * request has it.
 */
export function winMark(
  { idempotency }: Pick<IdentityKeys, 'idempotency'>,
  {
    challengeId,
    code,
    idempotencyKey,
    caller,
  }: VerifyOtp & { readonly challengeId: string; readonly caller: Caller },
): string {
  if (idempotencyKey === undefined) return randomBytes(16).toString('base64url');
  return keyedHash(idempotency, ['verify', challengeId, code, idempotencyKey, ...callerParts(caller)]);
}

/** A challenge that was begun with the same key, and the record that it was found in. */
export interface Begun {
  readonly tag: 'begun';
  readonly challenge: Challenge;
  readonly record: PhoneRecord;
}

/** The challenge of a record that began the intention, if it lives. `now` is in epoch seconds. */
export function begunIn(
  record: PhoneRecord,
  { intention, now }: Pick<Admitted, 'intention' | 'now'>,
): Begun | undefined {
  if (intention === none) return undefined;
  const challenge = liveChallenges(record, now).find(({ idempotency }) => idempotency === intention);
  return challenge && { tag: 'begun', challenge, record };
}

/** The mark that one of `lanes` left for the intention in a `phone#` item. */
export function markOf(
  { marks }: Pick<PhoneRecord, 'marks'>,
  intention: string,
  lanes: readonly ItemLane[],
): Mark | undefined {
  if (intention === none) return undefined;
  return marks.find(({ lane, text }) => lanes.includes(lane) && text.startsWith(intention));
}
