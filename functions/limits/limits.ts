/**
 * Every limit: what it defends, its default, and who decides it. `npm run docs` writes `docs/settings.md` from here.
 *
 * A number's own limits are exact sliding windows. The others count in windows of the clock, whose lengths are at the end of
 * this file and cannot be set. `settings/settings-rules.ts` has the rules between settings, `settings/fixed-numbers.ts` the
 * timeouts. The file is long because it is a list.
 */
import * as v from 'valibot';
import { wholeNumber } from './whole-number.ts';

const daySeconds = 86_400;

/** The longest register an item holds: `sent0 … sent19`, `tried0 … tried19`. */
export const maxLimitCount = 20;

const limit = v.strictObject({
  count: wholeNumber(1, maxLimitCount),
  windowSeconds: wholeNumber(1, 7 * daySeconds),
});

/** "At most `count` in `windowSeconds`". */
export type Limit = Readonly<v.InferOutput<typeof limit>>;

const limits = v.pipe(
  v.array(limit),
  v.minLength(1, 'expected at least one limit'),
  v.maxLength(10),
  v.readonly(),
);

/** `observe` counts and logs what `enforce` would refuse. */
const breakerMode = v.picklist(['off', 'observe', 'enforce'], 'expected "off", "observe" or "enforce"');

/** The limits that the functions decide. */
export const limitEntries = {
  /**
   * SMS per number. It defends the number's owner from a flood. The shortest window is the pause before a resend. The
   * provider itself stops at 3 in 5 minutes over all its customers, so a limit of 2 leaves one for the others.
   * Decided by `functions/table/send-updates.ts`, where a challenge is reserved.
   */
  sendLimits: v.optional(limits, [
    { count: 1, windowSeconds: 30 },
    { count: 2, windowSeconds: 300 },
    { count: 3, windowSeconds: 600 },
    { count: 5, windowSeconds: 3600 },
    { count: 10, windowSeconds: daySeconds },
  ]),
  /**
   * Guesses per number, across all its codes. It defends the account. This limit
   * stops a guesser, not the length of a code. A resend gives no new guesses, and a success gives back only those at its own code. The synth refuses
   * limits that let more than 1,000 guesses a day through, and names the odds.
   * Decided by `functions/table/attempt-updates.ts`, where an attempt is counted.
   */
  attemptLimits: v.optional(limits, [
    { count: 5, windowSeconds: 600 },
    { count: 10, windowSeconds: 3600 },
    { count: 20, windowSeconds: daySeconds },
  ]),
  /**
   * Devices per number that are remembered after a sign-in. Such a device has limits of its own, which strangers cannot
   * spend. The oldest is forgotten; 0 remembers none.
   * Decided by `functions/table/device-updates.ts`, where a device is remembered.
   */
  devicesPerNumber: v.optional(wholeNumber(0, 8), 5),
  /**
   * SMS per IPv4 address in 10 minutes. It defends the budget from one source. Indian carriers put thousands of phones
   * behind one address.
   * Decided by `functions/table/counters.ts`.
   */
  sendsPerIpv4Address: v.optional(wholeNumber(1, 1_000_000), 200),
  /**
   * SMS per IPv6 /64 in 10 minutes. It defends the budget from one source. A /64 is one subscriber.
   * Decided by `functions/table/counters.ts`.
   */
  sendsPerIpv6Prefix: v.optional(wholeNumber(1, 1_000_000), 20),
  /**
   * Distinct numbers per IPv6 /64 in 10 minutes. It stops one subscriber from asking for many people's numbers, and
   * leaves room for a household's phones. An IPv4 address has no such limit, because a carrier's NAT would meet it.
   * Decided by `functions/table/counters.ts`.
   */
  numbersPerIpv6Prefix: v.optional(wholeNumber(1, 100), 8),
  /**
   * SMS per block of 1,000 consecutive numbers in 10 minutes. It stops somebody who walks through numbers one by one.
   * Unset, blocks are not counted, which saves one write per request; 20 is generous for up to some million users.
   * Decided by `functions/table/counters.ts`.
   */
  sendsPerNumberBlock: v.optional(wholeNumber(1, 1_000_000)),
  /**
   * SMS per UTC day over all numbers. It is the ceiling on the provider's bill.
   * Decided by `functions/table/budget-store.ts`.
   */
  sendsPerDay: v.optional(wholeNumber(1, 100_000_000), 10_000),
  /**
   * SMS per full hour over all numbers. With it a flood costs one hour, and not the day. Unset, it is an eighth of `sendsPerDay`, but
   * no less than 100 unless the day has less.
   * Decided by `functions/table/budget-store.ts`.
   */
  sendsPerHour: v.optional(wholeNumber(1, 100_000_000)),
  /**
   * The part of both budgets that strangers may use up. The rest is kept for attested apps and returning devices.
   * Decided by `functions/table/budget-store.ts`.
   */
  strangersBudgetPercent: v.optional(wholeNumber(1, 100), 80),
  /**
   * The part of both budgets that attested apps may use up. The rest is kept for returning devices.
   * Decided by `functions/table/budget-store.ts`.
   */
  attestedBudgetPercent: v.optional(wholeNumber(1, 100), 90),
  /**
   * Slows strangers' SMS down to one in `trickleSeconds` when, after `minSendsPerHour` sends to strangers in an hour,
   * fewer than `minVerifiedPercent` of a hundred of their codes were typed in. It defends the budget from a flood that
   * comes from many addresses. `observe` only logs. After some weeks, your own traffic shows what `enforce` would do.
   * Decided by `functions/table/budget-store.ts`.
   */
  conversionBreaker: v.optional(
    v.strictObject({
      mode: v.optional(breakerMode, 'observe'),
      minSendsPerHour: v.optional(wholeNumber(1, 1_000_000), 100),
      minVerifiedPercent: v.optional(wholeNumber(1, 100), 30),
      trickleSeconds: v.optional(wholeNumber(1, 3600), 60),
    }),
    {},
  ),
  /**
   * Lets one guess of strangers through in `trickleSeconds` once there were `wrongGuessesPerHour` wrong ones over all
   * numbers in an hour. It defends all accounts together from a few guesses at each. `observe` only logs. The synth
   * refuses one that would give more than one account a day away.
   * Decided by `functions/table/guess-breaker.ts`.
   */
  guessBreaker: v.optional(
    v.strictObject({
      mode: v.optional(breakerMode, 'observe'),
      wrongGuessesPerHour: v.optional(wholeNumber(1, 10_000_000), 1000),
      trickleSeconds: v.optional(wholeNumber(1, 3600), 10),
    }),
    {},
  ),
};

/** The limits of a deployment, every default filled in. */
export type Limits = Readonly<v.InferOutput<v.StrictObjectSchema<typeof limitEntries, undefined>>>;

/** An account's own quota is 10,000 requests per second and region. */
const ratePerSecond = wholeNumber(1, 10_000);

/** The limits that API Gateway decides. Each is also the burst, and all callers share it. */
export const throttleEntries = {
  /**
   * Requests per second to `request-otp`. It is a ceiling on cost. An app's busiest minute fits in it, and you pay for
   * a flood at this rate at most. Above 300 the day's budget is divided among several items, from the next UTC day
   * on.
   * Decided by API Gateway, as `lib/public-stage.ts` tells it.
   */
  requestRatePerSecond: v.optional(ratePerSecond, 300),
  /**
   * Requests per second to `verify-otp`. It is a ceiling on cost. It is high, because wrong guesses are cheap to
   * refuse, and a user who has a code must get through.
   * Decided by API Gateway, as `lib/public-stage.ts` tells it.
   */
  verifyRatePerSecond: v.optional(ratePerSecond, 1000),
  /**
   * Requests per second to each route of sessions. It is a ceiling on cost: a forged token is refused without a call, and
   * phones refresh when somebody uses the app.
   * Decided by API Gateway, as `lib/public-stage.ts` tells it.
   */
  sessionRatePerSecond: v.optional(ratePerSecond, 1000),
  /**
   * Requests per second to each well-known route. It is a ceiling on cost. Every reader caches the documents for minutes.
   * Decided by API Gateway, as `lib/public-stage.ts` tells it.
   */
  wellKnownRatePerSecond: v.optional(ratePerSecond, 300),
};

/** The window in which sends of one client address are counted, aligned to the clock. */
export const addressWindowSeconds = 600;

/** The window of a block of numbers, aligned to the clock. */
export const blockWindowSeconds = 600;

/**
 * The window in which an address may try for the slots of an open guess breaker, as often as this window's share of the
 * address ceiling allows. It is shorter than a code lives, so that users behind an attacker's carrier get a turn.
 */
export const guessWindowSeconds = 60;

/**
 * Budgets, breakers and the kill switch count by the full hour, and tell the app to wait for the next one. The app does not
 * learn which of them refused.
 */
export const budgetHourSeconds = 3_600;
