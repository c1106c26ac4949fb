/**
 * The threat model's figure of guesses per number and day, with an owner who signs in meanwhile: what a success gives
 * back is the owner's, and nobody else's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remaining } from '../../functions/limits/sliding-window.ts';
import type { PhoneRecord } from '../../functions/otp/number-record.ts';
import type { RequestId } from '../../functions/otp/request-id.ts';
import { codeLength } from '../../functions/settings/fixed-numbers.ts';
import { parseSettings } from '../../functions/settings/settings.ts';
import { seeded } from '../../prove/seeded.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const number = '+919876543210';
const daySeconds = 86_400;
const { attemptLimits } = parseSettings({ appName: 'Acme', audience: 'acme-app' });
/** Sends are not what is looked at: owner and guesser both get a code whenever they want one. */
const sendLimits = [
  { count: 1, windowSeconds: 10 },
  { count: 2, windowSeconds: 300 },
];
const guessesPerDay = attemptLimits.at(-1)?.count ?? 0;
const page = readFileSync(join(import.meta.dirname, '../../docs/threat-model.md'), 'utf8');
let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.stop());

async function ask(flow: Flow, previousRequestId?: RequestId): Promise<RequestId | undefined> {
  const outcome = await flow.request(number, { previousRequestId });
  return outcome.tag === 'accepted' ? outcome.requestId : undefined;
}

/** What the table would admit now. */
function attemptsLeft({ tried }: PhoneRecord, now: number): number {
  return remaining(attemptLimits, tried, now);
}

/** The most events in any window, each window ending with an event. */
function mostWithin(times: readonly number[], windowSeconds: number): number {
  return Math.max(0, ...times.map((end) => times.filter((t) => t > end - windowSeconds && t <= end).length));
}

/** Signs in as the owner, with typing mistakes before the right code; gives how it ended. */
async function signIn(flow: Flow, typos: number): Promise<string> {
  const requestId = await ask(flow);
  if (requestId === undefined) return 'not sent';
  const code = flow.lastCode();
  for (let i = 0; i < typos; i += 1) {
    flow.state.now += 2;
    await flow.verify(requestId, flow.wrongCode());
  }
  flow.state.now += 2;
  return (await flow.verify(requestId, code)).tag;
}

describe('a stranger who guesses all day, while the owner signs in five times a day', () => {
  const days = 2;
  const signInsPerDay = 5;

  it.each([
    { how: 'as long as anything is left', leaves: 0 },
    { how: 'and leaves what the owner needs, to profit from every success', leaves: 2 },
  ])('$how, gets the guesses of the page and no more', { timeout: 60_000 }, async ({ leaves }) => {
    const random = seeded(leaves + 1);
    const flow = startFlow(table, { sendLimits });
    const guessedAt: number[] = [];
    let ownersWins = 0;
    for (let i = 0; i < days * signInsPerDay; i += 1) {
      const ownerComesAt = flow.state.now + daySeconds / signInsPerDay;
      while (flow.state.now < ownerComesAt) {
        const requestId = await ask(flow);
        for (let left = attemptsLeft(await flow.record(number), flow.state.now); left > leaves; left -= 1) {
          if (requestId === undefined) break;
          expect((await flow.verify(requestId, flow.wrongCode())).tag).toBe('incorrect-code');
          guessedAt.push(flow.state.now);
        }
        flow.state.now += 301 + random.below(900);
      }
      if ((await signIn(flow, random.below(2))) === 'verified') ownersWins += 1;
    }
    for (const { count, windowSeconds } of attemptLimits) {
      expect(mostWithin(guessedAt, windowSeconds)).toBeLessThanOrEqual(count - leaves);
    }
    expect(mostWithin(guessedAt, daySeconds)).toBe(guessesPerDay - leaves);
    if (leaves > 0) expect(ownersWins).toBe(days * signInsPerDay);
  });

  it('has the odds that the page says', () => {
    const odds = (10 ** codeLength / guessesPerDay).toLocaleString('en-US');
    expect(page).toContain(`${guessesPerDay} a day per number`);
    expect(page).toContain(`1 in ${odds} per number and day`);
  });
});

describe('an owner whom nobody attacks', () => {
  it.each([0, 1, 2, 3, 4])(
    'signs in five times a day with %i mistakes each time, and is never stopped by their own attempts',
    async (typos) => {
      const flow = startFlow(table, { sendLimits });
      for (let i = 0; i < 3 * 5; i += 1) {
        expect(await signIn(flow, typos)).toBe('verified');
        flow.state.now += 600;
      }
    },
  );

  it('is given back what was typed at the code before, if the new one resends it', async () => {
    const flow = startFlow(table, { sendLimits });
    for (let i = 0; i < 5; i += 1) {
      const first = await ask(flow);
      if (first === undefined) throw new Error('not sent');
      for (let n = 0; n < 2; n += 1) await flow.verify(first, flow.wrongCode());
      flow.state.now += 31;
      const second = await ask(flow, first);
      if (second === undefined) throw new Error('not resent');
      expect((await flow.verify(second, flow.wrongCode())).tag).toBe('incorrect-code');
      expect((await flow.verify(second, flow.lastCode())).tag).toBe('verified');
      expect((await flow.record(number)).tried.filter((time) => time > 0)).toEqual([]);
      flow.state.now += 600;
    }
  });
});

describe('a success', () => {
  it('gives back what its own challenge counted, and leaves what a stranger guessed, with its time', async () => {
    const flow = startFlow(table, { sendLimits });
    const stranger = await ask(flow);
    flow.state.now += 11;
    const owner = await ask(flow);
    if (stranger === undefined || owner === undefined) throw new Error('not sent');
    const code = flow.lastCode();
    await flow.verify(owner, flow.wrongCode());
    flow.state.now += 5;
    const strangersAt = flow.state.now;
    await flow.verify(stranger, flow.wrongCode());
    flow.state.now += 5;
    expect((await flow.verify(owner, code)).tag).toBe('verified');
    expect((await flow.record(number)).tried.filter((time) => time > 0)).toEqual([strangersAt]);
  });

  it('that is answered again gives back nothing more', async () => {
    const flow = startFlow(table, { sendLimits });
    const key = 'one-intention-of-the-user';
    const owner = await ask(flow);
    if (owner === undefined) throw new Error('not sent');
    const code = flow.lastCode();
    await flow.verify(owner, code, key);
    flow.state.now += 11;
    const stranger = await ask(flow);
    if (stranger === undefined) throw new Error('not sent');
    for (let i = 0; i < 2; i += 1) await flow.verify(stranger, flow.wrongCode());
    const before = await flow.record(number);
    expect((await flow.verify(owner, code, key)).tag).toBe('verified');
    expect(await flow.record(number)).toEqual(before);
  });

  it('that meets another guess on its way wins all the same, and keeps that guess', async () => {
    const flow = startFlow(table, { sendLimits });
    const stranger = await ask(flow);
    flow.state.now += 11;
    const owner = await ask(flow);
    if (stranger === undefined || owner === undefined) throw new Error('not sent');
    const code = flow.lastCode();
    const { consume } = flow.store;
    let met = 0;
    flow.store.consume = async (step) => {
      met += 1;
      if (met <= 3) await flow.verify(stranger, flow.wrongCode());
      return consume(step);
    };
    expect((await flow.verify(owner, code)).tag).toBe('verified');
    expect(met).toBe(4);
    expect((await flow.record(number)).tried.filter((time) => time > 0)).toHaveLength(3);
  });
});
