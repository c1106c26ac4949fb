/**
 * The settings of a deployment: one schema, parsed at synth (`lib/`) and again at cold start (`SETTINGS`). Each member
 * stands with its topic (`limits/limits.ts`, `*-settings.ts`), the rules between them in `settings-rules.ts`.
 *
 * It reports every mistake at once, because an operator who mends one per deployment gives up.
 */
import * as v from 'valibot';
import { invalidSettings, mistakeOf } from './invalid-settings.ts';
import { settingsSchema } from './settings-rules.ts';
import { inOurWords } from './wording.ts';

/** What an adopter writes: everything but `appName` and `audience` has a default. */
export type SettingsInput = v.InferInput<typeof settingsSchema>;

/** The settings with every default filled in. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/**
 * Parses settings, or throws a `TypeError` that lists each wrong setting with what was given and what is allowed.
 * Nothing in the settings is secret, so the values may be shown.
 */
export function parseSettings(input: unknown): Settings {
  const result = v.safeParse(settingsSchema, input, inOurWords);
  if (result.success) return result.output;
  throw invalidSettings(result.issues.map(mistakeOf));
}
