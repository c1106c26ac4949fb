/**
 * The example app alone, as phones show it: right to left, with a keyboard that takes half of the screen, with text at
 * 200 %, in Hindi; in each state of a sign-in. A browser with a keyboard drawn in has the height that is left.
 */
import axe from 'axe-core';
import type { Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hindi } from '../../../clients/react-native/src/hindi.ts';
import { english } from '../../../clients/react-native/src/texts.ts';
import { codeFor, freshNumber, otherThan } from '../../../test-kit/sign-in.ts';
import { startPageInBrowser } from '../../support/page-in-browser.ts';
import { digitsFromLeft, focusOf, layoutFaults } from '../../support/seen-in-browser.js';

const shown = startPageInBrowser();

/** What a phone's keyboard takes, in CSS pixels. */
const keyboard = 290;

const looks = [
  ['a small phone with its keyboard', { width: 360, height: 640 - keyboard }, ''],
  ['an iPhone SE with its keyboard', { width: 320, height: 568 - 253 }, ''],
  ['a phone, right to left', { width: 390, height: 780 }, 'dir=rtl'],
  ['a small phone, right to left, with its keyboard', { width: 360, height: 640 - keyboard }, 'dir=rtl'],
  ['a phone with text at 200 %', { width: 390, height: 780 }, 'text=200'],
  ['a small phone with text at 200 % and its keyboard', { width: 360, height: 640 - keyboard }, 'text=200'],
  ['a phone in Hindi', { width: 390, height: 780 }, 'lang=hi'],
  ['a small phone, everything at once', { width: 360, height: 640 - keyboard }, 'lang=hi&dir=rtl&text=200'],
] as const;

async function open(viewport: { width: number; height: number }, query: string): Promise<Tab> {
  const context = await shown.browser.newContext({ reducedMotion: 'reduce', hasTouch: true, viewport });
  context.setDefaultTimeout(20_000);
  const tab = await context.newPage();
  await tab.goto(`${shown.page.url}/?alone&${query}`);
  await tab.getByTestId('doorcode-number').waitFor();
  return tab;
}

async function seriousIn(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(axe.source);
  const { violations } = await tab.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`);
}

const faultsOf = (tab: Tab, button: string): Promise<readonly string[]> => tab.evaluate(layoutFaults, button);
const digitsShown = (tab: Tab): Promise<string> => tab.evaluate(digitsFromLeft);

describe.each(looks)('%s', (_, viewport, query) => {
  const texts = query.includes('lang=hi') ? hindi : english;

  it('shows each state whole, with its button in sight, and is accessible in it', async () => {
    const number = freshNumber();
    const tab = await open(viewport, query);
    const field = tab.getByTestId('doorcode-number');
    await field.fill(`${number.slice(3, 8)} ${number.slice(8)}`);
    expect(await faultsOf(tab, 'doorcode-send')).toEqual([]);
    expect(await seriousIn(tab)).toEqual([]);
    // +91 stands left of the number.
    const prefix = await tab.getByText('+91', { exact: true }).boundingBox();
    expect(prefix?.x).toBeLessThan((await field.boundingBox())?.x ?? 0);

    await tab.getByTestId('doorcode-send').click();
    const code = tab.getByTestId('doorcode-code');
    await code.waitFor();
    const right = codeFor(shown.stack, number);
    await code.pressSequentially(right.slice(0, 5));
    expect(await digitsShown(tab)).toBe(right.slice(0, 5));
    expect(await faultsOf(tab, 'doorcode-verify')).toEqual([]);
    expect(await seriousIn(tab)).toEqual([]);

    await code.fill(otherThan(right));
    await tab.getByText(texts.notice({ reason: 'incorrect-code', attemptsRemaining: 4 })).waitFor();
    await expect.poll(() => faultsOf(tab, 'doorcode-verify')).toEqual([]);
    expect(await seriousIn(tab)).toEqual([]);
    // The keyboard stays: the field has kept the focus.
    expect(await tab.evaluate('document.activeElement.dataset.testid')).toBe('doorcode-code');
    await tab.keyboard.type(right);
    await tab.getByRole('heading', { name: texts.signedIn }).waitFor();
    expect(await seriousIn(tab)).toEqual([]);
  });
});

describe('the code field', () => {
  it('takes a digit after a tap into its middle at the end', async () => {
    const number = freshNumber();
    const tab = await open({ width: 390, height: 780 }, '');
    await tab.getByTestId('doorcode-number').fill(number.slice(3));
    await tab.getByTestId('doorcode-send').click();
    const code = tab.getByTestId('doorcode-code');
    await code.pressSequentially('123');
    await code.click({ position: { x: 2, y: 20 } });
    await tab.keyboard.press('Home');
    await tab.keyboard.type('4');
    await expect.poll(() => code.inputValue()).toBe('1234');
  });
});

describe('the focus', () => {
  it('is shown by the whole number field, not by a ring through it', async () => {
    const tab = await open({ width: 390, height: 780 }, '');
    const { outline, edges } = await tab.evaluate(focusOf, 'doorcode-number');
    expect(outline).toBe('0px');
    expect(edges).toEqual(['2px', 'rgb(29, 78, 216)']);
  });
});
