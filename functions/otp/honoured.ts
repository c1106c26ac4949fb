/**
 * Codes outlive the settings that they were asked for under: for minutes after a deployment, and as long as old and new
 * workers answer side by side. A code keeps what it was asked for with: its own expiry, its lane, its session. What it
 * does not keep is a permission that the settings have taken away since. Then the app is told to ask for a new code,
 * which the new settings govern, instead of trying in vain for as long as the old one lives.
 */

import type { Settings } from '../settings/settings.ts';
import { needsSession } from './caller.ts';
import { endOfDay } from './controls.ts';
import type { Challenge } from './number-record.ts';

type Deciding = Pick<Settings, 'session' | 'smsTemplates' | 'testNumbersUntil'>;

/** Whether the session that a request needs can be verified at all: its id says that it needs one. */
export function canReadSession({ session }: Pick<Settings, 'session'>): boolean {
  return session !== undefined;
}

/**
 * Whether the settings of today still honour a code of this challenge: not if its purpose is gone, needs a session by
 * now that the code is not bound to, or if the deployment takes no test numbers any longer. `now` in epoch seconds.
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
