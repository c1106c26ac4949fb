/**
 * Freezes workers as Lambda does, in three ways: first requests after an init and a freeze of 3 s, requests whose secrets
 * aged during a freeze, and the kill switch for workers that were frozen for an hour.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { ask, codeFor, freshNumber, type } from '../../test-kit/sign-in.ts';
import { putControls } from '../../test-kit/stored-controls.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';

const requestsOfEachKind = 200;
const workers = 2;
/** Longer than any time limit of an init or of a read. */
const freezeMs = 3_000;
/** A worker serves its secrets for 60 s; the goal gives it 5 more. */
const killSwitchSeconds = 65;
const ofTheApi = ['request-otp', 'verify-otp'] as const;

const each = <T>(run: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: workers }, run));

async function newWorkers(stack: LocalStack): Promise<void> {
  for (const name of ofTheApi) {
    await stack.pool(name).restart();
    await stack.pool(name).prestart(workers);
  }
}

function moveClocks(stack: LocalStack, seconds: number): void {
  for (const name of ofTheApi) stack.pool(name).shiftClock(seconds);
  stack.provider.control({ clockOffsetSeconds: seconds });
}

/** A sign-in for each worker, at once: the status of each answer. */
async function signIns(stack: LocalStack): Promise<readonly number[]> {
  const numbers = Array.from({ length: workers }, freshNumber);
  const asked = await Promise.all(numbers.map((number) => ask(stack, number)));
  const typed = await Promise.all(
    asked.map(async ({ status, json }, i) =>
      status === 202 ? type(stack, json.requestId, codeFor(stack, numbers[i] ?? '')) : undefined,
    ),
  );
  return [...asked, ...typed].flatMap((reply) => reply?.status ?? []);
}

/** Plays all three. */
export async function frozenWorkers({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const chance = seeded(seed);
  const wanted = scaled(requestsOfEachKind, { scale });
  const settings = { requestRatePerSecond: 10_000, sendsPerIpv4Address: 1_000_000, sendsPerDay: 1_000_000 };
  const stack = await startLocalStack({ workers, prestart: workers, settings });
  stack.provider.control({ requestsPerThrottleWindow: 1_000_000, balance: 1_000_000 });
  const violations: string[] = [];
  const counts = { first: 0, late: 0 };
  const note = (kind: keyof typeof counts, statuses: readonly number[]): void => {
    counts[kind] += statuses.length;
    const bad = statuses.filter((status) => status >= 300);
    violations.push(...bad.map((status) => `a ${kind} request was answered ${status}`));
  };
  try {
    while (counts.first < wanted && !signal.aborted) {
      await newWorkers(stack);
      await pause(freezeMs);
      note('first', await signIns(stack));
      onProgress(`${counts.first} of ${wanted} first requests`);
    }
    for (let age = 0; counts.late < wanted && !signal.aborted; ) {
      age += 61 + chance.below(240);
      moveClocks(stack, age);
      note('late', await signIns(stack));
      onProgress(`${counts.late} of ${wanted} late requests`);
    }
    const errors = stack.logLines.filter(({ line }) => line.includes('"level":"ERROR"'));
    violations.push(...errors.map(({ line }) => `a line of level error: ${line}`));
    for (const frozenSeconds of [killSwitchSeconds, 3_600]) {
      moveClocks(stack, 0);
      await putControls(stack, {});
      await newWorkers(stack);
      await each(() => ask(stack, freshNumber()));
      await putControls(stack, { sending: 'nobody' });
      moveClocks(stack, frozenSeconds);
      const asked = await each(() => ask(stack, freshNumber()));
      const disobeyed = asked.filter(({ status }) => status !== 503).length;
      if (disobeyed > 0)
        violations.push(`${disobeyed} workers sent ${frozenSeconds} s after the kill switch`);
    }
    return {
      id: 'R10',
      what: `${counts.first} first requests after a freeze of ${freezeMs / 1000} s, ${counts.late} with secrets of 61 to 300 s, and the kill switch after ${killSwitchSeconds} s and an hour`,
      goal: '0 lines of level error, 0 × 503, every worker obeys',
      seen: `${errors.length} lines of level error; ${violations.length} violations`,
      method: `the whole local stack, ${workers} processes of each function, stopped by SIGSTOP without an invocation`,
      seed,
      violations,
    };
  } finally {
    await stack.stop();
  }
}
