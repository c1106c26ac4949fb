/**
 * Computes from the settings what an attacker can spend and win. Tests compare the threat model's figures with this, and
 * the campaign with both. The attacker knows every setting, owns any number of addresses, and has no device of a user.
 */
import { ceilingsFor } from '../functions/limits/budget.ts';
import { codeLength } from '../functions/settings/fixed-numbers.ts';
import type { Settings } from '../functions/settings/settings.ts';

const paisePerSms = 25;
const hoursPerDay = 24;
const hourSeconds = 3600;

export interface Spending {
  /** Sends to strangers. */
  readonly perHour: number;
  readonly perDay: number;
  /** Hours until the day's share is spent, rounded up. */
  readonly hours: number;
}

/** The most SMS that strangers are sent, if nobody types one of their codes in correctly: see {@link creditOf}. */
export function spendingOf(settings: Settings): Spending {
  const { hour, day } = ceilingsFor(settings, 'public');
  const { mode, minSendsPerHour, trickleSeconds } = settings.conversionBreaker;
  const perHour =
    mode === 'enforce' ? Math.min(hour, minSendsPerHour + Math.ceil(hourSeconds / trickleSeconds)) : hour;
  return {
    perHour,
    perDay: Math.min(day, perHour * hoursPerDay),
    hours: Math.min(hoursPerDay, Math.ceil(day / perHour)),
  };
}

/** The sends that this many right codes of strangers in an hour give an attacker, while the breaker is enforced. */
export function creditOf({ conversionBreaker }: Settings, codes: number): number {
  return Math.ceil((codes * 100) / conversionBreaker.minVerifiedPercent);
}

/**
 * The most SMS that an hour has on top of that where the budget is divided and the breaker enforced. Each shard rounds its
 * trickle up, and its credit.
 */
export function dividedExtra({ conversionBreaker }: Settings, shards: number): number {
  const { mode, trickleSeconds } = conversionBreaker;
  if (mode !== 'enforce') return 0;
  const trickled = shards * Math.ceil(hourSeconds / (trickleSeconds * shards));
  return trickled - Math.ceil(hourSeconds / trickleSeconds) + shards - 1;
}

/** The cost of this many SMS. */
export function rupeesOf(sends: number): number {
  return (sends * paisePerSms) / 100;
}

/** The most wrong guesses on one code while it lives. A resend makes two codes live, and two sends were paid. */
export function guessesPerSend({
  attemptLimits,
  codeLifetimeSeconds,
}: Pick<Settings, 'attemptLimits' | 'codeLifetimeSeconds'>): number {
  return Math.min(
    ...attemptLimits.map(
      ({ count, windowSeconds }) => count * Math.ceil(codeLifetimeSeconds / windowSeconds),
    ),
  );
}

/** Expected accounts won by guessing at every code that was sent. */
export function accountsWon(settings: Settings, sends: number): number {
  return (sends * guessesPerSend(settings)) / 10 ** codeLength;
}
