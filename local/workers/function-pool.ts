/**
 * The processes of one function. The pool starts them on demand up to a limit, gives each one invocation at a time, and
 * queues the rest. It kills a worker at the function's timeout, and replaces an ended one at the next need.
 *
 * The pool freezes a worker whenever it has no invocation: from the end of its init to its first event, and from its answer
 * to the next event, as Lambda does. Without the freeze, unfinished work of a function would complete here, but not in AWS.
 */
import type { DeployedFunction } from '../deployed.ts';
import {
  freeze,
  type Invocation,
  runInvocation,
  startWorker,
  usedHeapBytes,
  type Worker,
  type WorkerClock,
} from './worker-process.ts';

export interface FunctionPool {
  invoke(event: unknown): Promise<Invocation>;
  /** Starts workers until `count` live, before anybody needs them; done when their init is. */
  prestart(count: number): Promise<void>;
  /** Moves both clocks of the present and future workers, by their number where one is given: time has passed. */
  shiftClock(seconds: number, worker?: number): void;
  /** Sets the wall clock of the present and future workers; the monotonic one goes on. */
  setWallClock(offsetSeconds: number): void;
  /** Stops both clocks of the present and future workers at a time in epoch seconds. */
  stopClock(atSeconds: number): void;
  /** Ends all workers. The next invocations get new workers with a cold start. */
  restart(): Promise<void>;
  /** The bytes in use of each worker's heap after a collection. Call it only while no worker has an invocation. */
  usedHeapBytes(): Promise<readonly number[]>;
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

/** Opens the pool of `deployed`. */
export function openFunctionPool(deployed: DeployedFunction, options: PoolOptions): FunctionPool {
  const slots: (Worker | undefined)[] = Array.from({ length: options.maxWorkers });
  const clocks: WorkerClock[] = Array.from({ length: options.maxWorkers }, () => ({ offsetMs: 0 }));
  const queue: ((slot: number) => void)[] = [];
  let isStopped = false;

  const start = (slot: number): Worker => {
    const worker = startWorker(deployed, { ...options, clock: clocks[slot] ?? { offsetMs: 0 } });
    slots[slot] = worker;
    worker.ready.then(() => freeze(worker));
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

  const endAll = async (): Promise<void> => {
    const living = slots.filter((worker) => worker !== undefined);
    for (const { process } of living) process.kill('SIGKILL');
    await Promise.all(living.map(({ ended }) => ended));
  };

  const setClocks = (clock: WorkerClock, only?: number): void => {
    for (const [slot, worker] of slots.entries()) {
      if (only !== undefined && only !== slot) continue;
      clocks[slot] = clock;
      worker?.process.send({ clock });
    }
  };

  return {
    invoke: async (event) => {
      const slot = free() ?? -1;
      const worker =
        slot >= 0 ? take(slot) : await new Promise<Worker>((resolve) => queue.push((s) => resolve(take(s))));
      const invocation = isStopped
        ? ({ tag: 'crash' } as const)
        : await runInvocation(worker, deployed, event);
      worker.isBusy = false;
      if (invocation.tag === 'timeout') {
        worker.process.kill('SIGKILL');
        await worker.ended;
      }
      next();
      freeze(worker);
      return invocation;
    },
    prestart: async (count) => {
      for (let slot = 0; slot < Math.min(count, slots.length); slot += 1)
        if (slots[slot] === undefined) start(slot);
      await Promise.all(slots.slice(0, count).map((worker) => worker?.ready));
    },
    shiftClock: (seconds, only) => setClocks({ offsetMs: seconds * 1000 }, only),
    setWallClock: (offsetSeconds) => setClocks({ offsetMs: 0, wallOffsetMs: offsetSeconds * 1000 }),
    stopClock: (atSeconds) => setClocks({ standsAtMs: atSeconds * 1000 }),
    usedHeapBytes: () => Promise.all(slots.filter((worker) => worker !== undefined).map(usedHeapBytes)),
    get pids() {
      return slots.flatMap((worker) => worker?.process.pid ?? []);
    },
    restart: endAll,
    stop: async () => {
      isStopped = true;
      await endAll();
    },
  };
}
