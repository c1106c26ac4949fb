/**
 * Sixteen users call support. `npm run support -- why` has to say what happened to each, and what to tell them, within ten
 * seconds: the command is killed after that. No line may have a part of the number, a code, or a word of the provider's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { breakerFailures } from '../../functions/settings/fixed-numbers.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call, type Reply } from '../../test-kit/http.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { ask, codeFor, otherThan, type } from '../../test-kit/sign-in.ts';
import { dayIn, putControls } from '../../test-kit/stored-controls.ts';
import { runCommand } from '../support/run-command.ts';

const settings = { testNumbersUntil: dayIn(30), sendsPerIpv4Address: 1_000 };
/** What the fake says of a failure. Nobody outside of the provider's dashboard may read it. */
const failureReason = 'DLT scrubbing failed for header STMSGN';
const providerWords =
  /UNAUTHORIZED|FORBIDDEN|INSUFFICIENT|RATE_LIMIT|OTP_SEND_FAILED|STMSGN|scrubbing|sm_live/i;
/** Of the sentence for the user. */
const innerWords = /provider|StartMessaging|wallet|balance|denied|budget|breaker|limit/i;

let directory: string;
let stack: LocalStack;
let number: string;
let next = 8_765_432_100;
const newNumber = (): string => {
  next += 37;
  return `+91${next}`;
};
const rows: { history: string; decided: string; user: string }[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-support-'));
  stack = await startLocalStack({ directory, workers: 1, settings });
});
afterEach(async () => {
  stack.provider.reset();
  await putControls(stack, {});
  for (const name of ['request-otp', 'verify-otp', 'support']) stack.pool(name).shiftClock(0);
  await stack.pool('request-otp').restart();
});
afterAll(async () => {
  if (rows.length > 0) printTable('Why a user got no SMS', rows);
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the command until the log has the call; it is written a moment after the answer. */
async function why(parameters: readonly string[], input = ''): Promise<readonly string[]> {
  let lines: readonly string[] = [];
  await expect
    .poll(
      async () => {
        const { status, stdout, stderr } = await runCommand('support', { directory, input }, [
          'why',
          ...parameters,
        ]);
        expect([status, stderr]).toEqual([0, '']);
        lines = stdout.trimEnd().split('\n');
        return lines[0];
      },
      { timeout: 10_000 },
    )
    .not.toMatch(/^Log: no /);
  return lines;
}

/** Holds for every answer, whatever the history. */
function isFitToSay(lines: readonly string[], numbers: readonly string[]): void {
  const all = lines.join('\n');
  expect(lines.length).toBeLessThanOrEqual(10);
  for (const one of numbers)
    for (let at = 0; at + 4 <= 10; at += 1) expect(all).not.toContain(one.slice(3).slice(at, at + 4));
  for (const { code } of stack.provider.sends) expect(all).not.toContain(code);
  expect(all).not.toMatch(providerWords);
  expect(lines.at(-1)).toMatch(/^Tell the user: “.+”$/);
  expect(lines.at(-1)).not.toMatch(innerWords);
}

const referenceOf = (reply: { readonly json: { readonly supportReference: string } }) =>
  reply.json.supportReference;
const sms = (lines: readonly string[]) => lines.find((line) => line.startsWith('SMS:')) ?? '';

interface Told {
  readonly lines: readonly string[];
  readonly numbers?: readonly string[];
}

/** Signs in with a session. */
async function signIn(): Promise<string> {
  const { requestId } = (await ask(stack, number)).json;
  const body = { requestId, code: codeFor(stack, number), session: {} };
  return (await call(`${stack.apiUrl}/auth/verify-otp`, { body })).json.refreshToken;
}

function refresh(refreshToken: string, attempt: string): Promise<Reply> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, attempt: attempt.repeat(16) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return call(`${stack.apiUrl}/auth/token`, { body: new URLSearchParams(form).toString(), headers });
}

/** How each user came to call, and what has to be said. */
const histories: readonly [string, () => Promise<Told>, readonly RegExp[]][] = [
  [
    'limit',
    async () => {
      await ask(stack, number);
      return { lines: await why([referenceOf(await ask(stack, number)), '--number'], number) };
    },
    [
      /^Decided: .*SMS limit.*request-otp\.limited-by-sends, answer 429/m,
      /^Until: the limit for this number, at most 1 in 30 seconds, lasts until /m,
      /^Now: an SMS can be asked for on .*at most 1 in 30 seconds/m,
      /You can try again at \d\d:\d\d\./,
    ],
  ],
  [
    'denied',
    async () => {
      await putControls(stack, { denied: [number] });
      await stack.pool('request-otp').restart();
      return { lines: await why([referenceOf(await ask(stack, number))]) };
    },
    [
      /^Decided: The controls deny the number.*request-otp\.denied, answer 429/m,
      /several codes or calls in a short time/,
    ],
  ],
  [
    'provider refused',
    async () => {
      stack.provider.control({ account: 'unapproved' });
      return { lines: await why([referenceOf(await ask(stack, number))]) };
    },
    [
      /^Decided: .*not approved the account.*request-otp\.provider-account, answer 503/m,
      /^Do: Look at the StartMessaging dashboard/m,
      /could not send codes at that moment/,
    ],
  ],
  [
    'balance',
    async () => {
      stack.provider.control({ balance: 0 });
      return { lines: await why([referenceOf(await ask(stack, number))]) };
    },
    [
      /^Decided: The wallet .*empty.*request-otp\.provider-balance, answer 503/m,
      /^Do: .*top it up/m,
      /not your phone/,
    ],
  ],
  [
    'breaker',
    async () => {
      stack.provider.control({ fault: { name: '503-carrier', times: breakerFailures } });
      for (let i = 0; i < breakerFailures; i += 1) await ask(stack, newNumber());
      const reply = await ask(stack, number);
      // The pause refuses before the number is looked at, but the log has its tag.
      return { lines: await why(['--number'], number), numbers: [referenceOf(reply)] };
    },
    [
      /^Decided: This worker pauses sending.*request-otp\.paused, answer 503/m,
      /^Until: the wait /m,
      /not your phone/,
    ],
  ],
  [
    'unconfirmed',
    async () => {
      stack.provider.control({ fault: { name: 'hang-after', times: 1 } });
      return { lines: await why([referenceOf(await ask(stack, number))]) };
    },
    [
      /^Decided: The provider did not answer in time.*request-otp\.unconfirmed, answer 202/m,
      /^SMS: .*gave it no id/m,
      /Its code works until \d\d:\d\d\./,
    ],
  ],
  [
    'delivered late',
    async () => {
      const asked = await ask(stack, number);
      const code = codeFor(stack, number);
      stack.provider.control({ fate: { status: 'sent' } });
      for (const name of ['verify-otp', 'support']) stack.pool(name).shiftClock(120);
      const early = await why([referenceOf(asked)]);
      isFitToSay(early, [number]);
      expect(sms(early)).toMatch(
        /^SMS: \d min after the call, .*has sent it, and the phone has not confirmed it/,
      );
      expect(early.at(-1)).toMatch(/on its way, and the mobile network is slow\. Its code works until/);
      stack.provider.control({ fate: { status: 'delivered' } });
      for (const name of ['verify-otp', 'support']) stack.pool(name).shiftClock(302);
      await type(stack, asked.json.requestId, code);
      return { lines: await why([referenceOf(asked)]) };
    },
    [
      /^SMS: .*has delivered it to the phone\. Its code worked until /m,
      /^Then: a code was typed in on .*verify-otp\.not-live/m,
      /typed in after its time\. Ask for a new code/,
    ],
  ],
  [
    'not delivered',
    async () => {
      stack.provider.control({
        profile: 'documented',
        fate: { status: 'failed', failureReason: `${failureReason} to ${number}` },
      });
      await ask(stack, number);
      return { lines: await why(['--number'], number.replace(/(\d{5})$/, ' $1')) };
    },
    [/^SMS: .*could not deliver it\./m, /could not be delivered\. Check that the phone is on/],
  ],
  [
    'wrong number typed',
    async () => {
      const theirs = newNumber();
      const asked = await ask(stack, number);
      return { lines: await why([referenceOf(asked), '--number'], theirs), numbers: [theirs] };
    },
    [/^Number: the call was for another number/m, /Compare it digit by digit/],
  ],
  [
    'test number',
    async () => {
      const code = '402961';
      await putControls(stack, { testNumbers: [{ phoneNumber: number, code, until: dayIn(2) }] });
      await stack.pool('request-otp').restart();
      const lines = await why([referenceOf(await ask(stack, number))]);
      expect(lines.join()).not.toContain(code);
      return { lines };
    },
    [
      /^Decided: Somebody used a test number.*request-otp\.test-number, answer 202/m,
      /If you test or review the app, type in the code/,
    ],
  ],
  [
    'device lane',
    async () => {
      const asked = await ask(stack, number);
      const typed = await type(stack, asked.json.requestId, codeFor(stack, number));
      const headers = { 'doorcode-device': typed.json.deviceToken };
      expect((await ask(stack, number, { headers })).status).toBe(202);
      return { lines: await why([referenceOf(await ask(stack, number, { headers })), '--number'], number) };
    },
    [
      /^Decided: .*request-otp\.limited-by-sends, answer 429/m,
      /^Until: the limit for this device, at most 1 in 30 seconds, lasts until/m,
      /^Now, for a known device: an SMS can be asked for on /m,
    ],
  ],
  [
    'budget',
    async () => {
      await stack.update({ settings: { ...settings, sendsPerDay: 1, sendsPerHour: 1 } });
      await ask(stack, newNumber());
      await ask(stack, newNumber());
      const lines = await why([referenceOf(await ask(stack, number))]);
      await stack.update({ settings });
      return { lines };
    },
    [
      /^Decided: A budget is used up.*request-otp\.budget-spent, reason public day, answer 503/m,
      /^Until: the wait lasts until /m,
      /not your phone/,
    ],
  ],
  [
    'nothing wrong',
    async () => {
      const asked = await ask(stack, number);
      await type(stack, asked.json.requestId, otherThan(codeFor(stack, number)));
      await type(stack, asked.json.requestId, codeFor(stack, number));
      return { lines: await why([referenceOf(asked), '--number'], number) };
    },
    [
      /^Decided: The provider accepted the SMS/m,
      /^Then: a code was typed in on .*verify-otp\.verified/m,
      /^Lately: .*1 SMS, 1 sign-ins/m,
      /you were signed in\. Nothing is left to do/,
    ],
  ],
  [
    'token used twice',
    async () => {
      const stolen = await signIn();
      expect((await refresh(stolen, 't')).status).toBe(200);
      const owner = await refresh(stolen, 'o');
      expect([owner.status, owner.json.error]).toEqual([400, 'invalid_grant']);
      return { lines: await why([referenceOf(owner)]) };
    },
    [
      /: the app used its session \(a refresh, or the list\) on /,
      /^Decided: Somebody used a refresh token that was used before.*session\.reuse, reason reuse, answer 400/m,
      /^Because: .*two places hold a copy of it\.$/m,
      /^Lately: .*1 SMS, 1 sign-ins/m,
      /The app signed you out\. Sign in again with a new code/,
    ],
  ],
  [
    'session ended',
    async () => {
      const own = await signIn();
      const ended = await runCommand('sessions', { directory, input: number }, ['end', '--yes']);
      expect(ended.stdout).toMatch(/^Ended 1 session of /);
      const refused = await refresh(own, 'o');
      expect(refused.status).toBe(400);
      const [called, ...more] = await why([referenceOf(refused), '--number'], number);
      const [byNumber, ...again] = await why(['--number'], number);
      expect([byNumber, again]).toEqual([called, more]);
      return { lines: [String(called), ...more] };
    },
    [
      /^Decided: .*session\.over, reason absent, answer 400/m,
      /^Because: the session is not there any more/m,
      /^Before: on .*Somebody ended all sessions of a number.*\(session\.ended-by-operator\)$/m,
      /^Now: .*no code is open/m,
      /The app signed you out\. Sign in again with a new code/,
    ],
  ],
  [
    'session unavailable',
    async () => {
      const own = await signIn();
      stack.faults.add({ service: 'dynamodb', mode: 'throttle' });
      const failed = await refresh(own, 'o');
      stack.faults.clear();
      expect([failed.status, failed.json.type]).toEqual([503, 'urn:doorcode:temporarily-unavailable']);
      return { lines: await why([referenceOf(failed)]) };
    },
    [
      /^Decided: Something the function depends on failed.*session\.unavailable, dependency table, reason ThrottlingException, answer 503/m,
      /^Until: the wait /m,
      /^Do: .*Check whether DynamoDB has an incident/m,
      /You are still signed in/,
    ],
  ],
];

describe('support why', () => {
  it.each(histories)('%s', { timeout: 60_000 }, async (history, play, expected) => {
    number = newNumber();
    const { lines, numbers = [] } = await play();
    isFitToSay(lines, [number, ...numbers.filter((one) => one.startsWith('+91'))]);
    for (const pattern of expected) expect(lines.join('\n')).toMatch(pattern);
    const decided = lines.find((line) => /^(Decided|Number):/.test(line)) ?? '';
    rows.push({ history, decided, user: String(lines.at(-1)) });
  });
});
