/**
 * `npm run screenshots`: the page in each state of a sign-in, as pictures for the README; and the app in every state and
 * look, to be looked at, in `.local/screenshots`, which is not committed.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { onInterrupt, signalsHadTheirTurn } from '../terminal/interrupt.ts';
import { openBrowser } from './browser.ts';
import { shootEveryState } from './every-state.ts';
import { startLocalStack } from './local-stack.ts';
import { startPage } from './page/page.ts';
import { shootSession } from './shoot-session.ts';

const directory = process.argv[2] ?? join(import.meta.dirname, '../clients/screenshots');
mkdirSync(directory, { recursive: true });
const toLookAt = join(import.meta.dirname, '../.local/screenshots');
mkdirSync(toLookAt, { recursive: true });

const desktop = { viewport: { width: 1400, height: 800 } };
const phone = { viewport: { width: 390, height: 600 } };
const dark = { colorScheme: 'dark' } as const;

let numbers = 0;

/** One sign-in in a browser of its own; `shoot` takes a picture. */
async function visit(browser: Browser, options: BrowserContextOptions, url: string) {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-IN', ...options });
  const tab = await context.newPage();
  await tab.goto(url);
  const number = tab.getByLabel('Mobile number');
  await number.waitFor();
  numbers += 1;
  return {
    tab,
    shoot: (name: string) => tab.screenshot({ path: join(directory, `${name}.png`) }),
    ask: async () => {
      await number.fill(`98765 ${43_210 + numbers}`);
      await tab.getByRole('button', { name: 'Send code' }).click();
    },
    codeScreen: () => tab.getByLabel('6-digit code'),
  };
}

async function tapCode(tab: Tab): Promise<void> {
  await tab
    .getByRole('button', { name: /^Fill in/ })
    .first()
    .click();
  await tab.getByRole('heading', { name: 'You’re signed in' }).waitFor();
  await tab.getByText('verify-otp.verified').waitFor();
}

const stack = await startLocalStack({ workers: 2 });
const page = await startPage(stack, { port: 0 });
const browser = await openBrowser();
async function stop(): Promise<void> {
  await browser.close();
  await page.stop();
  await stack.stop();
}
const interrupted = onInterrupt('Interrupted. Some pictures may be missing.', stop);
try {
  for (const [name, options] of [
    ['light', desktop],
    ['dark', { ...desktop, ...dark }],
  ] as const) {
    stack.provider.reset();
    const { tab, shoot, ask, codeScreen } = await visit(browser, options, page.url);
    await shoot(`page-number-${name}`);
    await ask();
    await codeScreen().fill('12');
    await tab.getByRole('button', { name: /^Fill in/ }).waitFor();
    await shoot(`page-code-${name}`);
    await tapCode(tab);
    await shoot(`page-signed-in-${name}`);
    await tab.context().close();
  }

  stack.provider.reset();
  const { tab, shoot, ask, codeScreen } = await visit(browser, phone, page.url);
  await shoot('phone-number');
  await tab.route('**/auth/**', (route) => route.abort());
  await ask();
  await tab.getByText('You seem to be offline').waitFor();
  await shoot('phone-offline');
  await tab.unroute('**/auth/**');
  stack.provider.control({ fault: { name: '500', times: 1 } });
  await tab.getByRole('button', { name: 'Send code' }).click();
  await codeScreen().waitFor();
  await shoot('phone-unconfirmed');
  await codeScreen().fill('000000');
  await tab.getByText('That code is not right').waitFor();
  await shoot('phone-wrong-code');
  for (const guess of ['000001', '000002', '000003', '000004', '000005']) {
    await tab.getByRole('button', { name: 'Continue' }).waitFor();
    await codeScreen().fill(guess);
  }
  await tab.getByText('Too many wrong codes').waitFor();
  await shoot('phone-wait');
  stack.provider.reset();
  // High enough for the session, its token and what an API said of it.
  const tall = { viewport: { width: 1400, height: 1000 } };
  for (const options of [tall, { ...tall, ...dark }]) {
    const session = await visit(browser, options, page.url);
    // In the dark only to be looked at, and to see that the story can be told twice.
    const isKept = options === tall;
    await shootSession(session.tab, async (name) => {
      await session.tab.evaluate('scrollTo(0, 0)');
      const path = isKept ? join(directory, `${name}.png`) : join(toLookAt, `${name}-dark.png`);
      await session.tab.screenshot({ path });
    });
    await session.tab.context().close();
  }
  console.log(`Pictures: ${directory}`);
  console.log(`${await shootEveryState(browser, page.url, toLookAt)} more to look at: ${toLookAt}`);
} catch (error) {
  await signalsHadTheirTurn();
  if (!interrupted.aborted) throw error;
} finally {
  await stop();
}
