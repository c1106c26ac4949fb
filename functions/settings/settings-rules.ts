/**
 * The rules between settings. They refuse combinations that would make a promise of the documentation false: a limit that
 * does not fit its register, three live codes in two slots, two purposes with the same text, limits that let every code be
 * guessed. A rule runs whenever each member that it names is valid, so that no mistake hides another. The file is long
 * because it is a list.
 */
import * as v from 'valibot';
import { hourlyCeiling } from '../limits/budget.ts';
import { limitEntries } from '../limits/limits.ts';
import { foreignEntries } from './foreign-settings.ts';
import { attemptOdds, breakerOdds, guessesPerDay, isGenerous, maxGuessesPerDay } from './guessing-odds.ts';
import { sessionEntries } from './session-settings.ts';
import { defaultPurpose, smsEntries } from './sms-settings.ts';
import { templateIdsOf } from './sms-templates.ts';
import { tokenEntries } from './token-settings.ts';

/** The schema of every single member. */
export const settingsShape = v.strictObject({
  ...smsEntries,
  ...limitEntries,
  ...tokenEntries,
  ...sessionEntries,
  ...foreignEntries,
});

type Shape = v.InferOutput<typeof settingsShape>;

/** The shortest window of sends. A double tap must not send twice. */
const minResendPauseSeconds = 10;

/** The most sends that `limits` admit while one code lives: a code expires at its last second, not after it. */
function sendsWithinOneLifetime({
  sendLimits,
  codeLifetimeSeconds,
}: Pick<Shape, 'sendLimits' | 'codeLifetimeSeconds'>): number {
  return Math.min(...sendLimits.map((l) => l.count * Math.ceil(codeLifetimeSeconds / l.windowSeconds)));
}

function everyPurposeHasItsOwnTemplates({ smsTemplates }: Pick<Shape, 'smsTemplates'>): boolean {
  const all = Object.values(smsTemplates).flatMap((templates) => [...templateIdsOf(templates)]);
  return new Set(all).size === all.length;
}

type OfTheHour = Pick<Shape, 'sendsPerDay' | 'sendsPerHour' | 'strangersBudgetPercent' | 'conversionBreaker'>;

function opensBeforeTheHourIsSpent(s: OfTheHour): boolean {
  const { mode, minSendsPerHour } = s.conversionBreaker;
  return mode !== 'enforce' || minSendsPerHour < (hourlyCeiling(s) * s.strangersBudgetPercent) / 100;
}

function slowsStrangersDown(s: OfTheHour): boolean {
  const { mode, trickleSeconds } = s.conversionBreaker;
  return mode !== 'enforce' || 3600 / trickleSeconds < (hourlyCeiling(s) * s.strangersBudgetPercent) / 100;
}

/** The schema of the settings: every member by itself, then the rules. */
export const settingsSchema = v.pipe(
  settingsShape,
  v.forward(
    v.partialCheck(
      [['sendLimits']],
      (s) => s.sendLimits.some((l) => l.count === 1 && l.windowSeconds >= minResendPauseSeconds),
      `expected a limit of one send in at least ${minResendPauseSeconds} s: a button pressed twice must not send twice`,
    ),
    ['sendLimits'],
  ),
  v.forward(
    v.partialCheck(
      [['sendLimits'], ['codeLifetimeSeconds']],
      (s) => sendsWithinOneLifetime(s) <= 2,
      'expected at most two sends within codeLifetimeSeconds: an item has two slots for live codes',
    ),
    ['sendLimits'],
  ),
  v.forward(
    v.partialCheck(
      [['attemptLimits']],
      (s) => guessesPerDay(s.attemptLimits) <= maxGuessesPerDay,
      ({ input }) => attemptOdds(input.attemptLimits),
    ),
    ['attemptLimits'],
  ),
  v.forward(
    v.partialCheck(
      [['guessBreaker']],
      (s) => !isGenerous(s.guessBreaker),
      ({ input }) => breakerOdds(input.guessBreaker),
    ),
    ['guessBreaker'],
  ),
  v.forward(
    v.partialCheck(
      [['sendsPerDay'], ['sendsPerHour'], ['strangersBudgetPercent'], ['conversionBreaker']],
      slowsStrangersDown,
      'expected fewer sends by trickleSeconds than strangers may have in an hour anyway, or an open breaker slows nobody down',
    ),
    ['conversionBreaker'],
  ),
  v.forward(
    v.partialCheck(
      [['smsTemplates']],
      (s) => Object.hasOwn(s.smsTemplates, defaultPurpose),
      `expected templates for "${defaultPurpose}"`,
    ),
    ['smsTemplates'],
  ),
  v.forward(
    v.partialCheck(
      [['smsTemplates']],
      everyPurposeHasItsOwnTemplates,
      'expected every purpose to have templates of its own, so that the SMS names what it approves',
    ),
    ['smsTemplates'],
  ),
  v.forward(
    v.partialCheck(
      [['smsTemplates'], ['tokenLifetimeSecondsByPurpose']],
      (s) => Object.keys(s.tokenLifetimeSecondsByPurpose).every((p) => Object.hasOwn(s.smsTemplates, p)),
      'expected only purposes that smsTemplates configures',
    ),
    ['tokenLifetimeSecondsByPurpose'],
  ),
  v.forward(
    v.partialCheck(
      [['sendsPerDay'], ['sendsPerHour']],
      (s) => s.sendsPerHour === undefined || s.sendsPerHour <= s.sendsPerDay,
      'expected at most sendsPerDay: an hour cannot have more than its day',
    ),
    ['sendsPerHour'],
  ),
  v.forward(
    v.partialCheck(
      [['strangersBudgetPercent'], ['attestedBudgetPercent']],
      (s) => s.strangersBudgetPercent <= s.attestedBudgetPercent,
      'expected at most attestedBudgetPercent: strangers are the first to wait',
    ),
    ['strangersBudgetPercent'],
  ),
  v.forward(
    v.partialCheck(
      [['sendsPerDay'], ['sendsPerHour'], ['strangersBudgetPercent'], ['conversionBreaker']],
      opensBeforeTheHourIsSpent,
      'expected minSendsPerHour below what strangers may send in an hour, or an enforced breaker never opens',
    ),
    ['conversionBreaker'],
  ),
  v.forward(
    v.partialCheck(
      [['smsTemplates'], ['session']],
      (s) => s.session?.purposes.every((p) => Object.hasOwn(s.smsTemplates, p)) ?? true,
      'expected only purposes that smsTemplates configures',
    ),
    ['session'],
  ),
  v.readonly(),
);
