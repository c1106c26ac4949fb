/** The provider's breaker: one worker over scripted outcomes, and many workers that share a mark, with moved clocks. */
import { describe, expect, it } from 'vitest';
import type { RefusalCause, SendOutcome } from '../../functions/otp/send-outcome.ts';
import { openProviderBreaker, type ProviderMark, type SendKind } from '../../functions/provider/breaker.ts';
import {
  breakerFailures,
  probePauseSeconds,
  probeSpacingSeconds,
  unusedTurnSeconds,
} from '../../functions/settings/fixed-numbers.ts';
import { type TestClocks, testClocks } from '../support/clocks.ts';

const accepted: SendOutcome = { tag: 'accepted' };
const unconfirmed: SendOutcome = { tag: 'unconfirmed' };
const refused = (cause: RefusalCause): SendOutcome => ({
  tag: 'refused',
  cause,
  retryAfterSeconds: undefined,
});

/** A mark that keeps the rule of the table's. */
function startMark() {
  const state = { probedAt: Number.NEGATIVE_INFINITY, recoveries: 0, calls: 0, isDown: false };
  const call = (): void => {
    state.calls += 1;
    if (state.isDown) throw new Error('the table is down');
  };
  const mark: ProviderMark = {
    takeTurn: async (now) => {
      call();
      const isTaken = state.probedAt <= now - probeSpacingSeconds;
      if (isTaken) state.probedAt = now;
      return { isTaken, recoveries: state.recoveries };
    },
    tellRecovered: async () => {
      call();
      state.recoveries += 1;
    },
  };
  return { state, mark };
}

function startWorker({ clocks = testClocks(), shared = startMark() } = {}) {
  const breaker = openProviderBreaker(clocks);
  const seen = { sends: 0, pauses: 0, kinds: [] as SendKind[] };
  const send = async (outcome: SendOutcome): Promise<SendOutcome> => {
    const kind = breaker.claim();
    seen.sends += 1;
    seen.kinds.push(kind);
    if ((await breaker.report(shared.mark, kind, outcome)) === 'paused') seen.pauses += 1;
    return outcome;
  };
  const sendTimes = async (count: number, outcome: SendOutcome): Promise<void> => {
    for (let i = 0; i < count; i += 1) await send(outcome);
  };
  return { clocks, shared, seen, send, sendTimes, paused: () => breaker.pausedSeconds(shared.mark) };
}

describe('the breaker of the provider', () => {
  it.each<[string, SendOutcome]>([
    ['a carrier that refuses', refused('carrier')],
    ['an answer that says nothing', { tag: 'failed', retryAfterSeconds: undefined }],
    ['no answer', unconfirmed],
    ['a refused key', refused('key')],
    ['a refused account', refused('account')],
    ['an empty wallet', refused('balance')],
    ['a connection that did not come up', refused('unreachable')],
  ])('opens after %s so many times in a row', async (_, outcome) => {
    const { seen, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures - 1, outcome);
    expect(await paused()).toBe(0);
    await sendTimes(1, outcome);
    expect(await paused()).toBe(probePauseSeconds);
    expect(seen.pauses).toBe(1);
  });

  it.each<[string, SendOutcome]>([
    ['an SMS that was taken', accepted],
    ['a number that is limited', { tag: 'number-limited', retryAfterSeconds: 300 }],
    ['a malformed request', refused('request')],
    ['a throttle', refused('throttled')],
  ])('never opens after %s', async (_, outcome) => {
    const { seen, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures * 3, outcome);
    expect(await paused()).toBe(0);
    expect(seen).toMatchObject({ sends: breakerFailures * 3, pauses: 0 });
  });

  it('counts failures in a row alone', async () => {
    const { sendTimes, paused } = startWorker();
    for (let round = 0; round < 3; round += 1) {
      await sendTimes(breakerFailures - 1, unconfirmed);
      await sendTimes(1, accepted);
    }
    expect(await paused()).toBe(0);
  });

  it('is not reset by what says nothing of the provider as a whole', async () => {
    const { sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures - 1, refused('balance'));
    await sendTimes(1, { tag: 'number-limited', retryAfterSeconds: 300 });
    await sendTimes(1, refused('balance'));
    expect(await paused()).toBe(probePauseSeconds);
  });

  it('asks the table nothing before its first failures, and nothing between two looks', async () => {
    const { clocks, shared, sendTimes, paused } = startWorker();
    await paused();
    await sendTimes(breakerFailures, unconfirmed);
    for (let ms = 0; ms < probePauseSeconds * 1000; ms += 100) {
      expect(await paused()).toBe(Math.ceil((probePauseSeconds * 1000 - ms) / 1000));
      clocks.pass(100);
    }
    expect(shared.state.calls).toBe(0);
    expect(await paused()).toBe(0);
    expect(shared.state.calls).toBe(1);
  });

  it('probes, and pauses as long after each failure, and closes with a success', async () => {
    const { clocks, shared, seen, send, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures, unconfirmed);
    for (let probe = 0; probe < 6; probe += 1) {
      expect(await paused()).toBe(probePauseSeconds);
      clocks.pass(probePauseSeconds * 1000);
      expect(await paused()).toBe(0);
      await send(unconfirmed);
    }
    expect(seen.kinds).toEqual([...Array(breakerFailures).fill('ordinary'), ...Array(6).fill('probe')]);
    expect(seen.pauses).toBe(7);
    clocks.pass(probePauseSeconds * 1000);
    expect(await paused()).toBe(0);
    await send(accepted);
    expect(shared.state.recoveries).toBe(1);
    expect(await paused()).toBe(0);
    await sendTimes(breakerFailures - 1, unconfirmed);
    expect(await paused()).toBe(0);
    await sendTimes(1, unconfirmed);
    expect(await paused()).toBe(probePauseSeconds);
  });

  it('lets the next request use a turn that was not used, for a second', async () => {
    const { clocks, shared, seen, send, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures, unconfirmed);
    clocks.pass(probePauseSeconds * 1000);
    expect(await paused()).toBe(0);
    clocks.pass(unusedTurnSeconds * 1000 - 1);
    expect(await paused()).toBe(0);
    expect(shared.state.calls).toBe(1);
    await send(unconfirmed);
    expect(await paused()).toBe(probePauseSeconds);
    expect(seen.sends).toBe(breakerFailures + 1);
  });

  it('loses a turn that was not used for longer', async () => {
    const { clocks, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures, unconfirmed);
    clocks.pass(probePauseSeconds * 1000);
    expect(await paused()).toBe(0);
    clocks.pass(unusedTurnSeconds * 1000);
    expect(await paused()).toBe(probePauseSeconds);
  });

  it.each([-400_000, 400_000])('ends its pause when the wall clock is set by %i ms', async (byMs) => {
    const { clocks, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures, unconfirmed);
    clocks.setWall(byMs);
    expect(await paused()).toBe(0);
  });

  it('says that the table is down when it is, and that the SMS was taken when it was', async () => {
    const { clocks, shared, send, sendTimes, paused } = startWorker();
    await sendTimes(breakerFailures, unconfirmed);
    clocks.pass(probePauseSeconds * 1000);
    shared.state.isDown = true;
    await expect(paused()).rejects.toThrow('the table is down');
    shared.state.isDown = false;
    expect(await paused()).toBe(0);
    shared.state.isDown = true;
    expect(await send(accepted)).toEqual(accepted);
    expect(await paused()).toBe(0);
  });
});

/** Workers that share a mark, and a crowd that asks all of them in turn, for some seconds of moved clocks. */
function startFleet(workerCount: number, skewsMs: readonly number[] = [0]) {
  const shared = startMark();
  const worldMs = { now: 0 };
  const fleet = Array.from({ length: workerCount }, (_, i) => {
    const clocks: TestClocks = testClocks(1_800_000_000_000 + (skewsMs[i % skewsMs.length] ?? 0));
    return startWorker({ clocks, shared });
  });
  const callsAtMs: number[] = [];
  const servedAtMs: number[] = [];
  let next = 0;
  const askFor = async (seconds: number, everyMs: number, outcome: SendOutcome): Promise<void> => {
    for (let ms = 0; ms < seconds * 1000; ms += everyMs) {
      const worker = fleet[next % workerCount];
      next += 1;
      if (worker && (await worker.paused()) === 0) {
        callsAtMs.push(worldMs.now);
        if ((await worker.send(outcome)).tag === 'accepted') servedAtMs.push(worldMs.now);
      }
      worldMs.now += everyMs;
      for (const { clocks } of fleet) clocks.pass(everyMs);
    }
  };
  return { fleet, shared, worldMs, callsAtMs, servedAtMs, askFor };
}

describe.each([
  ['an outage', unconfirmed],
  ['a refused key', refused('key')],
])('many workers through ten minutes of %s', (_, outcome) => {
  it.each([1, 4, 30, 200])(
    '(%i of them) call once a second at most after their first failures',
    async (workers) => {
      const { callsAtMs, askFor } = startFleet(workers);
      await askFor(600, 20, outcome);
      const first = workers * breakerFailures;
      expect(callsAtMs.length).toBeGreaterThan(first + 600 / (2 * probeSpacingSeconds + 1));
      const probes = callsAtMs.slice(first);
      const gapsMs = probes.slice(1).map((at, i) => at - (probes[i] ?? 0));
      expect(Math.min(...gapsMs)).toBeGreaterThan(1000);
    },
  );

  it.each([1, 4, 30, 200])('(%i of them) serve again within 15 s, all of them', async (workers) => {
    const { fleet, worldMs, servedAtMs, askFor } = startFleet(workers);
    await askFor(600, 20, outcome);
    const backAtMs = worldMs.now;
    await askFor(15, 20, accepted);
    expect((servedAtMs[0] ?? Number.POSITIVE_INFINITY) - backAtMs).toBeLessThan(5_000);
    for (const { paused } of fleet) expect(await paused()).toBe(0);
  });
});

describe('many workers, one of them with a clock two minutes off', () => {
  it.each([120_000, -120_000])('(%i ms) serve again within 15 s', async (skewMs) => {
    const { fleet, shared, askFor } = startFleet(4, [skewMs, 0, 0, 0]);
    await askFor(60, 20, unconfirmed);
    await askFor(15, 20, accepted);
    expect(shared.state.recoveries).toBeGreaterThan(0);
    for (const { paused } of fleet) expect(await paused()).toBe(0);
  });
});
