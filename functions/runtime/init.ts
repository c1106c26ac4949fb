/**
 * What a function does before its first event. Lambda gives init a full core, then freezes the worker until an event
 * comes, which may take minutes: so init waits for what it began, and what it could not finish in its time it ends.
 * The handler is loaded by `index.mjs`, which awaits this promise at its top; `lib/bundle.ts` writes that file.
 *
 * A failure never fails init, or Lambda would start the worker again and again. It is a line in the log, and the first
 * request tries anew.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */

import { report } from './report.ts';
import { nameOf, Unavailable } from './unavailable.ts';

export interface Init<World> {
  /** Gives what was made at cold start, or throws why it could not be. */
  readonly world: () => World;
  /** Begins to read and connect. All of it ends with the signal. */
  readonly prepare: (world: World, signal: AbortSignal) => readonly Promise<unknown>[];
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

/** Runs `prepare` and waits until all of it has ended, or its time is over. Never throws. */
export async function initialise<World>({ world, prepare, waitMs }: Init<World>): Promise<void> {
  const startedAtMs = performance.now();
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), waitMs);
  const isOver = new Promise<void>((resolve) =>
    ending.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  try {
    const begun = prepare(world(), ending.signal).map((work) => work.catch(reportUnready));
    await Promise.race([Promise.all(begun), isOver]);
    // What was ended says so in this turn, and not after a freeze.
    if (ending.signal.aborted) await new Promise((resolve) => setImmediate(resolve));
  } catch {
    // What cannot be made is told by every request: see `prepared.ts`.
  } finally {
    clearTimeout(timer);
    ending.abort();
    waitedMs = Math.min(waitMs, performance.now() - startedAtMs);
  }
}

function reportUnready(error: unknown): void {
  const { dependency, reason } =
    error instanceof Unavailable ? error : { dependency: 'unknown', reason: nameOf(error) };
  report({ code: 'init.unready', requestId: 'init', dependency, reason });
}
