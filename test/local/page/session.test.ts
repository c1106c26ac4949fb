/** A session on the page: what may happen to it is played as people would, and each state is told and accessible. */
import axe from 'axe-core';
import type { Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { shootSession } from '../../../local/shoot-session.ts';
import { codeFor, freshNumber } from '../../../test-kit/sign-in.ts';
import { openTab, startPageInBrowser } from '../../support/page-in-browser.ts';

const shown = startPageInBrowser();

/** What axe finds serious or worse. */
async function seriousIn(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

describe('the session', () => {
  it.each(['light', 'dark'] as const)(
    'is told in each of its states, accessibly: %s',
    async (colorScheme) => {
      const tab = await openTab(shown, { viewport: { width: 1400, height: 900 }, colorScheme });
      const found: string[] = [];
      const seen: string[] = [];
      await shootSession(tab, async (name) => {
        seen.push(name);
        found.push(...(await seriousIn(tab)).map((fault) => `${name}: ${fault}`));
      });
      expect(found).toEqual([]);
      expect(seen).toHaveLength(8);
    },
    120_000,
  );

  it.each(['', '?dir=rtl', '?text=200', '?lang=hi'])(
    'is left from the app itself, by keyboard alone: %s',
    async (query) => {
      const number = freshNumber();
      const tab = await openTab(shown, { viewport: { width: 390, height: 780 } });
      await tab.goto(`${shown.page.url}/${query === '' ? '?alone' : `${query}&alone`}`);
      await tab.getByTestId('doorcode-number').fill(number.slice(3));
      await tab.keyboard.press('Enter');
      await tab.getByTestId('doorcode-code').waitFor();
      await expect.poll(() => codeFor(shown.stack, number)).toMatch(/^\d{6}$/);
      await tab.keyboard.type(codeFor(shown.stack, number));
      const buttons = tab.getByRole('button');
      await expect.poll(() => buttons.count()).toBe(2);
      // A keychain item holds 2,048 bytes. A deployed issuer is some 50 characters longer in the token than this one.
      const stored = await tab.evaluate<string>("localStorage.getItem('doorcode.session')");
      expect(stored.length).toBeGreaterThan(1_000);
      expect(stored.length).toBeLessThan(1_900);
      await buttons.first().focus();
      await tab.keyboard.press('Enter');
      const all = tab.getByTestId('doorcode-end-all');
      await all.waitFor();
      expect(await seriousIn(tab)).toEqual([]);
      const wide = await tab.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(wide).toBeLessThanOrEqual(0);
      await all.focus();
      await tab.keyboard.press('Enter');
      await tab.getByTestId('doorcode-number').waitFor();
    },
    60_000,
  );
});
