/**
 * Every setting that an adopter may set, in one flat list. Each is declared with its default and the reason for it: limits
 * in `functions/limits/limits.ts`, the other settings of the functions in `functions/settings/`, and those of the deployment
 * alone in `lib/settings/`. `docs/settings.md` has them all on one page.
 */
import type { SettingsInput } from '../functions/settings/settings.ts';
import type { DeploymentSettingsInput } from './settings/deployment-settings.ts';

/** The settings of a Doorcode. Only `appName` and `audience` have no default. */
export interface DoorcodeProps extends SettingsInput, DeploymentSettingsInput {}
