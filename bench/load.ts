/**
 * Load: 15 sends and 200 verifies a second on the local stack, open loop: a call goes out at its time, whether or not
 * the ones before were answered. Three of four codes that were sent are typed in; the other verifies are wrong codes for
 * the rest and forged ids, as an attacker would send. Nothing but 429 may go wrong, and no worker may grow.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalStack } from '../local/local-stack.ts';
import { percentile } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import { roomyProvider, roomySettings } from './workbench.ts';

export interface LoadOptions {
  readonly seconds: number;
  readonly sendsPerSecond: number;
  readonly verifiesPerSecond: number;
}

export interface LoadReport {
  /** How many answers had which status, by route and status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** One line for each thing that went wrong; none is what one wants. */
  readonly failures: readonly string[];
  readonly lines: readonly string[];
}

/** Statuses that the load asks for; 429 is a limit that does its work. */
const expected: Readonly<Record<string, readonly number[]>> = {
  '/auth/request-otp': [202, 429],
  '/auth/verify-otp': [200, 422, 429],
};

/** Growth of a worker from a third of the run to its end that is no leak: heaps breathe. */
const maxGrowth = 1.25;

/** Runs the load and reports. */
export async function runLoad({
  seconds,
  sendsPerSecond,
  verifiesPerSecond,
}: LoadOptions): Promise<LoadReport> {
  const gatewayMs: Record<string, number[]> = {};
  const stack = await startLocalStack({
    settings: roomySettings,
    workers: 3,
    prestart: 3,
    onAccess: ({ path, latencyMs }) => {
      gatewayMs[path] ??= [];
      gatewayMs[path].push(latencyMs);
    },
  });
  stack.provider.control(roomyProvider);
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const clientMs: Record<string, number[]> = {};
  const live: { requestId: string; phoneNumber: string }[] = [];
  /** Numbers that are only guessed at: a right code for one of them would meet its spent guesses. */
  const victims: string[] = [];
  const call = async (path: string, body: unknown): Promise<{ status: number; requestId?: string }> => {
    const startedAtMs = performance.now();
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${stack.apiUrl}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const json = Object(await answer.json());
    clientMs[path] ??= [];
    clientMs[path].push(performance.now() - startedAtMs);
    const key = `${path} ${answer.status}`;
    statuses[key] = (statuses[key] ?? 0) + 1;
    if (!expected[path]?.includes(answer.status)) failures.push(`${key} ${json.type ?? ''}`);
    return { status: answer.status, requestId: json.requestId };
  };
  let requests = 0;
  const send = async (): Promise<void> => {
    const phoneNumber = freshNumber();
    const { status, requestId } = await call('/auth/request-otp', { phoneNumber });
    if (status !== 202 || requestId === undefined) return;
    requests += 1;
    if (requests % 4 === 0) victims.push(requestId);
    else live.push({ requestId, phoneNumber });
  };
  let turn = 0;
  const verify = async (): Promise<void> => {
    turn += 1;
    const right = turn % Math.round(verifiesPerSecond / sendsPerSecond) === 0 ? live.shift() : undefined;
    const sms = right && stack.provider.sends.findLast((s) => s.phoneNumber === right.phoneNumber);
    if (right !== undefined && sms !== undefined) {
      const { status } = await call('/auth/verify-otp', { requestId: right.requestId, code: sms.code });
      if (status !== 200) failures.push(`a right code was answered ${status}`);
      return;
    }
    const target = turn % 3 === 0 ? victims.at(-1) : undefined;
    await call('/auth/verify-otp', { requestId: target ?? 'A'.repeat(63), code: '0000000'.slice(0, 6) });
  };
  const memory: number[] = [];
  const pools = ['request-otp', 'verify-otp'].map((name) => stack.pool(name));
  const residentMib = (): number => Math.max(...pools.flatMap(({ pids }) => pids.map(residentMibOf)));
  const pending = new Set<Promise<void>>();
  const startedAtMs = performance.now();
  const go = (work: () => Promise<void>): void => {
    const running = work().catch((error: unknown) => {
      failures.push(String(error));
    });
    pending.add(running);
    running.finally(() => pending.delete(running));
  };
  try {
    let [sends, verifies] = [0, 0];
    for (let second = 0; second < seconds; ) {
      const elapsed = (performance.now() - startedAtMs) / 1000;
      for (; sends < elapsed * sendsPerSecond; sends += 1) go(send);
      for (; verifies < elapsed * verifiesPerSecond; verifies += 1) go(verify);
      if (elapsed > second + 1) {
        second += 1;
        memory.push(residentMib());
      }
      await pause(5);
    }
    await Promise.all(pending);
  } finally {
    await stack.stop();
  }
  const early = memory[Math.floor(memory.length / 3)] ?? 0;
  const late = memory.at(-1) ?? 0;
  if (late > early * maxGrowth)
    failures.push(`a worker grew from ${early.toFixed(0)} to ${late.toFixed(0)} MiB`);
  const lines = Object.entries(clientMs).map(([path, times]) => {
    const own = gatewayMs[path] ?? [];
    const at = (share: number): string =>
      `p${share * 100} ${percentile(times, share).toFixed(0)} ms (stack ${percentile(own, share).toFixed(0)})`;
    return `${path}: ${times.length} calls, ${[0.5, 0.95, 0.99].map(at).join(', ')}`;
  });
  lines.push(`largest worker: ${early.toFixed(0)} MiB after a third, ${late.toFixed(0)} MiB at the end`);
  return { statuses, failures, lines };
}

/** What a process holds in memory (proc(5), statm: the second number is resident pages). */
function residentMibOf(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1024 / 1024;
}
