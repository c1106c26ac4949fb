/**
 * The processes of one function: started on demand up to a number, one invocation at a time each, the rest waits in a
 * queue. A worker that is not done at the function's timeout is killed, one that ends is replaced at the next need.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DeployedFunction } from '../deployment.ts';

export type Invocation =
  | { readonly tag: 'result'; readonly result: unknown }
  /** The handler threw. */
  | { readonly tag: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly tag: 'timeout' }
  /** The process ended. */
  | { readonly tag: 'crash' };

export interface FunctionPool {
  invoke(event: unknown): Promise<Invocation>;
  /** Starts workers until `count` live, before anybody needs them. */
  prestart(count: number): void;
  /** Moves the clock of the present and future workers, by their number where one is given. */
  shiftClock(seconds: number, worker?: number): void;
  /** Process ids of the workers that live. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export interface PoolOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly maxWorkers: number;
  /** Told of every line that a worker writes. */
  readonly onLine: (line: string) => void;
}

interface Worker {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  isBusy: boolean;
}

/** Opens the pool of `deployed`. */
export function openFunctionPool(deployed: DeployedFunction, options: PoolOptions): FunctionPool {
  const slots: (Worker | undefined)[] = Array.from({ length: options.maxWorkers });
  const offsets: number[] = Array.from({ length: options.maxWorkers }, () => 0);
  const queue: ((slot: number) => void)[] = [];
  let isStopped = false;

  const start = (slot: number): Worker => {
    const worker = startWorker(deployed, options, offsets[slot] ?? 0);
    slots[slot] = worker;
    worker.ended.then(() => {
      if (slots[slot] === worker) slots[slot] = undefined;
    });
    return worker;
  };
  const free = (): number | undefined => {
    const idle = slots.findIndex((worker) => worker !== undefined && !worker.isBusy);
    const empty = slots.indexOf(undefined);
    return idle >= 0 ? idle : empty >= 0 ? empty : undefined;
  };
  const take = (slot: number): Worker => {
    const worker = slots[slot] ?? start(slot);
    worker.isBusy = true;
    return worker;
  };
  const next = (): void => {
    const slot = free();
    const waiting = slot === undefined ? undefined : queue.shift();
    if (slot !== undefined && waiting !== undefined) waiting(slot);
  };

  return {
    invoke: async (event) => {
      const slot = free() ?? -1;
      const worker =
        slot >= 0 ? take(slot) : await new Promise<Worker>((resolve) => queue.push((s) => resolve(take(s))));
      const invocation = isStopped ? ({ tag: 'crash' } as const) : await run(worker, deployed, event);
      worker.isBusy = false;
      if (invocation.tag === 'timeout') {
        worker.process.kill('SIGKILL');
        await worker.ended;
      }
      next();
      return invocation;
    },
    prestart: (count) => {
      for (let slot = 0; slot < Math.min(count, slots.length); slot += 1)
        if (slots[slot] === undefined) start(slot);
    },
    shiftClock: (seconds, only) => {
      for (const [slot, worker] of slots.entries()) {
        if (only !== undefined && only !== slot) continue;
        offsets[slot] = seconds * 1000;
        worker?.process.send({ offsetMs: seconds * 1000 });
      }
    },
    get pids() {
      return slots.flatMap((worker) => worker?.process.pid ?? []);
    },
    stop: async () => {
      isStopped = true;
      const living = slots.filter((worker) => worker !== undefined);
      for (const { process } of living) process.kill('SIGKILL');
      await Promise.all(living.map(({ ended }) => ended));
    },
  };
}

function startWorker(
  { directory, handler }: DeployedFunction,
  options: PoolOptions,
  offsetMs: number,
): Worker {
  const process = fork(join(import.meta.dirname, 'worker.cjs'), [directory, handler, String(offsetMs)], {
    env: { ...options.environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Not the terminal's process group: a Ctrl-C is for the runner, which lets answers under way finish.
    detached: true,
  });
  for (const stream of [process.stdout, process.stderr]) forEachLine(stream, options.onLine);
  const ended = new Promise<void>((resolve) => process.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve) => process.once('message', () => resolve()));
  process.on('error', () => undefined);
  return { process, ready: Promise.race([ready, ended]), ended, isBusy: false };
}

async function run(
  worker: Worker,
  { name, arn, timeoutMs, memoryMib }: DeployedFunction,
  event: unknown,
): Promise<Invocation> {
  await worker.ready;
  const context = {
    awsRequestId: randomUUID(),
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMib),
    timeoutMs,
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => end({ tag: 'timeout' }), timeoutMs);
    const onMessage = (message: {
      result?: unknown;
      error?: { errorType: string; errorMessage: string };
    }): void =>
      end(message.error ? { tag: 'error', ...message.error } : { tag: 'result', result: message.result });
    const end = (invocation: Invocation): void => {
      clearTimeout(timer);
      worker.process.off('message', onMessage);
      resolve(invocation);
    };
    worker.process.on('message', onMessage);
    worker.ended.then(() => end({ tag: 'crash' }));
    if (worker.process.connected) worker.process.send({ event, context });
  });
}

function forEachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
