/**
 * Prepares a function before its first event. Lambda gives init a full core, then freezes the worker until an event comes,
 * which may take minutes. So init waits for the work that it began, and ends what does not finish in time. `index.mjs`
 * loads the handler and awaits this promise at its top; `lib/bundle.ts` writes that file.
 *
 * When the preparation has worked, init rehearses one request, with stand-ins for the network. V8 compiles a function at
 * its first call. After init, at the CPU share of the function's memory, that would take the user several times as long.
 *
 * A failure never fails init, because Lambda would then restart the worker again and again. Init logs it, and the first
 * request tries again.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

import { report } from './report.ts';
import { nameOf, Unavailable } from './unavailable.ts';

export interface Init<World, Rehearsed> {
  /** Gives what the cold start made, or throws the reason why it could not. */
  readonly world: () => World;
  /** Starts the reads and connections. All of them end with the signal. */
  readonly prepare: (world: World, signal: AbortSignal) => readonly Promise<unknown>[];
  /**
   * Runs the path of a request without any effect. It runs last, and only when all of `prepare` worked in time. Only tests
   * use its result.
   */
  readonly rehearse?: (world: World, signal: AbortSignal) => Promise<Rehearsed>;
  /** Waits no longer than this. */
  readonly waitMs: number;
}

let waitedMs = 0;

/** Milliseconds that init has waited. Only the first call gets them; later calls get 0. */
export function takeInitWaitMs(): number {
  const taken = waitedMs;
  waitedMs = 0;
  return taken;
}

/**
 * Runs `prepare`, then `rehearse`, and waits until both have ended or the time is over. Never throws. Gives the result of
 * the rehearsal, or undefined without one.
 */
export async function initialise<World, Rehearsed = undefined>({
  world,
  prepare,
  rehearse,
  waitMs,
}: Init<World, Rehearsed>): Promise<Rehearsed | undefined> {
  const startedAtMs = performance.now();
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), waitMs);
  const isOver = new Promise<undefined>((resolve) =>
    ending.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  const run = async (): Promise<Rehearsed | undefined> => {
    const made = world();
    const begun = prepare(made, ending.signal).map((work) => work.then(() => true, reportUnready));
    const isReady = (await Promise.all(begun)).every(Boolean) && !ending.signal.aborted;
    return isReady ? rehearse?.(made, ending.signal) : undefined;
  };
  try {
    const rehearsed = await Promise.race([run(), isOver]);
    // The aborted work logs in this turn, and not after a freeze.
    if (ending.signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    return rehearsed;
  } catch {
    // Every request reports that the cold start failed: see `prepared.ts`.
    return undefined;
  } finally {
    clearTimeout(timer);
    ending.abort();
    waitedMs = Math.min(waitMs, performance.now() - startedAtMs);
  }
}

function reportUnready(error: unknown): false {
  const { dependency, reason } =
    error instanceof Unavailable ? error : { dependency: 'unknown', reason: nameOf(error) };
  report({ code: 'init.unready', requestId: 'init', dependency, reason });
  return false;
}
