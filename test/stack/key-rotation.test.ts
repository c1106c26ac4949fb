/**
 * Ten rotations under load, each old key revoked the moment the new one is current. Eight workers, fifty sends a second
 * to numbers of their own from several client addresses; the limits of route and address, and the provider's throttle
 * per caller, are raised by the ordinary switches, because one machine plays everybody.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { load, sendsPerSecond, warmUp } from '../../prove/rotations/load.ts';
import { keyRotations } from '../../prove/rotations/rotations.ts';
import type { Reply } from '../../test-kit/http.ts';
import { oneMachinePlaysEverybody } from '../../test-kit/one-machine.ts';
import { freshProviderKey, linesOf, rotate, storeProviderKey } from '../../test-kit/provider-key.ts';
import { ask, freshNumber, smsTo } from '../../test-kit/sign-in.ts';
import { smallRun } from '../prove/small-run.ts';

const workers = 8;
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: oneMachinePlaysEverybody,
  });
  // A provider that takes its time keeps all workers busy.
  stack.provider.control({ requestsPerThrottleWindow: 1_000_000, latencyMs: 100, balance: 1_000 });
});
afterAll(() => stack.stop());
afterEach(() => stack.faults.clear());

it('ten rotations under load fail no send, send no SMS twice, and cost at most one read per worker each', async () => {
  const { seen, violations } = await keyRotations(smallRun(1));
  console.info(seen);
  expect(violations).toEqual([]);
});

/** Loads for a while and gives what went wrong; `during` happens in the middle. */
async function loadFor(
  ms: number,
  during: () => Promise<void> = async () => undefined,
): Promise<readonly Reply[]> {
  let isOver = false;
  const loading = load(stack, () => isOver);
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
    await expect.poll(() => warmUp(stack, workers), { timeout: 30_000 }).toEqual(Array(workers).fill(202));
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
    await expect.poll(() => warmUp(stack, workers), { timeout: 10_000 }).toEqual(Array(workers).fill(202));
    expect(stack.pool('request-otp').pids).toEqual(pids);
    console.info(
      `cold, without Secrets Manager: ${workers} answers of 503 after ${Math.round(tookMs)} ms at most`,
    );
  });
});
