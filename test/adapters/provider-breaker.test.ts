/** The provider's breaker over scripted outcomes and a clock that the test moves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openProviderBreaker } from '../../functions/adapters/provider-breaker.ts';
import { breakerFailures, breakerFirstPauseMs, breakerMaxPauseMs } from '../../functions/otp/policy.ts';
import type { SendOutcome } from '../../functions/otp/send-outcome.ts';

const accepted: SendOutcome = { tag: 'accepted' };
const unconfirmed: SendOutcome = { tag: 'unconfirmed' };
const refused = (
  cause: 'carrier' | 'key' | 'account' | 'request' | 'balance' | 'throttled' | 'unreachable',
) => ({ tag: 'refused', cause, retryAfterSeconds: undefined }) as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 });
});
afterEach(() => vi.useRealTimers());

function startBreaker() {
  const breaker = openProviderBreaker();
  const seen = { sends: 0, pauses: 0 };
  const send = (outcome: SendOutcome): Promise<SendOutcome> =>
    breaker.run(
      async () => {
        seen.sends += 1;
        return outcome;
      },
      () => {
        seen.pauses += 1;
      },
    );
  const sendTimes = async (count: number, outcome: SendOutcome): Promise<void> => {
    for (let i = 0; i < count; i += 1) await send(outcome);
  };
  return { breaker, seen, send, sendTimes };
}

const passMs = (ms: number): unknown => vi.setSystemTime(Date.now() + ms);

describe('the breaker of the provider', () => {
  it.each<[string, SendOutcome]>([
    ['a carrier that refuses', refused('carrier')],
    ['an answer that says nothing', { tag: 'failed', retryAfterSeconds: undefined }],
    ['no answer', unconfirmed],
  ])('opens after %s so many times in a row', async (_, outcome) => {
    const { breaker, seen, sendTimes } = startBreaker();
    await sendTimes(breakerFailures - 1, outcome);
    expect(breaker.pausedSeconds()).toBe(0);
    await sendTimes(1, outcome);
    expect(breaker.pausedSeconds()).toBe(breakerFirstPauseMs / 1000);
    expect(seen.pauses).toBe(1);
  });

  it.each<[string, SendOutcome]>([
    ['an SMS that was taken', accepted],
    ['a number that is limited', { tag: 'number-limited', retryAfterSeconds: 300 }],
    ['a refused key', refused('key')],
    ['a refused account', refused('account')],
    ['a malformed request', refused('request')],
    ['an empty wallet', refused('balance')],
    ['a throttle', refused('throttled')],
    ['a connection that did not come up', refused('unreachable')],
  ])('never opens after %s', async (_, outcome) => {
    const { breaker, seen, sendTimes } = startBreaker();
    await sendTimes(breakerFailures * 3, outcome);
    expect(breaker.pausedSeconds()).toBe(0);
    expect(seen).toEqual({ sends: breakerFailures * 3, pauses: 0 });
  });

  it('counts failures in a row alone', async () => {
    const { breaker, sendTimes } = startBreaker();
    for (let round = 0; round < 3; round += 1) {
      await sendTimes(breakerFailures - 1, unconfirmed);
      await sendTimes(1, accepted);
    }
    expect(breaker.pausedSeconds()).toBe(0);
  });

  it('sends one after the pause, doubles it with each failure up to a minute, and closes with a success', async () => {
    const { breaker, seen, send, sendTimes } = startBreaker();
    await sendTimes(breakerFailures, unconfirmed);
    const pauses: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      const pausedMs = breaker.pausedSeconds() * 1000;
      pauses.push(pausedMs);
      passMs(pausedMs - 1);
      expect(breaker.pausedSeconds()).toBe(1);
      passMs(1);
      expect(breaker.pausedSeconds()).toBe(0);
      await send(unconfirmed);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 12, 12].map((times) => times * breakerFirstPauseMs));
    expect(pauses.at(-1)).toBe(breakerMaxPauseMs);
    expect(seen.sends).toBe(breakerFailures + 6);
    passMs(breakerMaxPauseMs);
    expect((await send(accepted)).tag).toBe('accepted');
    expect(breaker.pausedSeconds()).toBe(0);
    await sendTimes(breakerFailures - 1, unconfirmed);
    expect(breaker.pausedSeconds()).toBe(0);
    await sendTimes(1, unconfirmed);
    expect(breaker.pausedSeconds()).toBe(breakerFirstPauseMs / 1000);
  });
});
