/**
 * The divided budget on a real table: what DynamoDB takes of one item, the ceilings to the last send, the breakers, and a
 * day whose number of shards changes. The clock is the test's.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itemBytes } from '../../bench/item-bytes.ts';
import { budgetShards, requestsPerShard } from '../../functions/limits/budget-shards.ts';
import type { Lane } from '../../functions/limits/lane.ts';
import { shardMemorySeconds } from '../../functions/settings/fixed-numbers.ts';
import { parseSettings, type Settings, type SettingsInput } from '../../functions/settings/settings.ts';
import { type BudgetMemory, openBudgetWorld } from '../../functions/table/budget-day.ts';
import { openBudget } from '../../functions/table/budget-store.ts';
import { openGuessAccount } from '../../functions/table/guess-account.ts';
import { type GuessMemory, openGuesses } from '../../functions/table/guess-breaker.ts';
import { type CapacityProxy, startCapacityProxy } from '../../test-kit/capacity-proxy.ts';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';

const signal = new AbortController().signal;
const daySeconds = 86_400;
let server: TestTable;
let proxy: CapacityProxy;
let table: TestTable;
const firstMidnight = 1_800_057_600;
let days = 0;
/** Epoch seconds: at first the midnight of a day of its own for each test. */
let now = firstMidnight;

beforeAll(async () => {
  server = await startTestTable();
  proxy = await startCapacityProxy(server.endpoint);
  const client = plainClient(proxy.endpoint, 32);
  table = { ...server, client, singleTryClient: () => client };
});
afterAll(async () => {
  table.client.destroy();
  await proxy.stop();
  await server.stop();
});
beforeEach(() => {
  days += 10;
  now = firstMidnight + days * daySeconds;
  proxy.startOver();
});

const settingsOf = (overrides: Partial<SettingsInput>): Settings =>
  parseSettings({ appName: 'Acme', audience: 'acme-app', ...overrides });
/** The log tag of a number that nobody has asked for yet. */
const freshTag = (): string => randomBytes(16).toString('base64url');

interface Worker {
  readonly shards: number;
  readonly memory: BudgetMemory;
  readonly guessMemory: GuessMemory;
}
const workerOf = (shards: number): Worker => ({
  ...openBudgetWorld(),
  shards,
  guessMemory: { openHour: undefined },
});

/** Counts a send of a number; gives why it was refused, or `throttled`. */
async function ask(worker: Worker, settings: Settings, payer: Lane, numberTag = freshTag()): Promise<string> {
  try {
    const counted = await openBudget(table, { settings, ...worker, numberTag }, signal).count(payer, now);
    return counted.tag === 'counted' ? 'counted' : counted.reason;
  } catch {
    return 'throttled';
  }
}

/** How many sends the day's items hold together. */
async function stored(): Promise<number> {
  const first = `budget#${new Date(now * 1000).toISOString().slice(0, 10)}`;
  const keys = [first, ...Array.from({ length: 40 }, (_, i) => `${first}#${i + 1}`)];
  const items = await Promise.all(keys.map((key) => server.read(key)));
  return items.reduce((sum, item) => sum + Number(item?.['sends']?.N ?? 0), 0);
}

/** Runs `work` so often, with this many at once. */
async function times<T>(count: number, work: (i: number) => Promise<T>, atOnce = 32): Promise<readonly T[]> {
  const results: T[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < count) {
      const i = next;
      next += 1;
      results.push(await work(i));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return results;
}

const countOf = (results: readonly string[], what: string): number =>
  results.filter((result) => result === what).length;

describe('3,000 sends a second on a table that takes 1,000 writes a second to one item', () => {
  const perSecond = 3_000;
  const ceiling = 5_500;
  const settings = settingsOf({ sendsPerDay: ceiling, sendsPerHour: ceiling });

  /** A second of sends; each code comes back a second later, one in five typed wrong before. */
  async function second(workers: readonly Worker[], typed: readonly string[]) {
    proxy.nextSecond();
    const tags = Array.from({ length: perSecond }, freshTag);
    const worker = (i: number): Worker => workers[i % workers.length] ?? workerOf(1);
    const sends = await times(perSecond, (i) => ask(worker(i), settings, 'device', tags[i]));
    await times(typed.length, async (i) => {
      const place = { settings, ...worker(i), numberTag: typed[i] ?? '' };
      const account = openGuessAccount(table, place, signal);
      await account.right(now).catch(() => undefined);
      if (i % 5 === 0) await account.wrong(now).catch(() => undefined);
    });
    now += 1;
    return { sends, tags };
  }

  it('overrun one item', async () => {
    const { sends } = await second([workerOf(1)], []);
    expect(countOf(sends, 'counted')).toBe(1_000);
    expect(countOf(sends, 'throttled')).toBe(2_000);
  });

  it('are counted to the last one below the ceiling by as many shards as the rates ask for', async () => {
    const shards = budgetShards({ requestRatePerSecond: perSecond, verifyRatePerSecond: perSecond });
    const workers = Array.from({ length: 20 }, () => workerOf(shards));
    const seen: string[] = [];
    let typed: readonly string[] = [];
    for (let i = 0; i < 2; i += 1) {
      const { sends, tags } = await second(workers, typed);
      typed = tags;
      seen.push(...sends);
    }
    const counted = countOf(seen, 'counted');
    console.info(
      `${shards} shards: ${counted} of ${ceiling} counted, ${await stored()} stored, ${proxy.throttled} writes throttled; the busiest item got ${proxy.busiest} writes in a second`,
    );
    expect(proxy.throttled).toBe(0);
    expect(counted).toBe(ceiling);
    expect(await stored()).toBe(ceiling);
    expect(countOf(seen, 'hour') + countOf(seen, 'day')).toBe(2 * perSecond - ceiling);
  });
});

describe.each([1, 2, 7, 16, 34])('%i shards', (shards) => {
  it('let through exactly the ceilings, each lane its own, however few sends they are', async () => {
    for (const sendsPerHour of [5, 33, 200]) {
      now += daySeconds;
      const settings = settingsOf({ sendsPerDay: 1_000, sendsPerHour });
      const workers = [workerOf(shards), workerOf(shards), workerOf(shards)];
      const passed = async (payer: Lane): Promise<number> => {
        const asked = await times(sendsPerHour + 20, (i) =>
          ask(workers[i % 3] ?? workerOf(shards), settings, payer),
        );
        return countOf(asked, 'counted');
      };
      const strangers = Math.ceil(sendsPerHour * 0.8);
      const attested = Math.ceil(sendsPerHour * 0.9);
      expect(await passed('public')).toBe(strangers);
      expect(await passed('attested')).toBe(attested - strangers);
      expect(await passed('device')).toBe(sendsPerHour - attested);
      expect(await stored()).toBe(sendsPerHour);
    }
  });

  it('let strangers send what the conversion breaker allows, and no more', async () => {
    const conversionBreaker = { mode: 'enforce', minSendsPerHour: 40, trickleSeconds: 90 } as const;
    const settings = settingsOf({ sendsPerDay: 100_000, sendsPerHour: 10_000, conversionBreaker });
    const worker = workerOf(shards);
    expect(countOf(await times(100, () => ask(worker, settings, 'public')), 'counted')).toBe(40);
    // Seven codes come back: 100 each, and a send costs 30.
    for (let i = 0; i < 7; i += 1) {
      await openGuessAccount(table, { settings, ...worker, numberTag: freshTag() }, signal).right(now);
    }
    now += shardMemorySeconds;
    const more = countOf(await times(100, () => ask(worker, settings, 'public')), 'counted');
    expect(more).toBeGreaterThanOrEqual(Math.floor(700 / 30));
    expect(more).toBeLessThanOrEqual(Math.ceil(700 / 30) + Math.min(shards, 7) - 1);
    expect(await ask(worker, settings, 'device')).toBe('counted');
    // The trickle of the rest of the hour: one stranger in 90 s over all shards, and at most one of each shard more.
    let trickled = 0;
    const since = now;
    for (; now < since + 3_000; now += 30) {
      trickled += countOf(await times(2, () => ask(worker, settings, 'public')), 'counted');
    }
    expect(trickled).toBeLessThanOrEqual(Math.ceil(3_000 / 90) + shards);
    expect(trickled).toBeGreaterThanOrEqual(Math.floor(3_000 / 90) - shards);
  });

  it('say that the conversion breaker is open when it is over all of them, and not before', async () => {
    const conversionBreaker = { mode: 'observe', minSendsPerHour: 40 } as const;
    const settings = settingsOf({ sendsPerDay: 100_000, sendsPerHour: 10_000, conversionBreaker });
    const told = async (count: number): Promise<readonly boolean[]> =>
      times(
        count,
        async () => {
          now += shardMemorySeconds;
          const place = { settings, ...workerOf(shards), numberTag: freshTag() };
          const counted = await openBudget(table, place, signal).count('public', now);
          return counted.tag === 'counted' && counted.isUnproven;
        },
        1,
      );
    expect(await told(39)).not.toContain(true);
    expect(await told(40)).toContain(true);
  });

  it('let no more wrong guesses through than the ceiling, one of each worker, and the slots', async () => {
    const guessBreaker = { mode: 'enforce', wrongGuessesPerHour: 60, trickleSeconds: 100 } as const;
    const settings = settingsOf({ guessBreaker });
    const workers = [workerOf(shards), workerOf(shards), workerOf(shards)];
    let wrong = 0;
    const guess = async (i: number): Promise<void> => {
      const { guessMemory: memory, ...place } = workers[i % workers.length] ?? workerOf(shards);
      const guesses = openGuesses({
        settings,
        account: openGuessAccount(table, { settings, ...place, numberTag: freshTag() }, signal),
        memory,
        countAddress: async () => ({ tag: 'counted', taken: { key: '', ttl: 0 } }),
        onNotCounted: (reason) => expect.fail(reason),
        onOpen: () => undefined,
      });
      if ((await guesses.admit({ now, isFirst: false })) > 0) return;
      wrong += 1;
      await guesses.wrong(now);
    };
    await times(600, guess, 1);
    expect(wrong).toBeGreaterThanOrEqual(60);
    expect(wrong).toBeLessThanOrEqual(60 + workers.length + shards);
    wrong = 0;
    const since = now;
    for (; now < since + 3_000; now += 50) await times(4, guess, 1);
    expect(wrong).toBeLessThanOrEqual(Math.ceil(3_000 / 100) + shards);
  });
});

describe('a day whose number of shards changes', () => {
  const sendsPerDay = 600;
  const settings = settingsOf({ sendsPerDay, sendsPerHour: sendsPerDay });
  /** Two new workers of a deployment ask this often, each one at a time; gives how many sends were counted. */
  const spend = async (shards: number, asks: number): Promise<number> => {
    const half = (worker: Worker) => times(asks / 2, () => ask(worker, settings, 'device'), 1);
    return countOf((await Promise.all([half(workerOf(shards)), half(workerOf(shards))])).flat(), 'counted');
  };

  it.each([
    { changes: [1, 16] },
    { changes: [16, 1] },
    { changes: [1, 16, 1] },
    { changes: [16, 1, 16] },
    { changes: [4, 16, 2] },
  ])('to $changes neither loses nor doubles its budget', async ({ changes }) => {
    let counted = 0;
    for (const shards of changes.slice(0, -1)) counted += await spend(shards, 200);
    expect(counted).toBe(200 * (changes.length - 1));
    counted += await spend(changes.at(-1) ?? 1, 2 * sendsPerDay);
    // A worker that does not divide has put one send on the first item before it learns that the day is divided.
    expect(counted).toBeGreaterThanOrEqual(sendsPerDay);
    expect(counted).toBeLessThanOrEqual(sendsPerDay + 2);
    expect(await stored()).toBe(counted);
  });

  it.each([
    [1, 16],
    [16, 1],
  ])('from %i to %i has the new number on the next day', async (before, after) => {
    await spend(before, 50);
    const worker = workerOf(after);
    await ask(worker, settings, 'device');
    expect(worker.memory.shards).toBe(before);
    now += daySeconds;
    await ask(worker, settings, 'device');
    expect(worker.memory.shards).toBe(after);
  });

  it('is learned by a worker that does not divide from a right code, too', async () => {
    await spend(16, 2);
    const worker = workerOf(1);
    await openGuessAccount(table, { settings, ...worker, numberTag: freshTag() }, signal).right(now);
    expect(worker.memory.shards).toBe(16);
  });

  it('gives back what it counted, whichever shard had it', async () => {
    await spend(16, 2 * sendsPerDay);
    const worker = workerOf(16);
    for (let i = 0; i < 10; i += 1) {
      await openBudget(table, { settings, ...worker, numberTag: freshTag() }, signal).giveBack('device', now);
    }
    expect(await stored()).toBe(sendsPerDay - 10);
    expect(await spend(16, 100)).toBe(10);
  });
});

it('an item of the budget is one write unit after a day at the highest rate of a shard', () => {
  const hourly = { hour: requestsPerShard * 3_600 - 1, wrong: requestsPerShard * 720 - 1 };
  const unproven = -(requestsPerShard * 3_600 * 39 - 1);
  const hours = Array.from({ length: 24 }, (_, i) => String(i).padStart(2, '0'));
  const numbers = {
    ...Object.fromEntries(
      hours.flatMap((h) => [
        [`hour${h}`, hourly.hour],
        [`wrong${h}`, hourly.wrong],
        [`unproven${h}`, unproven],
      ]),
    ),
    sends: hourly.hour * 24,
    strangerSentAt: now + 1,
    guessedAt: now + 1,
    shards: 34,
    ttl: now + 1,
  };
  const item = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }]),
  );
  const signs = hours.length;
  expect(itemBytes({ ...item, pk: { S: 'budget#2026-11-26#33' } }) + signs).toBeLessThan(1_024);
});

describe('a worker whose budget is not divided', () => {
  it('makes one write a send and reads nothing', async () => {
    const commands: string[] = [];
    const client = Object.assign(Object.create(table.client), {
      send: (command: { constructor: { name: string }; input: unknown }) => {
        commands.push(command.constructor.name);
        return table.client.send(command as never);
      },
    });
    const settings = settingsOf({ sendsPerDay: 2 });
    const counts: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const place = { settings, ...workerOf(1), numberTag: freshTag() };
      const counted = await openBudget({ ...table, client }, place, signal).count('device', now);
      counts.push(counted.tag);
    }
    expect(counts).toEqual(['counted', 'counted', 'refused', 'refused']);
    expect(commands).toEqual(Array.from({ length: 4 }, () => 'UpdateItemCommand'));
  });
});
