/** The local stack with its page, and a browser to look at it, for a whole test file. */
import type { Browser, BrowserContextOptions, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { openBrowser } from '../../local/browser.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/local-stack.ts';
import { type Page, startPage } from '../../local/page/page.ts';

export interface PageInBrowser {
  readonly stack: LocalStack;
  readonly page: Page;
  readonly browser: Browser;
}

/** Starts all three before the file's tests, and closes every tab after each. What it gives is there once a test runs. */
export function startPageInBrowser(options: LocalStackOptions = {}): PageInBrowser {
  const started: { -readonly [K in keyof PageInBrowser]?: PageInBrowser[K] } = {};
  beforeAll(async () => {
    [started.stack, started.browser] = await Promise.all([
      startLocalStack({ workers: 2, ...options }),
      openBrowser(),
    ]);
    started.page = await startPage(started.stack, { port: 0 });
  }, 120_000);
  afterAll(async () => {
    await started.browser?.close();
    await started.page?.stop();
    await started.stack?.stop();
  });
  afterEach(async () => {
    for (const context of started.browser?.contexts() ?? []) await context.close();
    started.stack?.provider.reset();
  });
  return started as PageInBrowser;
}

/** Opens the page in a tab of its own, and waits until a number can be typed. */
export async function openTab(
  { browser, page }: PageInBrowser,
  options: BrowserContextOptions = { viewport: { width: 1400, height: 900 } },
): Promise<Tab> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const tab = await context.newPage();
  await tab.goto(page.url);
  await tab.getByTestId('doorcode-number').waitFor();
  return tab;
}
