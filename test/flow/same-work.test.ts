/**
 * Plain, limited, denied and test numbers, in a world that is open, spent or closed: their answers, waits and calls in one
 * table, equal where the design says equal. The time of the answers is measured in the proof (`npm run prove -- R6`).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseControls } from '../../functions/otp/controls.ts';
import type { RequestOtpOutcome } from '../../functions/otp/request-otp-ports.ts';
import { type Flow, startFlow } from '../../test-kit/flow.ts';
import { printTable } from '../../test-kit/print-table.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import { type RecordedTable, recordedTable } from '../support/recorded-table.ts';

const numbers = {
  plain: '+919876540001',
  limited: '+919876541001',
  denied: '+919876542001',
  'denied by prefix': '+919123456789',
  test: '+919876543001',
  'test, denied': '+919876544001',
  'test, over': '+919876545001',
} as const;
type Kind = keyof typeof numbers;
const kinds = Object.keys(numbers) as Kind[];
const code = '402961';
const testNumber = (kind: Kind, until: string) => ({ phoneNumber: numbers[kind], code, until });
const controls = (sending: string) =>
  parseControls(
    JSON.stringify({
      sending,
      denied: [numbers.denied, '+919123', numbers['test, denied']],
      testNumbers: [
        testNumber('test', '2099-12-31'),
        testNumber('test, denied', '2099-12-31'),
        testNumber('test, over', '2027-01-01'),
      ],
    }),
  );
const settings = { sendsPerNumberBlock: 3, testNumbersUntil: '2099-12-31' };
const fresh = { prefix: '203.0.113.7', ceiling: 1_000_000 };
const spent = { prefix: '203.0.113.9', ceiling: 1 };
const key = { idempotencyKey: 'idempotency-key-0001' };

let server: TestTable;
let recorded: RecordedTable;
const rows: Record<string, string | number>[] = [];
beforeAll(async () => {
  server = await startTestTable();
  recorded = recordedTable(server);
});
afterAll(async () => {
  printTable('Answers, waits and calls', rows);
  await server.stop();
});

interface World {
  readonly name: string;
  readonly settings?: object;
  readonly sending?: string;
  readonly address?: typeof fresh;
  prepare?(flow: Flow, number: string): Promise<unknown>;
}

const closedWorlds: readonly World[] = [
  {
    name: 'paused',
    prepare: async (flow) => {
      flow.state.pausedSeconds = 15;
    },
  },
  { name: 'switched off', sending: 'nobody' },
  { name: 'returning devices only', sending: 'returning-devices' },
  { name: 'address spent', address: spent, prepare: (flow) => flow.request('+918000000001', {}, spent) },
  {
    name: 'block spent',
    prepare: async (flow, number) => {
      for (let i = 1; i <= 3; i += 1) await flow.request(`${number.slice(0, 10)}90${i}`);
    },
  },
];
const spentBudget: World = {
  name: 'budget spent',
  settings: { sendsPerDay: 1 },
  prepare: (flow) => flow.request('+918000000002'),
};
const open: World = { name: 'open' };

/** A day of its own for each question: items of windows and days are shared. */
let day = 0;

async function askIn(world: World, kind: Kind, input: Parameters<Flow['request']>[1] = {}) {
  day += 1;
  const flow = startFlow(recorded.table, { ...settings, ...world.settings });
  flow.state.now += day * 86_400 * 7;
  const number = numbers[kind];
  flow.state.controls = parseControls('{}');
  if (kind === 'limited') await flow.request(number);
  await world.prepare?.(flow, number);
  flow.state.controls = controls(world.sending ?? 'everybody');
  recorded.take();
  const outcome = await flow.request(number, input, world.address ?? fresh);
  const calls = recorded.take();
  rows.push({
    world: world.name,
    number: kind,
    key: input.idempotencyKey === undefined ? 'no' : 'yes',
    answer: outcome.tag,
    wait: 'retryAfterSeconds' in outcome ? outcome.retryAfterSeconds : '',
    calls: calls.join(', '),
  });
  return { outcome, calls };
}

/** What a client sees of an outcome: the log's reason does not count. */
function seen(outcome: RequestOtpOutcome): object {
  return Object.fromEntries(
    Object.entries(outcome).filter(([name]) => !['reason', 'detail', 'kind'].includes(name)),
  );
}

describe.each([{}, key])('with %o', (input) => {
  describe.each(closedWorlds)('where the world is $name', (world) => {
    it('every number gets one answer, by the same calls', async () => {
      const plain = await askIn(world, 'plain', input);
      for (const kind of kinds) {
        const { outcome, calls } = await askIn(world, kind, input);
        expect(calls, kind).toEqual(plain.calls);
        expect(seen(outcome), kind).toEqual(seen(plain.outcome));
      }
    });
  });

  it('where it is open a denied number is answered as a limited one, by the same calls', async () => {
    const limited = await askIn(open, 'limited', input);
    expect(limited.outcome.tag).toBe('too-many-requests');
    for (const kind of ['denied', 'denied by prefix', 'test, denied', 'test, over'] as const) {
      const { outcome, calls } = await askIn(open, kind, input);
      expect(calls, kind).toEqual(limited.calls);
      expect(Object.keys(seen(outcome)), kind).toEqual(Object.keys(seen(limited.outcome)));
      expect(outcome.tag, kind).toBe('too-many-requests');
      if (!('retryAfterSeconds' in outcome)) throw new Error('no wait');
      expect(outcome.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      expect(outcome.retryAfterSeconds).toBeLessThanOrEqual(86_400);
    }
  });

  it('where it is open a test number is answered as a plain one', async () => {
    const [plain, test] = [await askIn(open, 'plain', input), await askIn(open, 'test', input)];
    const blotted = ({ outcome }: typeof plain) => ({ ...seen(outcome), requestId: 'id' });
    expect(blotted(test)).toEqual(blotted(plain));
    const inItsItem = plain.calls.map((call) => call.replace('phone', 'test'));
    const marked = 'idempotencyKey' in input ? ['write phone'] : [];
    expect(test.calls).toEqual([...inItsItem.slice(0, -1), ...marked, ...inItsItem.slice(-1)]);
  });

  it('where the budget is spent a test number is refused as a plain one', async () => {
    const [plain, test] = [await askIn(spentBudget, 'plain', input), await askIn(spentBudget, 'test', input)];
    expect(plain.outcome.tag).toBe('temporarily-unavailable');
    expect(Object.keys(seen(test.outcome))).toEqual(Object.keys(seen(plain.outcome)));
    expect(test.outcome.tag).toBe(plain.outcome.tag);
  });
});

describe('a denied number', () => {
  it('with a device that it knows is answered as one whose device has spent its limits, by the same calls', async () => {
    const answers: { isDenied: boolean; tag: string; calls: readonly string[] }[] = [];
    for (const isDenied of [false, true]) {
      const flow = startFlow(recorded.table, settings);
      day += 1;
      flow.state.now += day * 86_400 * 7;
      const first = await flow.request(numbers.denied);
      if (!('requestId' in first) || first.requestId === undefined) throw new Error('no id');
      const won = await flow.verify(first.requestId, flow.lastCode());
      const deviceToken = won.tag === 'verified' ? won.deviceToken : undefined;
      flow.state.now += 86_400;
      if (isDenied) flow.state.controls = controls('everybody');
      else await flow.request(numbers.denied, { deviceToken });
      for (const input of [
        { deviceToken },
        { deviceToken, ...key },
        { deviceToken, previousRequestId: first.requestId },
      ]) {
        recorded.take();
        const { tag } = await flow.request(numbers.denied, input);
        answers.push({ isDenied, tag, calls: recorded.take() });
      }
    }
    const of = (isDenied: boolean) =>
      answers.filter((a) => a.isDenied === isDenied).map(({ tag, calls }) => ({ tag, calls }));
    expect(of(true)).toEqual(of(false));
    expect(new Set(answers.map(({ tag }) => tag))).toEqual(new Set(['too-many-requests']));
  });

  it('that begins something before it is denied finds it again, and gets no second SMS', async () => {
    const flow = startFlow(recorded.table, settings);
    day += 1;
    flow.state.now += day * 86_400 * 7;
    const asked = await flow.request(numbers.denied, key);
    flow.state.controls = controls('everybody');
    expect(await flow.request(numbers.denied, key)).toMatchObject({
      kind: 'replay',
      requestId: 'requestId' in asked && asked.requestId,
    });
    expect(flow.sent).toHaveLength(1);
  });
});
