/**
 * The members of the settings that bound what strangers can spend: blocks of numbers, budgets, breakers, devices, test
 * numbers. What is optional is off until it is set; off, nothing of it runs.
 */
import * as v from 'valibot';
import { wholeNumber } from './whole-number.ts';

/** `observe` counts and tells what `enforce` would refuse. */
const breakerMode = v.picklist(['off', 'observe', 'enforce'], 'expected "off", "observe" or "enforce"');

/** A day as people write it, the last one included (ISO 8601). */
export const dayPattern = /^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

export const abuseEntries = {
  devicesPerNumber: v.optional(wholeNumber(0, 8), 5),
  numbersPerIpv6Prefix: v.optional(wholeNumber(1, 100), 8),
  sendsPerNumberBlock: v.optional(wholeNumber(1, 1_000_000)),
  sendsPerHour: v.optional(wholeNumber(1, 100_000_000)),
  attestedBudgetPercent: v.optional(wholeNumber(1, 100), 90),
  strangersBudgetPercent: v.optional(wholeNumber(1, 100), 80),
  conversionBreaker: v.optional(
    v.strictObject({
      mode: v.optional(breakerMode, 'observe'),
      minSendsPerHour: v.optional(wholeNumber(1, 1_000_000), 100),
      minVerifiedPercent: v.optional(wholeNumber(1, 100), 30),
      trickleSeconds: v.optional(wholeNumber(1, 3600), 60),
    }),
    {},
  ),
  guessBreaker: v.optional(
    v.strictObject({
      mode: v.optional(breakerMode, 'observe'),
      wrongGuessesPerHour: v.optional(wholeNumber(1, 10_000_000), 1000),
      trickleSeconds: v.optional(wholeNumber(1, 3600), 10),
    }),
    {},
  ),
  testNumbersUntil: v.optional(
    v.pipe(v.string(), v.regex(dayPattern, 'expected a day such as "2027-01-31"')),
  ),
};

/** Below this many sends an hour's ceiling would only annoy. */
const minDefaultSendsPerHour = 100;

/** Sends of one hour: as set, or an eighth of the day's, so that a flood costs an hour and not a day. */
export function hourlyCeiling({
  sendsPerDay,
  sendsPerHour,
}: {
  readonly sendsPerDay: number;
  readonly sendsPerHour?: number | undefined;
}): number {
  return sendsPerHour ?? Math.min(sendsPerDay, Math.max(minDefaultSendsPerHour, Math.ceil(sendsPerDay / 8)));
}
