/**
 * R5: the provider's key rotated ten times under load, each old key revoked the moment the new one is current. The
 * limits of route and address, and the provider's throttle per caller, are raised by the ordinary switches, because one
 * machine plays everybody.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { startLocalStack } from '../../local/local-stack.ts';
import { oneMachinePlaysEverybody } from '../../test-kit/one-machine.ts';
import { keyReads, linesOf, rotate } from '../../test-kit/provider-key.ts';
import { smsTo } from '../../test-kit/sign-in.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { load, sendsPerSecond, warmUp } from './load.ts';

const workers = 8;
const rotations = 10;
const rotationEveryMs = 1_000;
const warmUpTries = 20;

/** Rotates under load. */
export async function keyRotations({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const total = scaled(rotations, { scale });
  const stack = await startLocalStack({
    workers,
    prestart: workers,
    settings: oneMachinePlaysEverybody,
  });
  const violations: string[] = [];
  try {
    // A slow provider keeps all workers busy.
    stack.provider.control({ requestsPerThrottleWindow: 1_000_000, latencyMs: 100, balance: 100_000 });
    for (let i = 0; i < warmUpTries; i += 1)
      if ((await warmUp(stack, workers)).every((status) => status === 202)) break;
    const from = { call: stack.awsCalls.length, line: stack.logLines.length };
    let isOver = false;
    const loading = load(stack, () => isOver);
    let old = 'first';
    for (let n = 1; n <= total && !signal.aborted; n += 1) {
      await wait(rotationEveryMs / 2);
      const before = stack.awsCalls.length;
      await rotate(stack, `rotation ${n}`);
      stack.provider.control({ revokeKey: old });
      old = `rotation ${n}`;
      await wait(rotationEveryMs / 2);
      const reads = keyReads(stack, before).current;
      if (reads > workers) violations.push(`rotation ${n}: ${reads} reads of the key by ${workers} workers`);
      onProgress(`${n} of ${total} rotations`);
    }
    await wait(rotationEveryMs / 2);
    isOver = true;
    const sends = await loading;

    const failed = sends.filter(({ reply }) => reply.status !== 202 || reply.json.delivery !== 'accepted');
    const duplicates = sends.filter(({ number }) => smsTo(stack, number) > 1).length;
    const missing = sends.filter(({ number }) => smsTo(stack, number) === 0).length;
    const rejected = linesOf(stack, 'request-otp.key-rejected', from.line).length;
    const keysUsed = new Set(stack.provider.sends.map(({ keyLabel }) => keyLabel)).size;
    violations.push(...failed.map(({ reply }) => `a send was answered ${reply.status} ${reply.text}`));
    if (duplicates > 0) violations.push(`${duplicates} numbers got two SMS`);
    if (missing > failed.length) violations.push(`${missing} numbers got no SMS`);
    if (rejected > 0) violations.push(`the alarm for a rejected key rang ${rejected} times`);
    if (keysUsed !== total + 1) violations.push(`${keysUsed} keys were used in ${total} rotations`);
    const outdated = linesOf(stack, 'request-otp.key-outdated', from.line).length;
    return {
      id: 'R5',
      what: `${total} rotations of the provider's key at ${sendsPerSecond} sends/s, each old key revoked at once`,
      goal: '0 failed, 0 duplicate sends',
      seen: `${failed.length} failed, ${duplicates} duplicate of ${sends.length} sends; ${outdated} calls with a key that was just revoked, each repeated with the new one`,
      method: `the whole local stack, ${workers} processes of request-otp`,
      seed,
      violations,
    };
  } finally {
    await stack.stop();
  }
}
