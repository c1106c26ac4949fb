/**
 * `npm run docs`: writes the parts of the pages that come from the sources. `test/docs/generated.test.ts` fails when a
 * page is behind them. The evidence is not here: the commands that measure write it.
 */
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { writeSection } from '../../bench/page-section.ts';
import { DoorcodeStack } from '../../lib/doorcode-stack.ts';
import { alarmTable } from './alarm-table.ts';
import { everyAlarm } from './every-alarm.ts';
import { messageTable } from './message-table.ts';

const onCall = join(import.meta.dirname, '../on-call.md');

const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
new DoorcodeStack(app, 'Doorcode', {
  env: { region: 'ap-south-1' },
  appName: 'Doorcode',
  audience: 'doorcode-app',
  ...everyAlarm,
});
writeSection(onCall, 'alarms', alarmTable(app.synth().getStackByName('Doorcode').template.Resources));
writeSection(onCall, 'message codes', messageTable());
