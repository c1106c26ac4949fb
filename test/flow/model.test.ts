/** Random histories of one number, on a real table server, against the model of what is promised. */
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeSchema } from '../../functions/otp/code.ts';
import type { RequestId } from '../../functions/otp/request-id.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';
import type { VerifyOtpOutcome } from '../../functions/otp/verify-otp-ports.ts';
import { noCounters, startFlow } from '../support/flow.ts';
import { type Delivery, startModel } from '../support/model.ts';
import { plainClient } from '../support/plain-client.ts';
import { startTestTable, type TestTable } from '../support/table.ts';

const histories = 10_000;
const lanes = 8;
const number = '+919876543210';
const smsTemplates = {
  'sign-in': { default: '22222222-2222-4222-8222-222222222222' },
  payment: { default: '11111111-1111-4111-8111-111111111111' },
};
const keys = ['idempotency-key-0001', 'idempotency-key-0002', undefined] as const;

const outcomes: Readonly<Record<Delivery, SendOutcome>> = {
  accepted: { tag: 'accepted' },
  unconfirmed: { tag: 'unconfirmed' },
  failed: { tag: 'failed', retryAfterSeconds: undefined },
  refused: { tag: 'refused', cause: 'carrier', retryAfterSeconds: undefined },
  'number-limited': { tag: 'number-limited', retryAfterSeconds: 300 },
};

/** `back` counts challenges from the newest: 0 is the latest one. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 29, 30, 30, 31, 59, 61, 270, 300, 570, 600, 3600),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      purpose: fc.constantFrom('sign-in', 'sign-in', 'sign-in', 'payment'),
      key: fc.constantFrom(...keys),
      resends: fc.option(fc.nat(2), { nil: undefined }),
      delivery: fc.constantFrom<Delivery>(
        'accepted',
        'accepted',
        'accepted',
        'unconfirmed',
        'failed',
        'refused',
        'number-limited',
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('verify' as const),
      back: fc.constantFrom(0, 0, 0, 1, 1, 2),
      codeBack: fc.constantFrom(0, 0, 0, 1, 1, 2, undefined),
      key: fc.constantFrom(...keys),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let table: TestTable;
beforeAll(async () => {
  const server = await startTestTable();
  table = { ...server, client: plainClient(server.endpoint) };
});
afterAll(() => table.stop());

const counts = { steps: 0, wins: 0, usedCodesTried: 0 };

async function play(history: readonly Step[]): Promise<void> {
  const flow = startFlow(table, { smsTemplates }, noCounters);
  const model = startModel(flow.settings);
  const stored: { requestId: RequestId; code: string }[] = [];
  const tokens = new Map<string, string>();
  const names = new Map<string, number>();

  const request = async (s: Extract<Step, { do: 'request' }>): Promise<void> => {
    flow.state.nextOutcome = outcomes[s.delivery];
    const resent = s.resends === undefined ? undefined : stored.at(-1 - s.resends);
    const sentBefore = flow.sent.length;
    const outcome = await flow.request(number, {
      purpose: s.purpose,
      idempotencyKey: s.key,
      previousRequestId: resent?.requestId,
    });
    const code = flow.sent[sentBefore]?.code ?? '';
    const challenge = {
      name: stored.length,
      code,
      purpose: s.purpose,
      expiresAt: flow.state.now + 300,
      idempotencyKey: s.key,
      resends: resent === undefined ? undefined : names.get(resent.requestId),
    };
    const promised = model.request(flow.state.now, challenge, s.delivery);
    expect(told(outcome, names)).toBe(promised);
    expect(flow.sent.length - sentBefore).toBe(/accepted|unavailable/.test(promised) || code !== '' ? 1 : 0);
    const requestId = 'requestId' in outcome ? outcome.requestId : undefined;
    if (requestId === undefined || names.has(requestId)) return;
    names.set(requestId, stored.length);
    stored.push({ requestId, code });
  };

  const verify = async (s: Extract<Step, { do: 'verify' }>): Promise<void> => {
    const target = stored.at(-1 - s.back);
    if (target === undefined) return;
    const known = s.codeBack === undefined ? undefined : stored.at(-1 - s.codeBack)?.code;
    const code = v.parse(codeSchema, known ?? flow.wrongCode());
    const outcome = await flow.verify(target.requestId, code, s.key);
    const name = names.get(target.requestId) ?? -1;
    expect(told(outcome)).toBe(model.verify(flow.state.now, { name, code, idempotencyKey: s.key }));
    if (outcome.tag !== 'verified') return;
    counts.wins += 1;
    const win = `${target.requestId} ${code} ${s.key}`;
    expect(tokens.get(win) ?? outcome.tokenId).toBe(outcome.tokenId);
    if (!tokens.has(win)) expect([...tokens.values()]).not.toContain(outcome.tokenId);
    tokens.set(win, outcome.tokenId);
  };

  for (const s of history) {
    counts.steps += 1;
    if (s.do === 'wait') flow.state.now += s.seconds;
    if (s.do === 'request') await request(s);
    if (s.do === 'verify') await verify(s);
  }
  await everyUsedCodeIsDead();

  async function everyUsedCodeIsDead(): Promise<void> {
    flow.state.now += 61;
    for (const win of tokens.keys()) {
      const [, code] = win.split(' ');
      for (const { requestId } of stored.slice(-3)) {
        const isOther = stored.some(
          (s) => s.requestId === requestId && s.code === code && !win.startsWith(requestId),
        );
        if (isOther) continue;
        counts.usedCodesTried += 1;
        expect((await flow.verify(requestId, v.parse(codeSchema, code))).tag).not.toBe('verified');
      }
    }
  }
}

function told(outcome: RequestOtpOutcome | VerifyOtpOutcome, names?: ReadonlyMap<string, number>): string {
  if (outcome.tag === 'incorrect-code') return `incorrect-code, ${outcome.attemptsRemaining} left`;
  if (outcome.tag === 'accepted' && outcome.kind === 'replay')
    return `replay of ${names?.get(outcome.requestId)}`;
  return outcome.tag;
}

describe(`${histories} random histories`, () => {
  it('go as promised, and no code that was used works again', { timeout: 300_000 }, async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    console.info(`seed ${seed} (set SEED to run the same histories again)`);
    const property = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), play);
    const runs = Array.from({ length: lanes }, (_, lane) =>
      fc.assert(property, { numRuns: histories / lanes, seed: seed + lane }),
    );
    await Promise.all(runs);
    console.info(`${counts.steps} steps, ${counts.wins} wins, ${counts.usedCodesTried} tries of used codes`);
    expect(counts.wins).toBeGreaterThan(histories / 10);
  });
});
