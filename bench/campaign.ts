/**
 * The campaign at full size: 60,000 numbers from 3,000 addresses at the rate that the stack admits by default. It
 * prints, for each kind of settings, what was sent before and after it was stopped, what that costs and what it wins.
 *
 *     npm run campaign               all of them
 *     npm run campaign -- enforce    those whose name says so
 */

import { parseSettings } from '../functions/otp/settings.ts';
import { accountsWon, rupeesOf } from '../test/support/attacker.ts';
import { type Campaign, runCampaign, type Share } from '../test/support/campaign.ts';
import { printTable } from '../test/support/print-table.ts';
import { startTestTable } from '../test/support/table.ts';

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

const [, , only = ''] = process.argv;
const share = ({ done, of }: Share): string => `${done}/${of}`;
const rows: Record<string, string | number>[] = [];
for (const [name, campaign] of Object.entries(campaigns).filter(([known]) => known.includes(only))) {
  const table = await startTestTable();
  const outcome = await runCampaign(table, campaign);
  await table.stop();
  const sends = outcome.sendsByHour.reduce((sum, one) => sum + one, 0);
  const settings = parseSettings({ appName: 'Acme', audience: 'acme-app', ...campaign.settings });
  rows.push({
    settings: name,
    requests: outcome.requests,
    'sends before refused': outcome.sendsBeforeRefusal,
    'sends, day': sends,
    rupees: rupeesOf(sends),
    'accounts expected': accountsWon(settings, sends).toFixed(3),
    alarm: outcome.unproven > 0 ? 'raised' : 'silent',
    'in flight': share(outcome.verifiedInFlight),
    returning: share(outcome.returningDevices),
    'strangers during': share(outcome.honestDuring),
    after: share(outcome.honestAfter),
  });
  console.log(`${name}\n  sends by hour: ${outcome.sendsByHour.join(' ')}`);
  console.log(`  refusals: ${JSON.stringify(outcome.refusals)}`);
}
printTable('Campaigns: 60,000 numbers, 3,000 addresses, 300 requests/s, one day', rows);
