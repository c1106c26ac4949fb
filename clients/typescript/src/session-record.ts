/**
 * The session as it is stored: one value, so that no part of it is ever older than another.
 *
 *     refreshToken  what the next refresh sends; empty where the server started no session
 *     attempt       drawn when that token came, and sent with it each time: who shares the record shares the attempt
 *     accessToken
 *     life          of the access token: the time of day when it was asked for, and the ages at which it is due for a
 *                   refresh alongside and over, in milliseconds
 */
import { isRecord, parseRecord, textIn } from './record.ts';

export interface SessionRecord {
  readonly refreshToken: string;
  readonly attempt: string;
  readonly accessToken: string;
  readonly life: { readonly fromMs: number; readonly dueMs: number; readonly overMs: number };
}

/** The record in a stored value; undefined for none. What has these members was written here, whole. */
export function sessionIn(value: string | null | undefined): SessionRecord | undefined {
  const stored = parseRecord(value ?? '');
  const isOurs = stored !== undefined && textIn(stored, 'accessToken') !== '' && isRecord(stored['life']);
  return isOurs ? (stored as unknown as SessionRecord) : undefined;
}

/** A token that came less than this ago is not refreshed again. */
const freshMs = 120_000;

/** A clock is corrected by seconds now and then. Further back, somebody set it, and no age by it is right. */
const toleranceMs = 60_000;

interface Moment {
  readonly wallMs: number;
  /** How long ago this run got the access token, by the clock that nobody sets; below zero if it did not. */
  readonly gotAgoMs: number;
  readonly isRefused: boolean;
}

/** When the access token is to be refreshed: not yet, alongside, or before it is used. */
export function needOf({ life }: SessionRecord, { wallMs, gotAgoMs, isRefused }: Moment): Need {
  const { fromMs, dueMs, overMs } = life;
  const wallAgeMs = wallMs - fromMs;
  // Whatever APIs say, another refresh would change nothing. After a restart the time of day has to do: a request of the
  // earlier run may still arrive, and three generations late it would look like a thief's.
  const gotMs = gotAgoMs < 0 ? wallAgeMs : gotAgoMs;
  if (gotMs >= 0 && gotMs < Math.min(freshMs, overMs)) return 'none';
  const ageMs = Math.max(wallAgeMs, gotAgoMs);
  if (isRefused || wallAgeMs < -toleranceMs || ageMs >= overMs) return 'now';
  return ageMs < dueMs ? 'none' : 'alongside';
}

type Need = 'none' | 'alongside' | 'now';
