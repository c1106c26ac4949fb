/**
 * A test number, for the review of an app and for CI: a fixed code instead of an SMS, in an item of its own. It goes the
 * way of every other number, past the same checks and counters, and takes nothing from the budget; instead of the limits
 * on sends it has its own quota of the day. The token says `test: true`.
 */

import type { Limit } from '../limits/limits.ts';
import type { Settings } from '../settings/settings.ts';
import type { Code } from './code.ts';
import { type Controls, testNumberEndsAt, testNumberOf } from './controls.ts';
import type { PhoneNumber } from './phone-number.ts';

const daySeconds = 86_400;

/** What is different in the lane of a test number. */
export interface TestLane {
  readonly code: Code;
  /** Epoch seconds: nothing of it works from here on. */
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
