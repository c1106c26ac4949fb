/**
 * The SMS budget of a day and of an hour. The last part of both is reserved for better-known callers. A flood by strangers
 * only stops strangers' sign-ins for an hour. Attested apps go on, and returning devices go on the longest.
 *
 * The conversion breaker is part of the budget and needs no read. Each send to a stranger adds `minVerifiedPercent` to the
 * hour's `unproven`, and each right code of a stranger subtracts 100. Above `minSendsPerHour` times that percentage, users
 * have typed in fewer than `minVerifiedPercent` of a hundred codes, which means a flood. Then the budget allows one
 * stranger's SMS every `trickleSeconds`, until enough codes come back or the hour is over.
 */
import type { Lane } from './lane.ts';
import { budgetHourSeconds, type Limits } from './limits.ts';

/** The smallest default ceiling of an hour. A lower one would only annoy users. */
const minDefaultSendsPerHour = 100;

/** The sends of one hour: the setting, or an eighth of the day's, so that a flood costs an hour and not a day. */
export function hourlyCeiling({
  sendsPerDay,
  sendsPerHour,
}: Pick<Limits, 'sendsPerDay' | 'sendsPerHour'>): number {
  return sendsPerHour ?? Math.min(sendsPerDay, Math.max(minDefaultSendsPerHour, Math.ceil(sendsPerDay / 8)));
}

/** The budget's decision about a send. */
export type BudgetCount =
  /** `isUnproven`: the conversion breaker is open, or would be if it were enforced. */
  | { readonly tag: 'counted'; readonly isUnproven: boolean }
  | { readonly tag: 'refused'; readonly reason: 'day' | 'hour' | 'conversion' };

/** The sends up to which `payer` may use the budgets of the day and the hour. */
export function ceilingsFor(settings: Limits, payer: Lane): { readonly day: number; readonly hour: number } {
  const percent = {
    device: 100,
    attested: settings.attestedBudgetPercent,
    public: settings.strangersBudgetPercent,
    // A test number sends nothing, and the budget refuses it where it refuses a stranger.
    test: settings.strangersBudgetPercent,
  };
  const share = (all: number): number => Math.ceil((all * percent[payer]) / 100);
  return { day: share(settings.sendsPerDay), hour: share(hourlyCeiling(settings)) };
}

/** How much a stranger's send and a stranger's right code change `unproven`, and where the breaker opens. */
export function conversionTerms({ conversionBreaker }: Limits): {
  readonly perSend: number;
  readonly perVerified: number;
  readonly opensAt: number;
} {
  const { minSendsPerHour, minVerifiedPercent } = conversionBreaker;
  return { perSend: minVerifiedPercent, perVerified: -100, opensAt: minSendsPerHour * minVerifiedPercent };
}

/** Seconds to the next full hour. A caller whom a budget, a breaker or the kill switch refuses gets this wait. */
export function budgetWaitSeconds(now: number): number {
  return budgetHourSeconds - (now % budgetHourSeconds);
}
