/** The error for settings that are not valid. Nothing in the settings is secret, so it may show the values. */
import * as v from 'valibot';

/** One wrong setting: its path, what is allowed, and what was given. */
export function mistakeOf(issue: v.BaseIssue<unknown>): string {
  const value = issue.path?.at(-1)?.value ?? issue.input;
  // JSON has no NaN: it would be shown as null.
  const given = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return `${v.getDotPath(issue) ?? 'settings'}: ${issue.message} (given: ${given})`;
}

/** The error that lists `mistakes`, a line each. */
export function invalidSettings(mistakes: readonly string[]): TypeError {
  return new TypeError(`The settings are not valid:\n${mistakes.map((line) => `  ${line}`).join('\n')}`);
}
