/** `docs/settings.md` says what the schemas say. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsPage } from '../../docs/generate/settings-page.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { settingsShape } from '../../functions/settings/settings-rules.ts';
import { deploymentSettingsSchema } from '../../lib/settings/deployment-settings.ts';

const root = join(import.meta.dirname, '../..');
const page = settingsPage();
const rowOf = (name: string): string =>
  page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';

describe('the page of settings', () => {
  it('is as `npm run docs` writes it', () => {
    expect(readFileSync(join(root, 'docs/settings.md'), 'utf8')).toBe(page);
  });

  it('has every setting of both schemas once, and no other', () => {
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const known = [settingsShape, deploymentSettingsSchema].flatMap(({ entries }) => Object.keys(entries));
    expect(named.toSorted()).toEqual(known.toSorted());
  });

  it('has the defaults that a deployment gets', () => {
    const defaults = parseSettings({ appName: 'Acme', audience: 'acme' });
    expect(rowOf('sendsPerDay')).toContain(`| ${defaults.sendsPerDay.toLocaleString('en-US')} |`);
    expect(rowOf('codeLifetimeSeconds')).toContain(`| ${defaults.codeLifetimeSeconds} s |`);
    expect(rowOf('strangersBudgetPercent')).toContain(`| ${defaults.strangersBudgetPercent} % |`);
    expect(rowOf('attemptLimits')).toContain('| 5 in 10 min, 10 in 1 h, 20 in 24 h |');
    expect(rowOf('conversionBreaker')).toContain(
      `trickleSeconds ${defaults.conversionBreaker.trickleSeconds} s |`,
    );
    for (const name of ['appName', 'audience']) expect(rowOf(name)).toContain('| **required** |');
    for (const name of ['session', 'sendsPerHour', 'allowedOrigins'])
      expect(rowOf(name)).toContain('| none |');
  });

  it('says of each limit who decides it, by a file that there is', () => {
    const [, limits = ''] = page.split('## Limits\n');
    const rows = limits.split('\n## ')[0]?.match(/^\| `.*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      const [, file = ''] = row.match(/Decided by [^`]*`([^`]+)`[^|]* \|$/) ?? [];
      expect(existsSync(join(root, file)) && file !== '', row).toBe(true);
    }
  });
});
