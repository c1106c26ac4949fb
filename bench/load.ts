/**
 * The load run: 15 sends and 200 verifies a second on the local stack. The loop is open: a call goes out at its time,
 * whether or not the earlier ones have an answer. Three of four codes are typed in. The other verifies are wrong codes and
 * forged ids, as from an attacker. No answer but 429 may be an error, and no worker's heap may fill up.
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
  /** The number of answers by route and status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** One line for each error. An empty list means success. */
  readonly failures: readonly string[];
  readonly lines: readonly string[];
}

/** The expected statuses; a 429 is a limit that works. */
const expected: Readonly<Record<string, readonly number[]>> = {
  '/auth/request-otp': [202, 429],
  '/auth/verify-otp': [200, 422, 429],
};

/** The growth of a worker's heap after a collection, from a third of the run to its end, that does not count as a leak. */
const maxGrowth = 1.25;

/** New processes still compile while they work. The load rises over this time, and the measurement begins after it. */
const rampSeconds = 15;

/** Runs the load and reports. */
export async function runLoad({
  seconds,
  sendsPerSecond,
  verifiesPerSecond,
}: LoadOptions): Promise<LoadReport> {
  const gatewayMs: Record<string, number[]> = {};
  let isRamp = true;
  const stack = await startLocalStack({
    settings: roomySettings,
    workers: 3,
    prestart: 3,
    onAccess: ({ path, latencyMs }) => {
      if (isRamp) return;
      gatewayMs[path] ??= [];
      gatewayMs[path].push(latencyMs);
    },
  });
  stack.provider.control(roomyProvider);
  const statuses: Record<string, number> = {};
  const failures: string[] = [];
  const clientMs: Record<string, number[]> = {};
  const live: { requestId: string; phoneNumber: string }[] = [];
  /** Numbers that get only wrong guesses. They have used up their guesses, so a right code would be refused. */
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
    if (!isRamp) clientMs[path].push(performance.now() - startedAtMs);
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
  const pools = ['request-otp', 'verify-otp'].map((name) => stack.pool(name));
  const residentMib = (): number => Math.max(...pools.flatMap(({ pids }) => pids.map(residentMibOf)));
  const pending = new Set<Promise<void>>();
  const go = (work: () => Promise<void>): void => {
    const running = work().catch((error: unknown) => {
      failures.push(String(error));
    });
    pending.add(running);
    running.finally(() => pending.delete(running));
  };
  /** Calls at `share` of the rates, which may change with time, for so many seconds; waits for every answer. */
  const run = async (forSeconds: number, share: (elapsed: number) => number): Promise<void> => {
    let [sends, verifies, before] = [0, 0, performance.now()];
    for (const endsAt = before + forSeconds * 1000; before < endsAt; ) {
      await pause(5);
      const now = performance.now();
      const due = ((now - before) / 1000) * share(1 - (endsAt - now) / 1000 / forSeconds);
      before = now;
      for (sends += due * sendsPerSecond; sends >= 1; sends -= 1) go(send);
      for (verifies += due * verifiesPerSecond; verifies >= 1; verifies -= 1) go(verify);
    }
    await Promise.all(pending);
  };
  const usedHeapMib = async (): Promise<number> => {
    const bytes = await Promise.all(pools.map((pool) => pool.usedHeapBytes()));
    return Math.max(...bytes.flat()) / 1024 / 1024;
  };
  const used = { early: 0, late: 0, residentMib: 0 };
  try {
    await run(rampSeconds, (elapsed) => elapsed);
    isRamp = false;
    await run(seconds / 3, () => 1);
    used.early = await usedHeapMib();
    await run((2 * seconds) / 3, () => 1);
    used.residentMib = residentMib();
    used.late = await usedHeapMib();
  } finally {
    await stack.stop();
  }
  // If the limits refused everybody, the load would look free of errors.
  for (const [wanted, served] of [
    ['a request was accepted', '/auth/request-otp 202'],
    ['a code won', '/auth/verify-otp 200'],
  ] as const)
    if (statuses[served] === undefined) failures.push(`never once ${wanted}`);
  if (used.late > used.early * maxGrowth)
    failures.push(
      `what a worker's heap holds grew from ${used.early.toFixed(1)} to ${used.late.toFixed(1)} MiB`,
    );
  const lines = Object.entries(clientMs).map(([path, times]) => {
    const own = gatewayMs[path] ?? [];
    const at = (share: number): string =>
      `p${share * 100} ${percentile(times, share).toFixed(0)} ms (stack ${percentile(own, share).toFixed(0)})`;
    return `${path}: ${times.length} calls, ${[0.5, 0.95, 0.99].map(at).join(', ')}`;
  });
  lines.push(
    `most that a worker’s heap holds after a collection: ${used.early.toFixed(1)} MiB after a third, ${used.late.toFixed(1)} MiB at the end; largest process then ${used.residentMib.toFixed(0)} MiB`,
  );
  return { statuses, failures, lines };
}

/** What a process holds in memory (proc(5), statm: the second number is resident pages). */
function residentMibOf(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1024 / 1024;
}
