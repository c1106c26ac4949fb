/** The threat model's figures of what an attacker can spend and win, computed from the settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeLength } from '../../functions/settings/fixed-numbers.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { accountsWon, guessesPerSend, rupeesOf, spendingOf } from '../../test-kit/attacker.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/threat-model.md'), 'utf8').replace(
  /\s+/g,
  ' ',
);
const of = (mode: 'observe' | 'enforce') =>
  parseSettings({ appName: 'Acme', audience: 'acme-app', conversionBreaker: { mode } });
const both = [of('observe'), of('enforce')] as const;
const figure = (value: number): string => value.toLocaleString('en-US');

it('the threat model says what strangers are sent, what it costs and what it wins', () => {
  const spending = both.map(spendingOf);
  const row = (name: string, cells: readonly string[]): string => `| ${name} | ${cells.join(' | ')} |`;
  const won = both.map((settings) => figure(accountsWon(settings, spendingOf(settings).perDay)));
  for (const line of [
    row(
      'SMS to strangers in an hour',
      spending.map(({ perHour }) => figure(perHour)),
    ),
    row(
      'SMS to strangers in a day',
      spending.map(({ perDay }) => figure(perDay)),
    ),
    row(
      'cost of that day at Rs 0.25',
      spending.map(({ perDay }) => `Rs ${figure(rupeesOf(perDay))}`),
    ),
    row(
      "hours until the day's share is spent",
      spending.map(({ hours }) => figure(hours)),
    ),
    row('accounts they may expect to win that day', won),
  ]) {
    expect(page).toContain(line);
  }
});

it('the threat model says how many guesses that is', () => {
  const [settings] = both;
  const { perDay } = spendingOf(settings);
  const { wrongGuessesPerHour, trickleSeconds } = settings.guessBreaker;
  const guesses = guessesPerSend(settings);
  expect(page).toContain(
    `A code lives for ${guesses} guesses, so ${figure(perDay)} sends are ${figure(perDay * guesses)} guesses`,
  );
  const inAnHour = wrongGuessesPerHour + 3600 / trickleSeconds;
  expect(page).toContain(`enforced, lets ${figure(inAnHour)} wrong codes through in an hour`);
  const { perHour } = spendingOf(settings);
  expect(page).toContain(`${figure(inAnHour + perHour)} with the ${figure(perHour)} SMS of an hour`);
});

it('the threat model says what a day of guesses at one number is worth, with one live code and with two', () => {
  const [{ attemptLimits }] = both;
  const guesses = Math.min(
    ...attemptLimits.map(({ count, windowSeconds }) => count * Math.ceil(86_400 / windowSeconds)),
  );
  const odds = (liveCodes: number): string => `1 in ${figure(10 ** codeLength / guesses / liveCodes)}`;
  expect(page).toContain(
    `that is ${odds(1)} per number and day, ${odds(2)} for whoever pays a resend for each`,
  );
});
