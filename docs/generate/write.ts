/**
 * `npm run docs`: writes the parts of the pages that come from the sources. `test/docs/generated.test.ts` fails when a
 * page is behind them. The figures of the evidence come from the commands that measure: `prove` and `mutate` keep theirs in
 * `prove/results.json`, and `bench`, `load` and `campaign` write the page themselves.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { evidenceOf, keptResults } from '../../prove/results.ts';
import { writeSection } from '../../test-kit/page-section.ts';
import { alarmTable } from './alarm-table.ts';
import { ceilings } from './ceilings.ts';
import { decisionList } from './decision-list.ts';
import { everyAlarm } from './every-alarm.ts';
import { messageTable } from './message-table.ts';
import { settingsPage } from './settings-page.ts';

const pages = join(import.meta.dirname, '..');
const onCall = join(pages, 'on-call.md');

const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
new DoorcodeStack(app, 'Doorcode', {
  env: { region: 'ap-south-1' },
  appName: 'Doorcode',
  audience: 'doorcode-app',
  ...everyAlarm,
});
writeSection(onCall, 'alarms', alarmTable(app.synth().getStackByName('Doorcode').template.Resources));
writeSection(onCall, 'message codes', messageTable());
writeSection(join(pages, 'design.md'), 'ceilings', ceilings());
writeSection(join(pages, 'evidence.md'), 'prove', evidenceOf(keptResults()));
writeSection(join(pages, 'decisions/README.md'), 'decisions', decisionList());
writeFileSync(join(pages, 'settings.md'), settingsPage());
