/**
 * The day's budget in the item `budget#<UTC date>`: one write per send, and one per typed-in code where breakers are on.
 *
 *     sends                 of the day, all callers
 *     hour00 … hour23       sends of an hour, all callers
 *     unproven00 …          the conversion breaker's counter of an hour, see `limits/budget.ts`
 *     strangerSentAt        epoch seconds of the latest send to a stranger: the breaker's trickle
 *     wrong00 …             wrong codes of strangers in an hour
 *     guessedAt             epoch seconds of the latest guess that the open guess breaker let through
 *
 * Every counter errs on the safe side. An add whose answer got lost may count twice, and the worker gives back only once.
 */
import { type BudgetCount, ceilingsFor, conversionTerms } from '../limits/budget.ts';
import type { Lane } from '../limits/lane.ts';
import { ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import type { Settings } from '../settings/settings.ts';
import { applyUpdate, type Item, type Table, type Update } from './table.ts';

const daySeconds = 86_400;

/** The day's item and the names of the hour's attributes, at a time in epoch seconds. */
function account(now: number): { key: string; hour: string; unproven: string; wrong: string; ttl: number } {
  const iso = new Date(now * 1000).toISOString();
  const hour = iso.slice(11, 13);
  return {
    key: `budget#${iso.slice(0, 10)}`,
    hour: `hour${hour}`,
    unproven: `unproven${hour}`,
    wrong: `wrong${hour}`,
    ttl: (Math.floor(now / daySeconds) + 1) * daySeconds + ttlMarginSeconds,
  };
}

export interface Budget {
  /** Counts a send of `payer`, or refuses it. A test number is refused like a stranger and never counted. */
  count(payer: Lane, now: number): Promise<BudgetCount>;
  /** Removes a send from the hour in which it was counted. */
  giveBack(payer: Lane, now: number): Promise<void>;
}

/** The budget as request-otp uses it. */
export function openBudget(table: Table, settings: Settings, signal: AbortSignal): Budget {
  const { mode, trickleSeconds } = settings.conversionBreaker;
  const isWatched = (payer: Lane): boolean => payer === 'public' && mode !== 'off';
  const { perSend, opensAt } = conversionTerms(settings);
  return {
    count: async (payer, now) => {
      const { key, hour, unproven, ttl } = account(now);
      const ceilings = ceilingsFor(settings, payer);
      const isEnforced = (isWatched(payer) || payer === 'test') && mode === 'enforce';
      const update: Update = {
        key,
        set: isWatched(payer) ? ['strangerSentAt = :now'] : [],
        add: ['sends :one', `${hour} :one`, ...(isWatched(payer) ? [`${unproven} :perSend`] : [])],
        conditions: [
          '(attribute_not_exists(sends) OR sends < :day)',
          `(attribute_not_exists(${hour}) OR ${hour} < :hour)`,
          ...(isEnforced
            ? [
                `(attribute_not_exists(${unproven}) OR ${unproven} < :opensAt OR strangerSentAt <= :trickleSince)`,
              ]
            : []),
        ],
        values: {
          ':one': payer === 'test' ? 0 : 1,
          ':day': ceilings.day,
          ':hour': ceilings.hour,
          ':ttl': ttl,
          ...(isWatched(payer) ? { ':now': now, ':perSend': perSend } : {}),
          ...(isEnforced ? { ':opensAt': opensAt, ':trickleSince': now - trickleSeconds } : {}),
        },
        returns: 'ALL_NEW',
      };
      const { tag, item } = await applyUpdate(table, update, signal);
      if (tag === 'written') {
        return { tag: 'counted', isUnproven: isWatched(payer) && number(item, unproven) >= opensAt };
      }
      if (number(item, 'sends') >= ceilings.day) return { tag: 'refused', reason: 'day' };
      return { tag: 'refused', reason: number(item, hour) >= ceilings.hour ? 'hour' : 'conversion' };
    },
    giveBack: async (payer, now) => {
      const { key, hour, unproven, ttl } = account(now);
      const update: Update = {
        key,
        add: [
          'sends :minusOne',
          `${hour} :minusOne`,
          ...(isWatched(payer) ? [`${unproven} :lessUnproven`] : []),
        ],
        conditions: ['sends > :zero'],
        values: {
          ':minusOne': -1,
          ':zero': 0,
          ':ttl': ttl,
          ...(isWatched(payer) ? { ':lessUnproven': -perSend } : {}),
        },
      };
      await applyUpdate({ ...table, client: table.singleTryClient() }, update, signal);
    },
  };
}

/** What verify-otp writes to the day's item where a breaker is on. */
export interface GuessAccount {
  /** A stranger's code was right. */
  right(now: number): Promise<void>;
  /** A stranger's code was wrong; gives the number of wrong codes in this hour. */
  wrong(now: number): Promise<number>;
  /** Lets one guess through every `trickleSeconds`; gives the hour's wrong guesses either way. */
  trickle(now: number): Promise<{ readonly isLetThrough: boolean; readonly wrongGuesses: number }>;
}

/** The account as verify-otp uses it. */
export function openGuessAccount(table: Table, settings: Settings, signal: AbortSignal): GuessAccount {
  return {
    right: async (now) => {
      const { key, unproven, ttl } = account(now);
      const { perVerified } = conversionTerms(settings);
      const values = { ':perVerified': perVerified, ':ttl': ttl };
      const update = { key, add: [`${unproven} :perVerified`], conditions: [], values };
      await applyUpdate(table, update, signal);
    },
    wrong: async (now) => {
      const { key, wrong, ttl } = account(now);
      const values = { ':one': 1, ':ttl': ttl };
      const update: Update = { key, add: [`${wrong} :one`], conditions: [], values, returns: 'ALL_NEW' };
      const { item } = await applyUpdate(table, update, signal);
      return number(item, wrong);
    },
    trickle: async (now) => {
      const { key, wrong, ttl } = account(now);
      const update: Update = {
        key,
        set: ['guessedAt = :now'],
        conditions: ['(attribute_not_exists(guessedAt) OR guessedAt <= :since)'],
        values: { ':now': now, ':since': now - settings.guessBreaker.trickleSeconds, ':ttl': ttl },
        returns: 'ALL_NEW',
      };
      const { tag, item } = await applyUpdate(table, update, signal);
      return { isLetThrough: tag === 'written', wrongGuesses: number(item, wrong) };
    },
  };
}

function number(item: Item | undefined, name: string): number {
  return Number(item?.[name]?.N ?? 0);
}
