/**
 * The public id of a challenge: its 16 random bytes, with the number and the lane sealed beside them. Verify reads both
 * from the id, because the table does not store the number. The same challenge always has the same id. An id that was
 * altered, made up or sealed by another deployment does not open, and verify refuses it without a call to the table. The
 * format is in `sealed-number.ts`.
 */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { Lane } from '../limits/lane.ts';
import type { Challenge } from './number-record.ts';
import type { PhoneNumber } from './phone-number.ts';
import type { SealKeys } from './seal.ts';
import { openNumber, sealedPattern, sealNumber } from './sealed-number.ts';

const challengeIdBytes = 16;

/** Accepts the one valid spelling of an id. */
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
  /** Whether its code is bound to a session of the adopter's. Verify then asks for one before it counts. */
  readonly needsSession: boolean;
  readonly phoneNumber: PhoneNumber;
}

/** Draws the id of a new challenge: 16 random bytes, 22 characters of base64url. */
export function drawChallengeId(): string {
  return randomBytes(challengeIdBytes).toString('base64url');
}

/**
 * The id of a challenge. It is made from the stored challenge and from nothing of the request. A challenge therefore keeps
 * its id when the app asks again with other proof or under other settings.
 */
export function requestIdOf(
  sealKeys: SealKeys,
  { id: name, lane, needsSession }: Pick<Challenge, 'id' | 'lane' | 'needsSession'>,
  phoneNumber: PhoneNumber,
): RequestId {
  return v.parse(requestIdSchema, sealNumber(sealKeys, { name, lane, needsSession, phoneNumber }));
}

/** Opens a sealed id, or gives `undefined`: forged, altered, or of another deployment. */
export function openRequestId(sealKeys: SealKeys, requestId: RequestId): OpenedRequestId | undefined {
  const opened = openNumber(sealKeys, requestId);
  if (opened === undefined) return undefined;
  const { name: challengeId, ...rest } = opened;
  return { challengeId, ...rest };
}
