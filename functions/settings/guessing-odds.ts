/**
 * Computes what an attacker can win in a day by guessing, under given limits. The settings refuse limits that are too wide
 * to protect anything.
 */
import type { Limit } from '../limits/limits.ts';
import { codeLength } from './fixed-numbers.ts';

const codes = 10 ** codeLength;
const daySeconds = 86_400;
const hourSeconds = 3_600;
const hoursPerDay = 24;

/** The most guesses at one number in a day: 1 in 1,000, the odds of a PIN of four digits that has ten tries. */
export const maxGuessesPerDay = 1_000;

/** The most accounts that may be expected to fall in a day, over all numbers, before and while the breaker is open. */
const maxAccountsPerDay = 1;

interface Breaker {
  readonly mode: string;
  readonly wrongGuessesPerHour: number;
  readonly trickleSeconds: number;
}

/** The most guesses that sliding windows let through in any 24 hours. */
export function guessesPerDay(attemptLimits: readonly Limit[]): number {
  return Math.min(
    ...attemptLimits.map(({ count, windowSeconds }) => count * Math.ceil(daySeconds / windowSeconds)),
  );
}

/** Why these limits are too wide, with the odds. */
export function attemptOdds(attemptLimits: readonly Limit[]): string {
  const guesses = guessesPerDay(attemptLimits);
  return (
    `expected at most ${figure(maxGuessesPerDay)} guesses at one number in 24 h, odds of ${odds(maxGuessesPerDay)}: ` +
    `these let ${figure(guesses)} through, odds of ${odds(guesses)}`
  );
}

/** Whether a guess breaker would let more accounts fall than allowed. A breaker that is off is not judged. */
export function isGenerous({ mode, wrongGuessesPerHour, trickleSeconds }: Breaker): boolean {
  return mode !== 'off' && accountsPerDay({ wrongGuessesPerHour, trickleSeconds }) > maxAccountsPerDay;
}

/** Why a guess breaker is too generous, with the accounts that would fall. */
export function breakerOdds(breaker: Breaker): string {
  return (
    `expected at most ${maxAccountsPerDay} account a day to fall to guesses at all numbers: ` +
    `this breaker gives away ${figure(Math.round(accountsPerDay(breaker) * 10) / 10)}`
  );
}

function accountsPerDay({ wrongGuessesPerHour, trickleSeconds }: Omit<Breaker, 'mode'>): number {
  return (hoursPerDay * (wrongGuessesPerHour + hourSeconds / trickleSeconds)) / codes;
}

/** The odds as text, such as `1 in 50,000`. A million guesses try every code. */
function odds(guesses: number): string {
  return `1 in ${figure(Math.max(1, Math.floor(codes / guesses)))}`;
}

const figure = (value: number): string => value.toLocaleString('en-US');
