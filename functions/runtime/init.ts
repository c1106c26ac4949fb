/**
 * What a function does before its first event. Lambda gives init a full core, then freezes the worker until an event
 * comes, which may take minutes: so init waits for what it began, and what it could not finish in its time it ends.
 * The handler is loaded by `index.mjs`, which awaits this promise at its top; `lib/bundle.ts` writes that file.
 *
 * When everything is there it rehearses one request, with stand-ins for the network: V8 compiles a function when it is
 * first called, and after init that costs the user several times as much, at the CPU share of the function's memory.
 *
 * A failure never fails init, or Lambda would start the worker again and again. It is a line in the log, and the first
 * request tries anew.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

import { report } from './report.ts';
import { nameOf, Unavailable } from './unavailable.ts';

export interface Init<World, Rehearsed> {
  /** Gives what was made at cold start, or throws why it could not be. */
  readonly world: () => World;
  /** Begins to read and connect. All of it ends with the signal. */
  readonly prepare: (world: World, signal: AbortSignal) => readonly Promise<unknown>[];
  /**
   * Runs the path of a request without any effect. Comes last, and only when all of `prepare` worked in its time; what
   * comes of it is for nobody but a test.
   */
  readonly rehearse?: (world: World, signal: AbortSignal) => Promise<Rehearsed>;
  /** Waits no longer than this. */
  readonly waitMs: number;
}

let waitedMs = 0;

/** How long init has waited, for the first who asks; 0 for everybody after. */
export function takeInitWaitMs(): number {
  const taken = waitedMs;
  waitedMs = 0;
  return taken;
}

/**
 * Runs `prepare`, then `rehearse`, and waits until all of it has ended, or its time is over. Never throws. Gives what
 * came of the rehearsal, or undefined without one.
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
    // What was ended says so in this turn, and not after a freeze.
    if (ending.signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    return rehearsed;
  } catch {
    // What cannot be made is told by every request: see `prepared.ts`.
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
