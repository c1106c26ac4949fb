/** The freeze itself, on functions that do what ours must not: it shows what they left under way. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../../local/listen.ts';
import { type FunctionPool, openFunctionPool } from '../../../local/workers/function-pool.ts';
import { statesOf } from '../../support/processes.ts';

const limitMs = 400;
/** A read with a time limit, of a server that answers when the test lets it. */
const read = `
const read = (what) => fetch(process.env.URL, { signal: AbortSignal.timeout(${limitMs}) })
  .then((response) => response.text(), () => console.error(what + ' unreadable'));`;
const left = {
  init: `${read}
const reading = read('init');
let isReady = false;
reading.then(() => { isReady = true; });
export const handler = async () => { await reading; return isReady; };`,
  refresh: `${read}
export const handler = async (event) => { if (event.refreshes) read('refresh'); return true; };`,
};
/** What waits has all the time that a busy machine needs: only a freeze could make it late. */
const patient = (source: string): string => source.replace(`timeout(${limitMs})`, 'timeout(60_000)');
const waited = {
  init: patient(left.init).replace('let isReady', 'await reading;\nlet isReady'),
  refresh: patient(left.refresh).replace("read('refresh');", "await read('refresh');"),
};

let directory: string;
let pool: FunctionPool | undefined;
let lines: string[];
const held: ServerResponse[] = [];
const server = createServer((_, response) => held.push(response));

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'doorcode-freeze-'));
  lines = [];
  held.length = 0;
});
afterEach(async () => {
  await pool?.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

async function open(source: string): Promise<FunctionPool> {
  writeFileSync(join(directory, 'index.mjs'), source);
  const url = `http://127.0.0.1:${await listen(server, { port: 0 })}`;
  const deployed = {
    name: 'some-function',
    arn: 'arn',
    directory,
    handler: 'index.handler',
    timeoutMs: 5_000,
    memoryMib: 128,
    environment: {},
    roleArn: 'role',
    statements: [],
  };
  const environment = { URL: url };
  pool = openFunctionPool(deployed, { environment, maxWorkers: 1, onLine: (line) => lines.push(line) });
  return pool;
}

const isFrozen = () => expect.poll(() => statesOf(pool?.pids ?? []), { timeout: 20_000 }).toEqual(['T']);
const isAsked = () => expect.poll(() => held.length, { timeout: 20_000 }).toBe(1);
const letGo = (): void => {
  for (const response of held.splice(0)) response.end('read');
};
/** A worker is awake while it has an event, and a busy machine may freeze it again before it has seen its time pass. */
const errorsAfterEvents = (invoke: FunctionPool['invoke']) =>
  expect.poll(
    async () => {
      await invoke({});
      return errors();
    },
    { timeout: 20_000 },
  );
const errors = (): number => lines.filter((line) => line.includes('unreadable')).length;

describe('a freeze', () => {
  it('shows a refresh that was left alongside an answer as the error that it is on Lambda', async () => {
    const { invoke } = await open(left.refresh);
    expect(await invoke({ refreshes: true })).toMatchObject({ tag: 'result' });
    await isFrozen();
    letGo();
    await pause(600);
    expect(await invoke({})).toMatchObject({ tag: 'result' });
    // Its request may not have left before the freeze: then it goes out now, and runs into its limit all the same.
    await errorsAfterEvents(invoke).toBe(1);
  });

  it('shows nothing of a refresh that was waited for', async () => {
    const { invoke } = await open(waited.refresh);
    const answer = invoke({ refreshes: true });
    await isAsked();
    letGo();
    await answer;
    await isFrozen();
    await pause(600);
    await invoke({});
    expect(errors()).toBe(0);
  });

  it('ends an init that did not wait in the middle of its reads', async () => {
    const { invoke, prestart } = await open(left.init);
    prestart(1);
    await isFrozen();
    await pause(600);
    letGo();
    await errorsAfterEvents(invoke).toBe(1);
  });

  it('comes after an init that waits', async () => {
    const { invoke, prestart } = await open(waited.init);
    prestart(1);
    await isAsked();
    expect(await statesOf(pool?.pids ?? [])).not.toContain('T');
    letGo();
    await isFrozen();
    await pause(600);
    expect(await invoke({})).toEqual({ tag: 'result', result: true });
    expect(errors()).toBe(0);
  });

  it('lasts while the clock is moved, and ends for a look at the heap', async () => {
    const { invoke, prestart, shiftClock, usedHeapBytes } = await open(
      'export const handler = async () => Date.now();',
    );
    prestart(1);
    await isFrozen();
    shiftClock(3600);
    await pause(50);
    await isFrozen();
    const [bytes] = await usedHeapBytes();
    expect(bytes).toBeGreaterThan(0);
    await isFrozen();
    const { result } = Object(await invoke({}));
    expect(Math.abs(result - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });
});

describe('a frozen worker', () => {
  it('ends with its runner, although that is killed and cannot say so', async () => {
    writeFileSync(join(directory, 'index.mjs'), 'export const handler = async () => 1;');
    const workers = join(import.meta.dirname, '../../../local/workers/function-pool.ts');
    const source = `import { openFunctionPool } from ${JSON.stringify(workers)};
const deployed = { name: 'f', arn: 'f', directory: ${JSON.stringify(directory)}, handler: 'index.handler',
  timeoutMs: 5000, memoryMib: 128, environment: {}, roleArn: 'r', statements: [] };
const pool = openFunctionPool(deployed, { environment: {}, maxWorkers: 2, onLine: () => undefined });
pool.prestart(2);
console.log(JSON.stringify(pool.pids));
setInterval(() => undefined, 1000);`;
    const runner = spawn(process.execPath, ['--input-type=module-typescript', '-e', source]);
    const pids: number[] = await new Promise((resolve) =>
      runner.stdout.once('data', (text: Buffer) => resolve(JSON.parse(String(text)))),
    );
    await expect.poll(() => statesOf(pids), { timeout: 20_000 }).toEqual(['T', 'T']);
    runner.kill('SIGKILL');
    await expect.poll(() => statesOf(pids), { timeout: 20_000 }).toEqual([]);
  });
});
