/**
 * Ten rotations under load, each old key revoked the moment the new one is current. Eight workers, fifty sends a second
 * to numbers of their own from several client addresses; the limits of route and address, and the provider's throttle
 * per caller, are raised by the ordinary switches, because one machine plays everybody.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import type { Reply } from '../support/http.ts';
import { keyReads, linesOf, rotate } from '../support/provider-key.ts';
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
    settings: { requestRatePerSecond: 10_000, sendsPerIpv4Address: 1_000_000 },
  });
  // A provider that takes its time keeps all workers busy.
  stack.provider.control({ requestsPerThrottleWindow: 1_000_000, latencyMs: 100, balance: 1_000 });
});
afterAll(() => stack.stop());

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
