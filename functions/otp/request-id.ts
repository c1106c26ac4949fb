/**
 * The public id of a challenge: its 16 random bytes with the number and the lane sealed beside them, so that verify
 * knows both although nothing stores the number. The same challenge always has the same id; an id that was altered,
 * made up or sealed by another deployment does not open, and costs no call. The format stands in `sealed-number.ts`.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Lane } from './lane.ts';
import type { PhoneNumber } from './phone-number.ts';
import { openNumber, sealedPattern, sealNumber } from './sealed-number.ts';

const challengeIdBytes = 16;

/** One length, one alphabet, one spelling. */
export const requestIdSchema = v.pipe(
  v.string('expected a string'),
  v.regex(sealedPattern, 'expected a requestId as request-otp gave it'),
  v.brand('RequestId'),
);

/** A sealed id, 63 characters of base64url. */
export type RequestId = v.InferOutput<typeof requestIdSchema>;

/** What a sealed id holds. */
export interface OpenedRequestId {
  readonly challengeId: string;
  readonly lane: Lane;
  /** Whether its code is bound to a session of the adopter's, so that verify asks for one before it counts. */
  readonly needsSession: boolean;
  readonly phoneNumber: PhoneNumber;
}

/** Draws the id of a new challenge: 16 random bytes, 22 characters of base64url. */
export function drawChallengeId(): string {
  return randomBytes(challengeIdBytes).toString('base64url');
}

/** Seals a challenge's id, its lane and its number. */
export function sealRequestId(
  sealKey: KeyObject,
  { challengeId: name, ...rest }: OpenedRequestId,
): RequestId {
  return v.parse(requestIdSchema, sealNumber(sealKey, { name, ...rest }));
}

/** Opens a sealed id, or gives `undefined`: forged, altered, or of another deployment. */
export function openRequestId(sealKey: KeyObject, requestId: RequestId): OpenedRequestId | undefined {
  const opened = openNumber(sealKey, requestId);
  if (opened === undefined) return undefined;
  const { name: challengeId, ...rest } = opened;
  return { challengeId, ...rest };
}
