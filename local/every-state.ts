/**
 * The example app alone, in every state worth looking at, in both schemes, three sizes, Hindi and right to left. The
 * answers are those of the clients' contract, so that no state waits for a limit; nothing is sent.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page as Tab } from 'playwright-core';
import * as v from 'valibot';

const answerSchema = v.object({
  name: v.string(),
  status: v.optional(v.number()),
  body: v.optional(v.unknown()),
  fails: v.optional(v.boolean()),
  hangs: v.optional(v.boolean()),
});
const answers = v.parse(
  v.array(answerSchema),
  JSON.parse(readFileSync(join(import.meta.dirname, '../clients/contract/answers.json'), 'utf8')),
);

const looks = [
  { look: 'phone-light', size: [390, 780], query: '' },
  { look: 'phone-dark', size: [390, 780], query: '', isDark: true },
  { look: 'small-light', size: [360, 640], query: '' },
  { look: 'small-dark-keyboard', size: [360, 350], query: '', isDark: true },
  { look: 'tablet-light', size: [820, 1180], query: '' },
  { look: 'tablet-dark', size: [820, 1180], query: '', isDark: true },
  { look: 'hindi', size: [390, 780], query: 'lang=hi' },
  { look: 'right-to-left', size: [390, 780], query: 'dir=rtl' },
  { look: 'text-200', size: [390, 780], query: 'text=200' },
] as const;

/** What the request meets; then what the code meets, if one is typed. */
const states = [
  { state: 'number' },
  { state: 'number-invalid', number: '12' },
  { state: 'sending', request: 'no answer', isUnderWay: true },
  { state: 'number-blocked', request: "the gateway's 403" },
  { state: 'number-wait', request: 'too many requests' },
  { state: 'number-unavailable', request: 'unavailable' },
  { state: 'number-server-fault', request: 'internal error' },
  { state: 'code', request: 'sent' },
  { state: 'code-unconfirmed', request: 'unavailable, the SMS may come' },
  { state: 'checking', request: 'sent', verify: 'no answer', isUnderWay: true },
  { state: 'code-wrong', request: 'sent', verify: 'wrong code' },
  { state: 'code-expired', request: 'sent', verify: 'expired code' },
  { state: 'code-wait', request: 'sent', verify: 'too many attempts' },
  { state: 'signed-in', request: 'sent', verify: 'signed in' },
] as const;

interface State {
  readonly state: string;
  readonly number?: string;
  readonly request?: string;
  readonly verify?: string;
  readonly isUnderWay?: boolean;
}

/** Takes a picture of each state in each look into `directory`, and says how many. */
export async function shootEveryState(browser: Browser, url: string, directory: string): Promise<number> {
  for (const { look, size, query, ...options } of looks) {
    const [width, height] = size;
    for (const state of states) {
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        viewport: { width, height },
        colorScheme: 'isDark' in options ? 'dark' : 'light',
      });
      const tab = await context.newPage();
      await tab.goto(`${url}/?alone&${query}`);
      await reach(tab, state);
      await tab.screenshot({ path: join(directory, `${look}-${state.state}.png`) });
      await context.close();
    }
  }
  return looks.length * states.length;
}

async function reach(tab: Tab, { number = '9876543210', request, verify, isUnderWay, ...state }: State) {
  const field = tab.getByTestId('doorcode-number');
  await field.waitFor();
  if (state.state === 'number') return;
  if (request !== undefined) await meet(tab, '**/auth/request-otp', request);
  if (verify !== undefined) await meet(tab, '**/auth/verify-otp', verify);
  await field.fill(number);
  await tab.getByTestId('doorcode-send').click();
  if (verify !== undefined) await tab.getByTestId('doorcode-code').fill('123456');
  else if (state.state.startsWith('code')) await tab.getByTestId('doorcode-code').waitFor();
  if (isUnderWay) await tab.waitForTimeout(300);
  else if (verify === 'signed in') await tab.getByText('✓').waitFor();
  else if (state.state !== 'code') await tab.getByTestId('doorcode-notice').getByText(/./).first().waitFor();
}

async function meet(tab: Tab, path: string, name: string): Promise<void> {
  const answer = answers.find((one) => one.name === name);
  if (answer === undefined) throw new Error(`no answer is called ${name}`);
  await tab.route(path, async (route) => {
    if (answer.hangs) return;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
    await route.fulfill({ status: answer.status ?? 200, contentType: 'application/json', body });
  });
}
