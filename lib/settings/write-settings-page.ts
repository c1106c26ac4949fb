/** `npm run settings`: writes `docs/settings.md` anew. */
import { writeFileSync } from 'node:fs';
import { settingsPage, settingsPageFile } from './settings-page.ts';

writeFileSync(settingsPageFile, settingsPage());
