/**
 * The budget of SMS: so many a day, so many an hour, and of both the last part for callers who are better known. A
 * flood of strangers costs an hour of strangers' sign-ins; attested apps go on, and returning devices to the last.
 *
 * The conversion breaker is part of it, without a read: each send to a stranger adds `minVerifiedPercent` to the
 * hour's `unproven`, each code that a stranger typed in rightly takes 100 off. Above `minSendsPerHour` times that
 * percentage, fewer than so many of a hundred sends were ever used: a flood. Then one stranger's SMS goes out every
 * `trickleSeconds`, until enough codes come back or the hour is over.
 */
import type { Lane } from './lane.ts';
import { budgetHourSeconds, type Limits } from './limits.ts';

/** Below this many sends an hour's ceiling would only annoy. */
const minDefaultSendsPerHour = 100;

/** Sends of one hour: as set, or an eighth of the day's, so that a flood costs an hour and not a day. */
export function hourlyCeiling({
  sendsPerDay,
  sendsPerHour,
}: Pick<Limits, 'sendsPerDay' | 'sendsPerHour'>): number {
  return sendsPerHour ?? Math.min(sendsPerDay, Math.max(minDefaultSendsPerHour, Math.ceil(sendsPerDay / 8)));
}

/** What became of a send in the budget. */
export type BudgetCount =
  /** `isUnproven`: the conversion breaker is open, or would be if it were enforced. */
  | { readonly tag: 'counted'; readonly isUnproven: boolean }
  | { readonly tag: 'refused'; readonly reason: 'day' | 'hour' | 'conversion' };

/** Of the day's and the hour's budget, what `payer` may use up to, in sends. */
export function ceilingsFor(settings: Limits, payer: Lane): { readonly day: number; readonly hour: number } {
  const percent = {
    device: 100,
    attested: settings.attestedBudgetPercent,
    public: settings.strangersBudgetPercent,
    // It sends nothing, and is refused where any other stranger is.
    test: settings.strangersBudgetPercent,
  };
  const share = (all: number): number => Math.ceil((all * percent[payer]) / 100);
  return { day: share(settings.sendsPerDay), hour: share(hourlyCeiling(settings)) };
}

/** What one send to a stranger, and one code of a stranger, do to `unproven`; and where the breaker opens. */
export function conversionTerms({ conversionBreaker }: Limits): {
  readonly perSend: number;
  readonly perVerified: number;
  readonly opensAt: number;
} {
  const { minSendsPerHour, minVerifiedPercent } = conversionBreaker;
  return { perSend: minVerifiedPercent, perVerified: -100, opensAt: minSendsPerHour * minVerifiedPercent };
}

/** Seconds to the next full hour: what everybody is told whom a budget, a breaker or the kill switch refuses. */
export function budgetWaitSeconds(now: number): number {
  return budgetHourSeconds - (now % budgetHourSeconds);
}
