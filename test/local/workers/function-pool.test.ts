import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionPool, openFunctionPool } from '../../../local/workers/function-pool.ts';

const source = `
exports.handler = async (event, context) => {
  if (event.throw) throw new TypeError('thrown');
  if (event.exit) process.exit(3);
  if (event.hang) return new Promise(() => setInterval(() => undefined, 1000));
  if (event.log) console.info(event.log);
  if (event.waitMs) await new Promise((resolve) => setTimeout(resolve, event.waitMs));
  return { pid: process.pid, now: Date.now(), monotonicMs: performance.now(), hrtimeMs: Number(process.hrtime.bigint()) / 1e6, date: new Date().getTime(), environment: process.env, left: context.getRemainingTimeInMillis() };
};`;

interface Result {
  readonly pid: number;
  readonly now: number;
  readonly date: number;
  readonly monotonicMs: number;
  readonly hrtimeMs: number;
  readonly environment: Record<string, string>;
}

let directory: string;
let pool: FunctionPool;
let lines: string[];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-pool-'));
  writeFileSync(join(directory, 'index.js'), source);
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => pool.stop());

function open(maxWorkers: number, timeoutMs = 5_000): void {
  lines = [];
  const deployed = {
    name: 'some-function',
    arn: 'arn',
    directory,
    handler: 'index.handler',
    timeoutMs,
    memoryMib: 128,
    environment: {},
    roleArn: 'role',
    statements: [],
  };
  pool = openFunctionPool(deployed, {
    environment: { ONLY: 'this' },
    maxWorkers,
    onLine: (line) => lines.push(line),
  });
}

async function run(event: unknown): Promise<Result> {
  const invocation = await pool.invoke(event);
  if (invocation.tag !== 'result') throw new Error(invocation.tag);
  return invocation.result as Result;
}

describe('the processes of a function', () => {
  it('run one invocation at a time each, and the rest waits', async () => {
    open(2);
    const results = await Promise.all(Array.from({ length: 6 }, () => run({ waitMs: 30 })));
    expect(new Set(results.map(({ pid }) => pid)).size).toBe(2);
    expect(pool.pids).toHaveLength(2);
  });

  it('have the environment that they are given, and nothing of the runner', async () => {
    open(1);
    const { environment } = await run({});
    expect(environment['ONLY']).toBe('this');
    expect(environment['PATH']).toBeUndefined();
  });

  it('are killed at the timeout and replaced', async () => {
    open(1, 300);
    const before = await run({});
    expect(await pool.invoke({ hang: true })).toEqual({ tag: 'timeout' });
    expect((await run({})).pid).not.toBe(before.pid);
  });

  it('are replaced when they end, and an error ends none', async () => {
    open(1);
    const before = await run({});
    expect(await pool.invoke({ throw: true })).toEqual({
      tag: 'error',
      errorType: 'TypeError',
      errorMessage: 'thrown',
    });
    expect((await run({})).pid).toBe(before.pid);
    expect(await pool.invoke({ exit: true })).toEqual({ tag: 'crash' });
    expect((await run({})).pid).not.toBe(before.pid);
  });

  it('can have their clock moved, one by one, without noticing', async () => {
    open(2);
    pool.shiftClock(3600);
    const ahead = await run({});
    expect(Math.abs(ahead.now - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(Math.abs(ahead.date - ahead.now)).toBeLessThan(1_000);
    pool.shiftClock(0);
    expect(Math.abs((await run({})).now - Date.now())).toBeLessThan(60_000);
    pool.shiftClock(-120, 1);
    const both = await Promise.all([run({ waitMs: 50 }), run({ waitMs: 50 })]);
    const behind = both.filter(({ now }) => Date.now() - now > 100_000);
    expect(behind).toHaveLength(1);
  });

  it('have a monotonic clock that moves and stands with the wall clock', async () => {
    open(1);
    const { now, monotonicMs } = await run({});
    pool.shiftClock(3600);
    const later = await run({});
    expect(later.monotonicMs - monotonicMs).toBeGreaterThanOrEqual(3_600_000);
    expect(Math.abs(later.hrtimeMs - later.monotonicMs)).toBeLessThan(1_000);
    pool.stopClock(now / 1000 + 7200);
    const standing = await run({});
    expect(Math.abs(standing.monotonicMs - monotonicMs - 7_200_000)).toBeLessThan(1_000);
    expect((await run({ waitMs: 5 })).monotonicMs).toBe(standing.monotonicMs);
  });

  it('can have the wall clock alone set', async () => {
    open(1);
    const before = await run({});
    pool.setWallClock(-400);
    const after = await run({});
    expect(before.now - after.now).toBeGreaterThan(300_000);
    expect(after.monotonicMs).toBeGreaterThan(before.monotonicMs);
  });

  it("write Lambda's JSON log format", async () => {
    open(1);
    await run({ log: { code: 'x', deep: { y: 1 } } });
    // The line and the result come through different pipes, in either order.
    await expect.poll(() => lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      timestamp: expect.any(String),
      level: 'INFO',
      requestId: expect.any(String),
      message: { code: 'x', deep: { y: 1 } },
    });
  });
});
