/** Ends every command at Ctrl-C with one sentence and the exit status that a shell expects, without a stack trace. */
import { setImmediate as turn } from 'node:timers/promises';

/** 128 plus the number of SIGINT, the convention of shells. */
export const interruptedStatus = 130;

/** The person pressed Ctrl-C at a question. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted. Nothing was done.');
  }
}

/**
 * Ends the process at Ctrl-C: it prints `sentence` and runs `cleanUp` first. A second Ctrl-C ends it at once. Work that the
 * returned signal aborts may fail, and the caller need not report that.
 */
export function onInterrupt(
  sentence: string,
  cleanUp: () => Promise<void> = async () => undefined,
): AbortSignal {
  const interrupted = new AbortController();
  process.on('SIGINT', () => {
    if (interrupted.signal.aborted) process.exit(interruptedStatus);
    interrupted.abort();
    console.error(`\n${sentence}`);
    const exit = (): never => process.exit(interruptedStatus);
    cleanUp().then(exit, exit);
  });
  return interrupted.signal;
}

/**
 * Resolves after this process has handled a Ctrl-C that came while it was busy. A terminal sends Ctrl-C to the children as
 * well, and this process may see a child's failure before the signal.
 */
export function signalsHadTheirTurn(): Promise<void> {
  return turn();
}
