/**
 * Whether changed settings still accept a code. Codes live on for minutes after a deployment, and old and new workers
 * answer side by side meanwhile. A code keeps its expiry, its lane and its session. It does not keep a permission that
 * the settings have since removed. The app then learns at once that it must ask for a new code.
 */

import { endOfDay } from '../settings/end-of-day.ts';
import type { Settings } from '../settings/settings.ts';
import { needsSession } from './caller.ts';
import type { Challenge } from './number-record.ts';

type Deciding = Pick<Settings, 'session' | 'smsTemplates' | 'testNumbersUntil'>;

/** Whether the settings can verify a session at all. The request's id says that it needs one. */
export function canReadSession({ session }: Pick<Settings, 'session'>): boolean {
  return session !== undefined;
}

/**
 * Whether the current settings still accept a code of this challenge. They do not if its purpose is gone, if the purpose
 * now needs a session and the code is not bound to one, or if the deployment no longer takes test numbers. `now` is in
 * epoch seconds.
 */
export function isHonoured(
  settings: Deciding,
  { purpose, lane, needsSession: isBound }: Pick<Challenge, 'purpose' | 'lane' | 'needsSession'>,
  now: number,
): boolean {
  const { smsTemplates, testNumbersUntil } = settings;
  if (!Object.hasOwn(smsTemplates, purpose)) return false;
  if (needsSession(settings, purpose) && !isBound) return false;
  return lane !== 'test' || (testNumbersUntil !== undefined && now < endOfDay(testNumbersUntil));
}
