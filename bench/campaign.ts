/**
 * The campaign at full size: 60,000 numbers from 3,000 addresses, at the default rate of the stack. For each kind of
 * settings it prints the SMS before and after the breakers stop it, their cost, and how many accounts the attacker wins.
 *
 *     npm run campaign               all of them, some ten minutes each
 *     npm run campaign -- enforce    those whose name says so
 *     npm run campaign -- --write    and keeps all in docs/evidence.md
 */

import { parseArgs } from 'node:util';
import { parseSettings } from '../functions/settings/settings.ts';
import { accountsWon, rupeesOf } from '../test-kit/attacker.ts';
import { type Campaign, runCampaign, type Share } from '../test-kit/campaign.ts';
import { writeSection } from '../test-kit/page-section.ts';
import { printTable } from '../test-kit/print-table.ts';
import { startTestTable } from '../test-kit/test-table.ts';
import { evidencePage, runOf } from './results.ts';

const full = {
  numbers: 60_000,
  addresses: 3_000,
  addressKind: 'ipv4',
  order: 'spread',
  requestsPerSecond: 300,
  hours: 24,
} as const;

const campaigns: Readonly<Record<string, Campaign>> = {
  'defaults (observe)': { ...full, settings: {} },
  enforce: { ...full, settings: { conversionBreaker: { mode: 'enforce' } } },
  'sequential numbers, sendsPerNumberBlock 10': {
    ...full,
    order: 'sequential',
    settings: { sendsPerNumberBlock: 10 },
  },
  'IPv6, 8 numbers for each /64': { ...full, addressKind: 'ipv6', settings: {} },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const [only = ''] = positionals;
if (values.write && only !== '') throw new RangeError('--write keeps all campaigns, not one');
const asked = Object.entries(campaigns).filter(([name]) => name.includes(only));
if (asked.length === 0) throw new RangeError(`no campaign is called "${only}"`);
const share = ({ done, of }: Share): string => `${done} of ${of}`;
const rows: Record<string, string | number>[] = [];
for (const [name, campaign] of asked) {
  const onHour = (hour: number): void => console.error(`… ${name}: hour ${hour} of ${campaign.hours}`);
  const table = await startTestTable();
  const outcome = await runCampaign(table, { ...campaign, onHour }).finally(() => table.stop());
  const sends = outcome.sendsByHour.reduce((sum, one) => sum + one, 0);
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', ...campaign.settings });
  rows.push({
    settings: name,
    requests: outcome.requests,
    'sent before the first refusal': outcome.sendsBeforeRefusal,
    'sent in the worst hour': Math.max(...outcome.sendsByHour),
    'sent in the day': sends,
    rupees: rupeesOf(sends),
    'accounts won, expected': accountsWon(settings, sends).toFixed(3),
    refusals: Object.entries(outcome.refusals)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', '),
    alarm: outcome.unproven > 0 ? 'raised' : 'silent',
    'codes under way': share(outcome.verifiedInFlight),
    'returning devices': share(outcome.returningDevices),
    'honest strangers, during': share(outcome.honestDuring),
    'the day after': share(outcome.honestAfter),
  });
  printTable(name, rows.slice(-1));
}
if (values.write) {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, names.map(() => '---'), ...rows.map((row) => names.map((name) => row[name]))];
  const title = `${runOf()}; ${full.numbers} numbers, ${full.addresses} addresses, ${full.requestsPerSecond} requests/s, ${full.hours} hours of a moved clock`;
  writeSection(
    evidencePage,
    'campaign',
    `${title}\n\n${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}`,
  );
}
