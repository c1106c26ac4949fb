/**
 * Ten rotations under load, each old key revoked the moment the new one is current. Eight workers, fifty sends a second
 * to numbers of their own from several client addresses; the limits of route and address, and the provider's throttle
 * per caller, are raised by the ordinary switches, because one machine plays everybody.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../support/http.ts';
import { freshProviderKey, keyReads, linesOf, rotate, storeProviderKey } from '../support/provider-key.ts';
import { ask, freshNumber, smsTo } from '../support/sign-in.ts';

const workers = 8;
const rotations = 10;
const sendsPerSecond = 50;
const rotationEveryMs = 1_000;
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: {
      requestRatePerSecond: 10_000,
      sendsPerIpv4Address: 1_000_000,
      sendsPerDay: 1_000_000,
      sendsPerHour: 1_000_000,
    },
  });
  // A provider that takes its time keeps all workers busy.
  stack.provider.control({ requestsPerThrottleWindow: 1_000_000, latencyMs: 100, balance: 1_000 });
});
afterAll(() => stack.stop());
afterEach(() => stack.faults.clear());

/** As many sends at once as there are workers: each takes one, and each worker then has the key. */
async function warmUp(): Promise<readonly number[]> {
  const replies = await Promise.all(Array.from({ length: workers }, () => ask(stack, freshNumber())));
  return replies.map(({ status }) => status);
}

/** Sends until `isOver`, at an even pace whatever the answers take. */
async function load(isOver: () => boolean): Promise<{ number: string; reply: Reply }[]> {
  const sends: Promise<{ number: string; reply: Reply }>[] = [];
  const startedAtMs = performance.now();
  while (!isOver()) {
    const number = freshNumber();
    const from = `127.0.${1 + (sends.length % 4)}.${1 + (sends.length % 200)}`;
    sends.push(ask(stack, number, { from }).then((reply) => ({ number, reply })));
    const dueInMs = startedAtMs + (sends.length * 1_000) / sendsPerSecond - performance.now();
    if (dueInMs > 0) await wait(dueInMs);
  }
  return Promise.all(sends);
}

describe(`${rotations} rotations under ${sendsPerSecond} sends a second, with ${workers} workers`, () => {
  it('fail no send, send no SMS twice, and cost at most one read per worker each', async () => {
    await expect.poll(warmUp, { timeout: 30_000 }).toEqual(Array(workers).fill(202));
    const from = { call: stack.awsCalls.length, line: stack.logLines.length };
    const readsPerRotation: number[] = [];
    let isOver = false;
    const loading = load(() => isOver);
    let old = 'first';
    for (let n = 1; n <= rotations; n += 1) {
      await wait(rotationEveryMs / 2);
      const before = stack.awsCalls.length;
      await rotate(stack, `rotation ${n}`);
      stack.provider.control({ revokeKey: old });
      old = `rotation ${n}`;
      await wait(rotationEveryMs / 2);
      readsPerRotation.push(keyReads(stack, before).current);
    }
    await wait(rotationEveryMs / 2);
    isOver = true;
    const sends = await loading;

    const failed = sends.filter(({ reply }) => reply.status !== 202 || reply.json.delivery !== 'accepted');
    const duplicates = sends.filter(({ number }) => smsTo(stack, number) > 1);
    const outdated = linesOf(stack, 'request-otp.key-outdated', from.line).length;
    console.info(
      `${sends.length} sends, ${failed.length} failed, ${duplicates.length} duplicate SMS; ${rotations} rotations, ${outdated} refused calls, reads by ${workers} workers per rotation: ${readsPerRotation.join(' ')}`,
    );
    expect(failed.map(({ reply }) => [reply.status, reply.text])).toEqual([]);
    expect(duplicates).toEqual([]);
    expect(sends.every(({ number }) => smsTo(stack, number) === 1)).toBe(true);
    for (const reads of readsPerRotation) expect(reads).toBeLessThanOrEqual(workers);
    const { current, previous } = keyReads(stack, from.call);
    expect(current).toBeLessThanOrEqual(workers * rotations);
    expect(previous).toBe(0);
    expect(linesOf(stack, 'request-otp.key-rejected', from.line)).toEqual([]);
    expect(new Set(stack.provider.sends.map(({ keyLabel }) => keyLabel)).size).toBe(rotations + 1);
    expect(stack.pool('request-otp').pids).toHaveLength(workers);
  });
});

/** Loads for a while and gives what went wrong; `during` happens in the middle. */
async function loadFor(
  ms: number,
  during: () => Promise<void> = async () => undefined,
): Promise<readonly Reply[]> {
  let isOver = false;
  const loading = load(() => isOver);
  await wait(ms / 2);
  await during();
  await wait(ms / 2);
  isOver = true;
  const sends = await loading;
  const failed = sends.filter(({ number, reply }) => reply.status !== 202 || smsTo(stack, number) !== 1);
  console.info(`${sends.length} sends, ${failed.length} failed or sent twice`);
  return failed.map(({ reply }) => reply);
}

describe(`under ${sendsPerSecond} sends a second, with ${workers} workers`, () => {
  it('a wrong key that is promoted by hand fails no send, and is counted for the alarm within a minute', async () => {
    const from = stack.logLines.length;
    const pids = stack.pool('request-otp').pids;
    expect(
      await loadFor(3_000, async () => {
        await storeProviderKey(stack, freshProviderKey());
        // As after a minute, when every worker has read it.
        stack.pool('request-otp').shiftClock(61);
      }),
    ).toEqual([]);
    expect(linesOf(stack, 'request-otp.key-rejected', from).length).toBeGreaterThan(0);
    expect(stack.pool('request-otp').pids).toEqual(pids);
    await rotate(stack, 'right again');
    await expect.poll(warmUp, { timeout: 30_000 }).toEqual(Array(workers).fill(202));
  });

  it.each(['refuse', 'reset', 'error-500'] as const)(
    'a Secrets Manager that is down (%s) fails no send of a warm worker',
    async (mode) => {
      const pids = stack.pool('request-otp').pids;
      stack.faults.add({ service: 'secretsmanager', mode });
      // Past every age at which a worker reads again before it uses a value.
      stack.pool('request-otp').shiftClock(mode === 'refuse' ? 1_000 : mode === 'reset' ? 2_000 : 3_000);
      expect(await loadFor(2_000)).toEqual([]);
      expect(stack.pool('request-otp').pids).toEqual(pids);
    },
  );

  it('a cold worker without Secrets Manager answers 503 in time, recovers, and does not die', async () => {
    stack.faults.add({ service: 'secretsmanager', mode: 'hang' });
    await stack.update();
    const startedAtMs = performance.now();
    const refused = await Promise.all(Array.from({ length: workers }, () => ask(stack, freshNumber())));
    const tookMs = performance.now() - startedAtMs;
    expect(refused.map(({ status }) => status)).toEqual(Array(workers).fill(503));
    expect(tookMs).toBeLessThan(5_500);
    const pids = stack.pool('request-otp').pids;
    stack.faults.clear();
    await expect.poll(warmUp, { timeout: 10_000 }).toEqual(Array(workers).fill(202));
    expect(stack.pool('request-otp').pids).toEqual(pids);
    console.info(
      `cold, without Secrets Manager: ${workers} answers of 503 after ${Math.round(tookMs)} ms at most`,
    );
  });
});
