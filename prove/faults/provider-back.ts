/**
 * Ten minutes of a provider that answers 500, and ten of one that refuses the key: how often it is called meanwhile, and
 * how long it takes until everybody is served when it is back. All workers ask at the same moments, each a number of its
 * own. The clocks of the workers and of the provider are moved from step to step, so nothing depends on this machine.
 */

import { breakerFailures } from '../../functions/otp/policy.ts';
import { startLocalStack } from '../../local/local-stack.ts';
import { ask, freshNumber } from '../../test/support/sign-in.ts';
import { type Figure, type Run, scaled } from '../figure.ts';

const workers = 4;
const outageSeconds = 600;
const stepSeconds = 0.5;
const servedWithinSeconds = 15;
const minGapMs = 1_000;
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
    settings: {
      requestRatePerSecond: 10_000,
      sendsPerIpv4Address: 1_000_000,
      sendsPerDay: 1_000_000,
      sendsPerHour: 1_000_000,
    },
  });
  try {
    // A noon in the future, in epoch seconds: no hour or day ends during the outage.
    const start = (Math.floor(Date.now() / 86_400_000) + 2) * 86_400 + 43_200;
    let passedSeconds = 0;
    /** All workers are asked at once; gives how many of them sent an SMS, and the longest wait that one was told. */
    const step = async () => {
      passedSeconds += stepSeconds;
      stack.pool('request-otp').stopClock(start + passedSeconds);
      stack.provider.control({ clockOffsetSeconds: start + passedSeconds - Date.now() / 1000 });
      const replies = await Promise.all(Array.from({ length: workers }, () => ask(stack, freshNumber())));
      // With a requestId an SMS may still come, and the number waits for its own limits.
      const paused = replies.filter(({ json }) => json.requestId === undefined);
      const waits = paused.map(({ json }) => Number(json.retryAfterSeconds ?? 0));
      return { served: replies.filter(({ status }) => status === 202).length, wait: Math.max(0, ...waits) };
    };
    if (!(await servesEverybody(step))) throw new Error('not everybody was served before the outage');

    const callsBefore = stack.provider.callsAtMs.length;
    stack.provider.control({ fault: { name: fault } });
    const steps = scaled(outageSeconds / stepSeconds, { scale });
    let longestWait = 0;
    for (let i = 0; i < steps && !signal.aborted; i += 1) {
      longestWait = Math.max(longestWait, (await step()).wait);
      if (i % 20 === 0) onProgress(`${fault}: ${i} of ${steps} steps`);
    }
    const probes = stack.provider.callsAtMs.slice(callsBefore + workers * breakerFailures);
    const gapsMs = probes.slice(1).map((at, i) => at - (probes[i] ?? 0));
    const shortestGapMs = Math.min(...gapsMs);

    const backAt = passedSeconds;
    stack.provider.control({ fault: null });
    let firstAfter: number | undefined;
    let lastRefusedAfter = 0;
    while (passedSeconds - backAt < 2 * servedWithinSeconds && !signal.aborted) {
      const { served } = await step();
      const after = passedSeconds - backAt;
      if (served > 0) firstAfter ??= after;
      if (served < workers) lastRefusedAfter = after;
    }
    const violations = [
      // Without enough probes the gaps would prove nothing.
      ...(probes.length < (steps * stepSeconds) / 10 ? [`${fault}: only ${probes.length} probes`] : []),
      ...(shortestGapMs <= minGapMs ? [`${fault}: two probes ${shortestGapMs} ms apart`] : []),
      ...(longestWait > servedWithinSeconds ? [`${fault}: somebody was told to wait ${longestWait} s`] : []),
      ...((firstAfter ?? Number.POSITIVE_INFINITY) > servedWithinSeconds
        ? [`${fault}: first success after ${firstAfter} s`]
        : []),
      ...(lastRefusedAfter > servedWithinSeconds ? [`${fault}: refused ${lastRefusedAfter} s after`] : []),
    ];
    return {
      seen: `${fault}: first success after ${firstAfter} s, nobody refused after ${lastRefusedAfter} s; ${probes.length} probes in ${steps * stepSeconds} s, at least ${(shortestGapMs / 1000).toFixed(1)} s apart`,
      violations,
    };
  } finally {
    await stack.stop();
  }
}

/** Whether all workers served at the same moment, in a few tries: on a busy machine the first answers may be late. */
async function servesEverybody(step: () => Promise<{ readonly served: number }>): Promise<boolean> {
  for (let i = 0; i < warmUpTries; i += 1) if ((await step()).served === workers) return true;
  return false;
}
