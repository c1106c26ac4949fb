/** What the page lets people try: a bad network, a second phone, an API behind the token, other looks. */
import type { BrowserContextOptions, Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { smsInTwoLanguages } from '../../../local/startmessaging/sms-template.ts';
import { call } from '../../../test-kit/http.ts';
import { codeFor, freshNumber, smsTo } from '../../../test-kit/sign-in.ts';
import { openTab, startPageInBrowser } from '../../support/page-in-browser.ts';
import { fontSizeOf } from '../../support/seen-in-browser.js';

const shown = startPageInBrowser({ settings: smsInTwoLanguages });

const open = (options?: BrowserContextOptions) => openTab(shown, options);

async function ask(tab: Tab, number: string): Promise<void> {
  await tab.getByTestId('doorcode-number').fill(number.slice(3));
  await tab.getByTestId('doorcode-send').click();
}

async function signIn(tab: Tab, number: string): Promise<void> {
  await ask(tab, number);
  await tab.getByTestId('doorcode-code').waitFor();
  await tab.getByTestId('doorcode-code').fill(codeFor(shown.stack, number));
  await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
}

describe('the network switch', () => {
  it.each([
    ['offline', 'You seem to be offline.', 0],
    ['answer-lost', 'You seem to be offline.', 1],
    ['portal', 'This network wants you to log in first.', 0],
  ])('%s is told as it is, and the next tap sends no second SMS', async (network, said, smsSent) => {
    const number = freshNumber();
    const tab = await open();
    await tab.getByLabel('Network of this phone').selectOption(network);
    await ask(tab, number);
    await tab.getByText(said).waitFor();
    expect(smsTo(shown.stack, number)).toBe(smsSent);
    await tab.getByLabel('Network of this phone').selectOption('good');
    await tab.getByTestId('doorcode-send').click();
    await tab.getByTestId('doorcode-code').waitFor();
    expect(smsTo(shown.stack, number)).toBe(1);
  });
});

describe('a chosen fault', () => {
  it('is named in plain words, and waits for the next SMS', async () => {
    const tab = await open();
    await tab.getByLabel('The next SMS').selectOption('reset-after');
    await tab.getByText('“the connection breaks, the SMS comes” waits for the next SMS.').waitFor();
    await ask(tab, freshNumber());
    await tab.getByTestId('doorcode-code').waitFor();
    await tab.getByText('waits for the next SMS').waitFor({ state: 'detached' });
  });
});

describe('an API that checks the token', () => {
  it('answers 200 with it and 401 without', async () => {
    const tab = await open();
    await signIn(tab, freshNumber());
    await tab.getByRole('button', { name: 'Call an API of yours' }).click();
    await tab.getByText('GET /orders: 200').waitFor();
    await tab.getByRole('button', { name: 'Call it without' }).click();
    await tab.getByText('GET /orders: 401').waitFor();
  });

  it('takes no token that was altered', async () => {
    const reply = await call(`${shown.page.url}/orders`, {
      method: 'GET',
      headers: { authorization: 'Bearer a.b.c' },
    });
    expect(reply.status).toBe(401);
  });
});

describe('a second phone', () => {
  it('knows nothing of the first, and the first is still signed in afterwards', async () => {
    const tab = await open();
    await signIn(tab, freshNumber());
    await tab.getByLabel('Device').selectOption('second');
    await tab.getByTestId('doorcode-number').waitFor();
    await signIn(tab, freshNumber());
    await tab.getByLabel('Device').selectOption('first');
    await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
  });
});

describe('a small screen', () => {
  it('shows the SMS over the app, and a tap on it signs in', async () => {
    const number = freshNumber();
    const tab = await open({ viewport: { width: 390, height: 700 } });
    await ask(tab, number);
    await tab.getByTestId('doorcode-code').waitFor();
    await tab.getByRole('button', { name: `Messages ${codeFor(shown.stack, number)}` }).click();
    await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
    expect(smsTo(shown.stack, number)).toBe(1);
  });
});

describe('the look', () => {
  it('changes the language of the SMS with that of the app, from the next one on', async () => {
    const [english, hindi] = [freshNumber(), freshNumber()];
    const tab = await open();
    await ask(tab, english);
    await tab.getByTestId('doorcode-code').waitFor();
    const messages = tab.getByRole('list', { name: 'Messages, newest first' });
    await messages.getByText(/is your Doorcode verification code/).waitFor();
    await tab.getByTestId('doorcode-change-number').click();
    await tab.getByLabel('Language').selectOption('hi');
    await ask(tab, hindi);
    await messages.getByText(/आपका Doorcode कोड है। 5 मिनट तक मान्य/).waitFor();
    await tab.getByRole('button', { name: `Fill in the code ${codeFor(shown.stack, hindi)}` }).click();
    await tab.getByRole('heading', { name: 'आप साइन इन हो गए हैं' }).waitFor();
    expect([smsTo(shown.stack, english), smsTo(shown.stack, hindi)]).toEqual([1, 1]);
  });

  it('changes with its switches, and survives a reload', async () => {
    const tab = await open();
    await tab.getByLabel('Language').selectOption('hi');
    await tab.getByLabel('Direction').selectOption('rtl');
    await tab.getByLabel('Text size').selectOption('200');
    await tab.getByRole('heading', { name: 'आपका मोबाइल नंबर?' }).waitFor();
    await tab.reload();
    const heading = tab.getByRole('heading', { name: 'आपका मोबाइल नंबर?' });
    await heading.waitFor();
    expect(await heading.evaluate(fontSizeOf)).toBe('56px');
    expect(await tab.locator('.app .glass').getAttribute('dir')).toBe('rtl');
  });
});
