/** The page as people use it, in a real browser: by clicking alone, by keyboard alone, when things go wrong. */
import axe from 'axe-core';
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { codeFor, freshNumber, otherThan, smsTo } from '../../../test-kit/sign-in.ts';
import { openTab, startPageInBrowser } from '../../support/page-in-browser.ts';

const shown = startPageInBrowser();

const phone = { viewport: { width: 390, height: 780 }, hasTouch: true };
const desktop = { viewport: { width: 1400, height: 900 } };

const open = (options?: BrowserContextOptions) => openTab(shown, options);

const numberField = (tab: Tab) => tab.getByLabel('Mobile number');
const codeField = (tab: Tab) => tab.getByLabel('6-digit code');
const signedIn = (tab: Tab) => tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();

async function askFor(tab: Tab, number: string): Promise<void> {
  await numberField(tab).fill(number.slice(3));
  await tab.getByRole('button', { name: 'Send code' }).click();
  await codeField(tab).waitFor();
}

/** What axe finds serious or worse. */
async function seriousIn(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

describe('the page', () => {
  it.each([
    ['a phone', phone],
    ['a desktop', desktop],
    ['a desktop in the dark', { ...desktop, colorScheme: 'dark' as const }],
  ])('signs in by clicking alone on %s, and is accessible in each state', async (_, options) => {
    const number = freshNumber();
    const tab = await open(options);
    expect(await seriousIn(tab)).toEqual([]);
    await askFor(tab, number);
    await codeField(tab).fill(otherThan(codeFor(shown.stack, number)));
    await tab.getByText('That code is not right. 4 attempts are left.').waitFor();
    expect(await seriousIn(tab)).toEqual([]);
    await tab.getByRole('button', { name: `Fill in the code ${codeFor(shown.stack, number)}` }).click();
    await signedIn(tab);
    await tab.getByText('verify-otp.verified').waitFor();
    await tab.getByText(number, { exact: true }).waitFor();
    expect(await seriousIn(tab)).toEqual([]);
    expect(await tab.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(smsTo(shown.stack, number)).toBe(1);
  });

  it('signs in by keyboard alone', async () => {
    const number = freshNumber();
    const tab = await open();
    // The field has the focus already, as a phone opens its keyboard.
    await tab.keyboard.type(number.slice(3));
    await tab.keyboard.press('Enter');
    await codeField(tab).waitFor();
    await expect.poll(() => tab.evaluate('document.activeElement.ariaLabel')).toBe('6-digit code');
    await tab.keyboard.type(codeFor(shown.stack, number));
    await signedIn(tab);
    for (let presses = 0; presses < 10; presses += 1) {
      await tab.keyboard.press('Tab');
      if ((await tab.evaluate('document.activeElement.textContent')) === 'Sign out') break;
    }
    await tab.keyboard.press('Enter');
    await numberField(tab).waitFor();
  });

  it('has the fields that phones autofill', async () => {
    const tab = await open(phone);
    expect(await numberField(tab).getAttribute('autocomplete')).toBe('tel');
    expect(await numberField(tab).getAttribute('inputmode')).toBe('tel');
    await askFor(tab, freshNumber());
    expect(await codeField(tab).getAttribute('autocomplete')).toBe('one-time-code');
    expect(await codeField(tab).getAttribute('inputmode')).toBe('numeric');
  });

  it('takes a pasted SMS', async () => {
    const number = freshNumber();
    const tab = await open();
    await askFor(tab, number);
    await codeField(tab).focus();
    await tab.keyboard.insertText(shown.stack.provider.sends.at(-1)?.text ?? '');
    await signedIn(tab);
  });

  it('opens at the code when it was closed in between, and a turned phone changes nothing', async () => {
    const number = freshNumber();
    const tab = await open(phone);
    await askFor(tab, number);
    await tab.reload();
    await codeField(tab).waitFor();
    await codeField(tab).fill('12');
    await tab.setViewportSize({ width: 780, height: 390 });
    expect(await codeField(tab).inputValue()).toBe('12');
    await codeField(tab).fill(codeFor(shown.stack, number));
    await signedIn(tab);
    expect(smsTo(shown.stack, number)).toBe(1);
  });

  it('says that it is offline, and sends one SMS once it is not', async () => {
    const number = freshNumber();
    const tab = await open();
    await tab.route('**/auth/**', (route) => route.abort());
    await numberField(tab).fill(number.slice(3));
    await tab.getByRole('button', { name: 'Send code' }).click();
    await tab.getByText('You seem to be offline.').waitFor();
    await tab.unroute('**/auth/**');
    await tab.getByRole('button', { name: 'Send code' }).dblclick();
    await codeField(tab).waitFor();
    expect(smsTo(shown.stack, number)).toBe(1);
  });

  it('plays the provider’s faults: a code that may come is told as such, and works', async () => {
    const number = freshNumber();
    const tab = await open();
    await tab.getByLabel('The next SMS').selectOption('reset-after');
    await expect.poll(async () => tab.getByLabel('The next SMS').inputValue()).toBe('reset-after');
    await askFor(tab, number);
    await tab.getByText('The SMS may take a little longer.').waitFor();
    await tab.getByRole('button', { name: /^Fill in/ }).click();
    await signedIn(tab);
  });

  // The clock goes only forward: this stands last.
  it('jumps the clock: the pause ends, the code expires, and the next one signs in', async () => {
    const number = freshNumber();
    const tab = await open();
    await askFor(tab, number);
    const first = codeFor(shown.stack, number);
    expect(await tab.getByRole('button', { name: /^Send again in/ }).isDisabled()).toBe(true);
    await tab.getByRole('button', { name: '+5 min' }).click();
    await tab.getByText('The code has probably expired.').waitFor();
    await codeField(tab).fill(first);
    await tab.getByText('That code is no longer valid.').waitFor();
    await tab.getByRole('button', { name: 'Send again', exact: true }).click();
    await expect.poll(() => smsTo(shown.stack, number)).toBe(2);
    await tab.getByRole('button', { name: `Fill in the code ${codeFor(shown.stack, number)}` }).click();
    await signedIn(tab);
  });
});
