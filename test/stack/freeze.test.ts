/**
 * Workers as Lambda freezes them: from the end of init to the first event, and from an answer to the next event. What
 * a function leaves under way wakes with its time limits expired; here nothing of it is seen.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryFile } from '../../lib/bundle.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { call } from '../../test-kit/http.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { putControls } from '../../test-kit/stored-controls.ts';
import { statesOf } from '../support/processes.ts';

const workers = 2;
/** Longer than any time limit of an init or of a read. */
const freezeMs = 3_000;
const ofTheApi = ['request-otp', 'verify-otp', 'well-known'] as const;
/** Longer than the AWS endpoint keeps an idle connection. */
const deadMs = 6_000;
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ workers, prestart: workers });
});
afterAll(() => stack.stop());

async function frozen(...names: readonly string[]): Promise<void> {
  const states = () => statesOf(names.flatMap((name) => stack.pool(name).pids));
  await expect.poll(states, { timeout: 30_000 }).toEqual(Array(names.length * workers).fill('T'));
}

/** New workers, that have had their init and nothing else. */
async function freshWorkers(): Promise<void> {
  for (const name of ofTheApi) await stack.pool(name).restart();
  for (const name of ofTheApi) {
    await stack.pool(name).prestart(workers);
    await frozen(name);
  }
}

const unready = (from: number): number =>
  stack.logLines.slice(from).filter(({ line }) => line.includes('"code":"init.unready"')).length;

/** New workers, none of which was still reading when the time of its init was over: a busy machine takes longer. */
async function readyWorkers(): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    const lines = stack.logLines.length;
    await freshWorkers();
    if (unready(lines) === 0) return;
  }
  throw new Error('no init was ready in its time');
}

interface Seen {
  readonly statuses: readonly number[];
  readonly errors: readonly string[];
  /** Reads of secrets while the requests ran. */
  readonly secretReads: number;
}

/** What comes of requests that are made by every worker at once, and what they wrote and read meanwhile. */
async function watched(requests: () => Promise<readonly number[]>): Promise<Seen> {
  const [lines, calls] = [stack.logLines.length, stack.awsCalls.length];
  const statuses = await requests();
  await frozen(...ofTheApi);
  return {
    statuses,
    errors: stack.logLines
      .slice(lines)
      .flatMap(({ line }) => (line.includes('"level":"ERROR"') ? [line] : [])),
    secretReads: stack.awsCalls.slice(calls).filter(({ service }) => service === 'secretsmanager').length,
  };
}

const each = <T>(run: () => Promise<T>): Promise<readonly T[]> =>
  Promise.all(Array.from({ length: workers }, run));

async function signInEverywhere(): Promise<readonly number[]> {
  const numbers = Array.from({ length: workers }, freshNumber);
  const asked = await Promise.all(numbers.map((number) => ask(stack, number)));
  const typed = await Promise.all(
    asked.map(({ json }, i) => type(stack, json.requestId, codeFor(stack, numbers[i] ?? ''))),
  );
  const keys = await each(() => call(`${stack.apiUrl}/.well-known/jwks.json`));
  return [...asked, ...typed, ...keys].map(({ status }) => status);
}

const allGood = { statuses: [...Array(workers).fill(202), ...Array(2 * workers).fill(200)], errors: [] };

function moveClocks(seconds: number): void {
  for (const name of ofTheApi) stack.pool(name).shiftClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds });
}

describe('a worker without an invocation', () => {
  it('is stopped: after its init, after an answer, and when its clock was moved', async () => {
    await freshWorkers();
    expect((await ask(stack, freshNumber())).status).toBe(202);
    await frozen(...ofTheApi);
    stack.pool('request-otp').shiftClock(1);
    await frozen(...ofTheApi);
    stack.pool('request-otp').shiftClock(0);
  });
});

describe('the first request after a freeze', () => {
  it('finds everything that it needs, and is no error', async () => {
    await readyWorkers();
    await pause(freezeMs);
    expect(await watched(signInEverywhere)).toEqual({ ...allGood, secretReads: 0 });
  });

  it('is served and no error although init could not read, and was frozen with its reads under way', async () => {
    stack.gate.hold({ service: 'secretsmanager' }, Number.POSITIVE_INFINITY);
    const lines = stack.logLines.length;
    await freshWorkers();
    expect(unready(lines)).toBeGreaterThan(0);
    stack.gate.open();
    await pause(freezeMs);
    const seen = await watched(signInEverywhere);
    expect(seen).toMatchObject(allGood);
    expect(seen.secretReads).toBeGreaterThan(0);
  });

  it('finds its idle connections dead after a longer one, and is no error', async () => {
    await freshWorkers();
    expect((await watched(signInEverywhere)).errors).toEqual([]);
    await pause(deadMs);
    expect(await watched(signInEverywhere)).toMatchObject(allGood);
  });

  it('would not find it if init did not wait: this test can fail', async () => {
    const { directory } = stack.deployment.functions.find(({ name }) => name === 'request-otp') ?? {};
    const file = join(directory ?? '', entryFile);
    const entry = readFileSync(file, 'utf8');
    try {
      writeFileSync(file, entry.replace('await ready;\n', ''));
      await freshWorkers();
      await pause(freezeMs);
      const { secretReads } = await watched(signInEverywhere);
      expect(secretReads).toBeGreaterThan(0);
    } finally {
      writeFileSync(file, entry);
    }
  });
});

describe('a request whose secrets have aged', () => {
  it.each([61, 120, 200, 300])('%d s is no error, nor is the next one', async (seconds) => {
    await freshWorkers();
    moveClocks(seconds);
    for (let round = 0; round < 2; round += 1) {
      expect(await watched(signInEverywhere)).toMatchObject(allGood);
      await pause(50);
    }
    moveClocks(0);
  });

  it('waits for the refresh: nothing is left under way by its answer', async () => {
    await freshWorkers();
    moveClocks(61);
    stack.gate.hold({ service: 'secretsmanager', function: 'request-otp' }, Number.POSITIVE_INFINITY);
    let isAnswered = false;
    const asked = ask(stack, freshNumber()).finally(() => {
      isAnswered = true;
    });
    await pause(300);
    expect(isAnswered).toBe(false);
    stack.gate.open();
    expect((await asked).status).toBe(202);
    moveClocks(0);
  });
});

describe('the kill switch', () => {
  it.each([62, 3_600])('is obeyed by every worker that was frozen for %d s, at once', async (seconds) => {
    await putControls(stack, {});
    await freshWorkers();
    moveClocks(0);
    expect(new Set((await each(() => ask(stack, freshNumber()))).map(({ status }) => status))).toEqual(
      new Set([202]),
    );
    await putControls(stack, { sending: 'nobody' });
    moveClocks(seconds);
    const asked = await each(() => ask(stack, freshNumber()));
    expect(asked.map(({ status }) => status)).toEqual(Array(workers).fill(503));
    await putControls(stack, {});
    moveClocks(0);
  });
});
