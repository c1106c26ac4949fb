/**
 * One process of a function: started, given an invocation, listened to; and stopped in between, as Lambda freezes an
 * execution environment: SIGSTOP stands for the freeze, and SIGCONT for the thaw.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (between two invocations)
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { DeployedFunction } from '../deployed.ts';
import { watchOver } from './watcher.ts';

export type Invocation =
  | { readonly tag: 'result'; readonly result: unknown }
  /** The handler threw. */
  | { readonly tag: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly tag: 'timeout' }
  /** The process ended. */
  | { readonly tag: 'crash' };

export interface Worker {
  readonly process: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  isBusy: boolean;
}

/**
 * How a worker's clocks, wall and monotonic, differ from the machine's: off by so much, or standing still; and by how
 * much the wall clock alone is off besides.
 */
export type WorkerClock = ({ readonly offsetMs: number } | { readonly standsAtMs: number }) & {
  readonly wallOffsetMs?: number;
};

interface WorkerOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Told of every line that the worker writes. */
  readonly onLine: (line: string) => void;
  readonly clock: WorkerClock;
}

/** What Lambda's runtime gives Node on its command line, in percent of the function's memory. */
const semiSpacePercent = 5;
const oldSpacePercent = 90;

/** Starts a process; it is ready when its init is over: the bundle loaded, and what it awaits at its top. */
export function startWorker(
  { directory, handler, memoryMib }: DeployedFunction,
  options: WorkerOptions,
): Worker {
  const { environment, onLine, clock } = options;
  const mib = (percent: number): number => Math.floor((memoryMib * percent) / 100);
  const process = fork(join(import.meta.dirname, 'worker.cjs'), [directory, handler, JSON.stringify(clock)], {
    env: { ...environment },
    execArgv: [
      '--expose-gc',
      `--max-semi-space-size=${mib(semiSpacePercent)}`,
      `--max-old-space-size=${mib(oldSpacePercent)}`,
    ],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Not the terminal's process group: a Ctrl-C is for the runner, which lets answers under way finish.
    detached: true,
  });
  for (const stream of [process.stdout, process.stderr]) forEachLine(stream, onLine);
  const forget = process.pid === undefined ? () => undefined : watchOver(process.pid);
  const ended = new Promise<void>((resolve) =>
    process.once('exit', () => {
      forget();
      resolve();
    }),
  );
  const ready = new Promise<void>((resolve) => process.once('message', () => resolve()));
  process.on('error', () => undefined);
  return { process, ready: Promise.race([ready, ended]), ended, isBusy: false };
}

/** Stops a worker that has nothing to do; what it left under way stands still with it. */
export function freeze({ process, isBusy }: Worker): void {
  if (!isBusy) process.kill('SIGSTOP');
}

function thaw({ process }: Worker): void {
  process.kill('SIGCONT');
}

/** Runs one invocation, for at most the function's timeout. The worker goes on afterwards, until it is frozen. */
export async function runInvocation(
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
    thaw(worker);
    if (worker.process.connected) worker.process.send({ event, context });
  });
}

/** What is still in use of an idle worker's heap after a collection, in bytes. It is thawed to answer. */
export async function usedHeapBytes(worker: Worker): Promise<number> {
  const { process, ready, ended } = worker;
  await ready;
  thaw(worker);
  const bytes = await new Promise<number>((resolve, reject) => {
    process.once('message', (message: { usedHeapBytes: number }) => resolve(message.usedHeapBytes));
    ended.then(() => reject(new Error('the worker has ended')));
    process.send({ collect: true });
  });
  freeze(worker);
  return bytes;
}

function forEachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
