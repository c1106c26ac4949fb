/**
 * The settings of a deployment. One schema parses them at synth (`lib/`) and again at cold start (`SETTINGS`). The members
 * are in `limits/limits.ts` and the `*-settings.ts` files, the rules between them in `settings-rules.ts`.
 *
 * One error reports every mistake, because a deployment takes minutes.
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
