/**
 * The provider's key changes hands under a running stack: one worker, so that what it remembers is known, and limits of
 * the client address raised by the ordinary settings.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { oneMachinePlaysEverybody } from '../../test-kit/one-machine.ts';
import {
  freshProviderKey,
  keyReads,
  linesOf,
  rotate,
  storeProviderKey,
} from '../../test-kit/provider-key.ts';
import { ask, freshNumber, smsTo } from '../../test-kit/sign-in.ts';

let stack: LocalStack;
let rotations = 0;
let clockSeconds = 0;
beforeAll(async () => {
  stack = await startLocalStack({
    workers: 1,
    settings: oneMachinePlaysEverybody,
  });
  stack.provider.control({ requestsPerThrottleWindow: 1_000_000 });
});
/** Every test begins with a good key, a good one before it, and a warm worker that knows neither refusal nor trouble. */
beforeEach(async () => {
  stack.faults.clear();
  stack.provider.control({ account: 'active', fault: null, latencyMs: 0 });
  await rotateNow();
  await rotateNow();
  await restart();
  expect(await sent()).toEqual([202, 1]);
});
afterAll(() => stack.stop());

const label = (): string => `key ${rotations}`;
async function rotateNow(): Promise<void> {
  rotations += 1;
  await rotate(stack, label());
}
const revoke = (number: number): void => stack.provider.control({ revokeKey: `key ${number}` });

/** Ends the worker; the next request finds a cold one. */
async function restart(): Promise<void> {
  for (const pid of stack.pool('request-otp').pids) process.kill(pid, 'SIGKILL');
  await expect.poll(() => stack.pool('request-otp').pids).toEqual([]);
}
function passSeconds(seconds: number): void {
  clockSeconds += seconds;
  stack.pool('request-otp').shiftClock(clockSeconds);
}
/** Asks for a code for a number of its own: the status, and how many SMS came. */
async function sent(): Promise<[status: number, sms: number]> {
  const number = freshNumber();
  const { status } = await ask(stack, number);
  return [status, smsTo(stack, number)];
}
const usedLast = (): string | undefined => stack.provider.sends.at(-1)?.keyLabel;

describe('a rotation', () => {
  it('whose old key is revoked at once fails no send and sends no SMS twice', async () => {
    const from = { call: stack.awsCalls.length, line: stack.logLines.length };
    const old = rotations;
    await rotateNow();
    revoke(old);
    expect([await sent(), await sent()]).toEqual([
      [202, 1],
      [202, 1],
    ]);
    expect(usedLast()).toBe(label());
    expect(keyReads(stack, from.call)).toEqual({ current: 1, previous: 0 });
    await expect.poll(() => linesOf(stack, 'request-otp.key-outdated', from.line)).toHaveLength(1);
    expect(linesOf(stack, 'request-otp.key-rejected', from.line)).toEqual([]);
  });

  it('sends the same code under the same idempotency key, and the code signs in', async () => {
    const old = rotations;
    await rotateNow();
    revoke(old);
    const number = freshNumber();
    const { json } = await ask(stack, number);
    expect(json.delivery).toBe('accepted');
    const ids = new Set(stack.provider.sends.map(({ idempotencyKey }) => idempotencyKey));
    expect(ids.size).toBe(stack.provider.sends.length);
  });

  it('is survived twice by a worker that slept, with keys that are both revoked', async () => {
    await storeProviderKey(stack, freshProviderKey());
    passSeconds(301);
    // Now it remembers a wrong current key and the previous one that serves.
    expect(await sent()).toEqual([202, 1]);
    const served = rotations;
    passSeconds(30);
    await rotateNow();
    await rotateNow();
    revoke(served);
    revoke(served + 1);
    passSeconds(61);
    expect(await sent()).toEqual([202, 1]);
    expect(usedLast()).toBe(label());
  });

  it('with a provider that refuses slowly is 503 in time, and the next send knows the new key', async () => {
    const old = rotations;
    await rotateNow();
    revoke(old);
    stack.provider.control({ latencyMs: 3_600 });
    const startedAtMs = performance.now();
    expect(await sent()).toEqual([503, 0]);
    expect(performance.now() - startedAtMs).toBeLessThan(5_500);
    stack.provider.control({ latencyMs: 0 });
    expect([await sent(), usedLast()]).toEqual([[202, 1], label()]);
  });

  it('is seen in a metric by version, and the key itself nowhere', async () => {
    const from = stack.logLines.length;
    const old = rotations;
    const key = freshProviderKey();
    stack.provider.control({ addKey: { key, label: 'by hand' } });
    await storeProviderKey(stack, key);
    revoke(old);
    await sent();
    passSeconds(60);
    await sent();
    const metricsSince = () =>
      stack.logLines
        .slice(from)
        .map(({ line }) => JSON.parse(line))
        .filter((line) => line.versionId !== undefined && line._aws !== undefined);
    await expect.poll(metricsSince).toHaveLength(3);
    const metrics = metricsSince();
    const [rejected, used] = metrics;
    expect(rejected).toMatchObject({ 'provider-key.rejected': 1 });
    expect(used).toMatchObject({ 'provider-key.used': 1 });
    expect(used.versionId).not.toBe(rejected.versionId);
    for (const { _aws } of metrics) {
      expect(_aws.CloudWatchMetrics[0]).toMatchObject({
        Namespace: 'Doorcode',
        Dimensions: [['service', 'versionId']],
      });
      expect(_aws.CloudWatchMetrics[0].Metrics).toHaveLength(1);
    }
    expect(stack.logLines.map(({ line }) => line).join('\n')).not.toMatch(/sm_live_/);
  });
});

describe('a wrong key that is stored by hand', () => {
  it('costs one refused call a minute, while the previous key serves and the log says so', async () => {
    const good = label();
    await storeProviderKey(stack, freshProviderKey());
    passSeconds(301);
    const from = stack.logLines.length;
    for (let i = 0; i < 5; i += 1) expect(await sent()).toEqual([202, 1]);
    expect(usedLast()).toBe(good);
    const rejections = () => linesOf(stack, 'request-otp.key-rejected', from);
    await expect.poll(rejections).toHaveLength(1);
    const [line] = rejections();
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'ERROR',
      message: {
        dependency: 'SMS_SECRET_ARN',
        reason: 'current',
        versionId: expect.any(String),
        action: expect.stringContaining('StoreSmsKey'),
      },
    });
    passSeconds(61);
    for (let i = 0; i < 5; i += 1) expect(await sent()).toEqual([202, 1]);
    await expect.poll(rejections).toHaveLength(2);
  });

  it('is survived by a cold worker', async () => {
    await storeProviderKey(stack, freshProviderKey());
    await restart();
    expect(await sent()).toEqual([202, 1]);
  });
});

describe('a value that is no key', () => {
  const wrongValues = ['sm_live_', ' ', 'sm_live_XYZ', '{"key":"sm_live_"}'];

  it.each(wrongValues)('(%j) never replaces the last good one, nor reaches the provider', async (value) => {
    const good = label();
    await storeProviderKey(stack, value);
    const from = stack.logLines.length;
    for (const seconds of [61, 301, 3_600]) {
      passSeconds(seconds);
      expect(await sent()).toEqual([202, 1]);
      expect(usedLast()).toBe(good);
    }
    await expect.poll(() => linesOf(stack, 'request-otp.key-unreadable', from).length).toBeGreaterThan(0);
    expect(linesOf(stack, 'request-otp.key-rejected', from)).toEqual([]);
  });

  it('has a cold worker use the previous key, and the right one soon after it is stored', async () => {
    const good = label();
    await storeProviderKey(stack, 'not a key');
    await restart();
    const from = stack.logLines.length;
    expect([await sent(), usedLast()]).toEqual([[202, 1], good]);
    await expect.poll(() => linesOf(stack, 'request-otp.key-unreadable', from)).toHaveLength(1);
    await rotateNow();
    passSeconds(10);
    expect([await sent(), usedLast()]).toEqual([[202, 1], label()]);
  });

  it('twice leaves a cold worker without a key: 503, and a line that says what to do', async () => {
    await storeProviderKey(stack, 'not a key');
    await storeProviderKey(stack, 'nor is this');
    await restart();
    const from = stack.logLines.length;
    expect(await sent()).toEqual([503, 0]);
    await expect.poll(() => linesOf(stack, 'request-otp.no-key', from)).toHaveLength(1);
    const [line] = linesOf(stack, 'request-otp.no-key', from);
    expect(JSON.parse(line ?? '').message).toMatchObject({
      dependency: 'SMS_SECRET_ARN',
      reason: 'malformed',
      action: expect.stringContaining('StoreSmsKey'),
    });
    await rotateNow();
    expect(await sent()).toEqual([202, 1]);
  });
});

describe('a provider that refuses every key', () => {
  it('causes at most one read out of turn a minute, 503, and no SMS; the quota is given back', async () => {
    stack.provider.control({ account: 'suspended' });
    const number = freshNumber();
    for (let minute = 0; minute < 3; minute += 1) {
      const from = stack.awsCalls.length;
      for (let i = 0; i < 20; i += 1) {
        const { status, json } = await ask(stack, number);
        expect([status, json.type]).toEqual([503, 'urn:doorcode:temporarily-unavailable']);
      }
      const { current, previous } = keyReads(stack, from);
      // One out of turn, and one in turn when the value is a minute old.
      expect(current).toBeLessThanOrEqual(2);
      expect(previous).toBeLessThanOrEqual(1);
      passSeconds(61);
    }
    stack.provider.control({ account: 'active' });
    expect((await ask(stack, number)).status).toBe(202);
    expect(smsTo(stack, number)).toBe(1);
  });
});

describe('Secrets Manager out of reach', () => {
  it.each(['refuse', 'throttle', 'error-500', 'garbage', 'reset'] as const)(
    'by %s fails no send of a warm worker',
    async (mode) => {
      stack.faults.add({ service: 'secretsmanager', mode });
      for (const seconds of [0, 61, 301, 3_600]) {
        passSeconds(seconds);
        expect(await sent()).toEqual([202, 1]);
      }
    },
  );

  it('by silence fails no send of a warm worker, and makes no answer late', async () => {
    stack.faults.add({ service: 'secretsmanager', mode: 'hang' });
    for (const seconds of [61, 301]) {
      passSeconds(seconds);
      const startedAtMs = performance.now();
      expect(await sent()).toEqual([202, 1]);
      expect(performance.now() - startedAtMs).toBeLessThan(5_500);
    }
  });

  it('by silence, with the key revoked, is 503 in time', async () => {
    const old = rotations;
    await rotateNow();
    revoke(old);
    stack.faults.add({ service: 'secretsmanager', mode: 'hang' });
    const startedAtMs = performance.now();
    expect(await sent()).toEqual([503, 0]);
    expect(performance.now() - startedAtMs).toBeLessThan(5_500);
    stack.faults.clear();
    passSeconds(10);
    expect(await sent()).toEqual([202, 1]);
  });

  it.each(['refuse', 'hang'] as const)(
    'by %s leaves a cold worker without a key until it is back',
    async (mode) => {
      await restart();
      stack.faults.add({ service: 'secretsmanager', mode });
      const startedAtMs = performance.now();
      expect(await sent()).toEqual([503, 0]);
      expect(performance.now() - startedAtMs).toBeLessThan(4_500);
      const [pid] = stack.pool('request-otp').pids;
      stack.faults.clear();
      await expect.poll(sent, { timeout: 10_000 }).toEqual([202, 1]);
      expect(stack.pool('request-otp').pids).toEqual([pid]);
    },
  );
});
