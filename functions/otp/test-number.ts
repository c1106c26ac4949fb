/**
 * A test number, for app review and CI: it has a fixed code instead of an SMS, and an item of its own. It passes the same
 * checks and counters as every other number, but takes nothing from the budget. A daily quota of its own replaces the
 * limits on sends. The token says `test: true`.
 */

import type { Limit } from '../limits/limits.ts';
import type { Settings } from '../settings/settings.ts';
import type { Code } from './code.ts';
import { type Controls, testNumberEndsAt, testNumberOf } from './controls.ts';
import type { PhoneNumber } from './phone-number.ts';

const daySeconds = 86_400;

/** The values that a test number has in place of the settings'. */
export interface TestLane {
  readonly code: Code;
  /** Epoch seconds. From then on its code no longer works. */
  readonly endsAt: number;
  readonly sendLimits: readonly Limit[];
}

/** The lane of a test number, or `over` past its last day; `undefined` for any other number. */
export function testLaneOf(
  { controls, settings }: { readonly controls: Controls; readonly settings: Settings },
  phoneNumber: PhoneNumber,
  now: number,
): TestLane | 'over' | undefined {
  const testNumber = testNumberOf(controls, phoneNumber);
  if (testNumber === undefined) return undefined;
  const endsAt = testNumberEndsAt(settings, testNumber);
  if (now >= endsAt) return 'over';
  const { code, perDay } = testNumber;
  return { code, endsAt, sendLimits: [{ count: perDay, windowSeconds: daySeconds }] };
}
