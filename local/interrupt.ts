/** Ctrl-C, for every command that people run: a sentence and the exit status that a shell expects, never a stack trace. */
import { setImmediate as turn } from 'node:timers/promises';

/** 128 and the number of SIGINT, as shells have it. */
export const interruptedStatus = 130;

/** Somebody pressed Ctrl-C at a question. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted. Nothing was done.');
  }
}

/**
 * Ends the process at Ctrl-C, with `sentence` and after `cleanUp`; a second Ctrl-C ends it at once. What the signal
 * that is given back has aborted may fail, and nobody needs to be told how.
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
 * Resolves when a Ctrl-C has had its turn that came while this process was busy. A terminal sends it to the children,
 * too, and the failure of one is seen before the signal is.
 */
export function signalsHadTheirTurn(): Promise<void> {
  return turn();
}
