/**
 * Ten minutes of a provider that answers 500, and ten of one that refuses the key: how often it is called meanwhile, and
 * how long it takes until everybody is served when it is back. All workers ask at the same moments, each a number of its
 * own. The clocks of the workers and of the provider are moved from step to step, so nothing depends on this machine.
 */

import { breakerFailures, probePauseSeconds } from '../../functions/settings/fixed-numbers.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { oneMachinePlaysEverybody } from '../../test-kit/one-machine.ts';
import { ask, freshNumber } from '../../test-kit/sign-in.ts';
import { type Figure, type Run, scaled } from '../figure.ts';

const workers = 4;
const outageSeconds = 600;
const stepSeconds = 0.5;
const servedWithinSeconds = 15;
const watchedSeconds = 20;
const minGapSeconds = 1;
const warmUpTries = 20;
const faults = ['500', '401'] as const;

/** Plays both outages. */
export async function providerBack(run: Run): Promise<Figure> {
  const { seed, signal } = run;
  const violations: string[] = [];
  const seen: string[] = [];
  for (const fault of faults) {
    const outage = await playOutage(fault, run);
    signal.throwIfAborted();
    seen.push(outage.seen);
    violations.push(...outage.violations);
  }
  return {
    id: 'R4, provider back',
    what: `the provider is back after ${Math.round(scaled(outageSeconds, run) / 60)} min of 500, and of 401; ${workers} workers`,
    goal: `first success within ${servedWithinSeconds} s, and everybody; at most one call per second after each worker's first ${breakerFailures} failures`,
    seen: seen.join('; '),
    method: `the whole local stack with moved clocks; ${workers} requests at once, every ${stepSeconds} s`,
    seed,
    violations,
  };
}

interface Played {
  readonly seen: string;
  readonly violations: readonly string[];
}

async function playOutage(
  fault: (typeof faults)[number],
  { scale, onProgress, signal }: Run,
): Promise<Played> {
  const stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: oneMachinePlaysEverybody,
  });
  try {
    // A noon in the future, in epoch seconds: no hour or day ends during the outage.
    const start = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200;
    let passedSeconds = 0;
    /** When the provider was called, in seconds of the moved clocks. */
    const calledAt: number[] = [];
    /** Asks all workers at once; gives how many of them sent an SMS, and how many refused because they pause. */
    const step = async (): Promise<Step> => {
      passedSeconds += stepSeconds;
      stack.pool('request-otp').stopClock(start + passedSeconds);
      stack.provider.control({ clockOffsetSeconds: start + passedSeconds - Date.now() / 1000 });
      const replies = await Promise.all(Array.from({ length: workers }, () => ask(stack, freshNumber())));
      const calls = stack.provider.sendCalls - calledAt.length;
      calledAt.push(...Array<number>(calls).fill(passedSeconds));
      return {
        served: replies.filter(({ status }) => status === 202).length,
        paused: replies.filter(({ json }) => json.retryAfterSeconds <= probePauseSeconds).length,
      };
    };
    if (!(await servesEverybody(step))) throw new Error('not everybody was served before the outage');

    const callsBefore = calledAt.length;
    stack.provider.control({ fault: { name: fault } });
    const steps = scaled(outageSeconds / stepSeconds, { scale });
    let pausedAnswers = 0;
    for (let i = 0; i < steps && !signal.aborted; i += 1) {
      pausedAnswers += (await step()).paused;
      if (i % 20 === 0) onProgress(`${fault}: ${i} of ${steps} steps`);
    }
    const { kept, others } = onceASecond(calledAt.slice(callsBefore));

    const backAt = passedSeconds;
    stack.provider.control({ fault: null });
    let firstAfter: number | undefined;
    let lastPausedAfter = 0;
    while (passedSeconds - backAt < watchedSeconds && !signal.aborted) {
      const { served, paused } = await step();
      const after = passedSeconds - backAt;
      if (served > 0) firstAfter ??= after;
      if (paused > 0) lastPausedAfter = after;
    }
    const firstFailures = workers * breakerFailures;
    const violations = [
      // Without probes and pauses the rest would prove nothing.
      ...(kept < (steps * stepSeconds) / 10 ? [`${fault}: only ${kept} probes`] : []),
      ...(pausedAnswers < steps ? [`${fault}: only ${pausedAnswers} requests met a pause`] : []),
      ...(others > firstFailures
        ? [`${fault}: ${others} calls within a second of another, not ${firstFailures}`]
        : []),
      ...((firstAfter ?? Number.POSITIVE_INFINITY) > servedWithinSeconds
        ? [`${fault}: first success after ${firstAfter} s`]
        : []),
      ...(lastPausedAfter > servedWithinSeconds
        ? [`${fault}: somebody met a pause ${lastPausedAfter} s after`]
        : []),
    ];
    return {
      seen: `${fault}: first success after ${firstAfter} s, nobody paused after ${lastPausedAfter} s; ${kept} calls in ${steps * stepSeconds} s, and ${others} within a second of another; ${pausedAnswers} requests cost no call`,
      violations,
    };
  } finally {
    await stack.stop();
  }
}

interface Step {
  readonly served: number;
  readonly paused: number;
}

/** How many calls are more than a second after the one that was kept before, and how many are not. */
function onceASecond(calledAt: readonly number[]): { readonly kept: number; readonly others: number } {
  let last = Number.NEGATIVE_INFINITY;
  let kept = 0;
  for (const at of calledAt) {
    if (at - last <= minGapSeconds) continue;
    last = at;
    kept += 1;
  }
  return { kept, others: calledAt.length - kept };
}

/** Whether all workers served at the same moment, in a few tries: on a busy machine the first answers may be late. */
async function servesEverybody(step: () => Promise<Step>): Promise<boolean> {
  for (let i = 0; i < warmUpTries; i += 1) if ((await step()).served === workers) return true;
  return false;
}
