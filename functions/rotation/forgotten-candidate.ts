/**
 * A candidate that nobody promotes: somebody began to hand a key over and stopped, with two keys alive. It is looked at
 * every hour, and after a day it is said aloud.
 */

/** A planned rotation takes minutes; a day leaves room for a night between its steps. */
const candidateMaxAgeSeconds = 86_400;

/** Whether a candidate waits for too long. `storedAt` is epoch seconds, undefined when there is none. */
export function isForgotten(storedAt: number | undefined, now: number): boolean {
  return storedAt !== undefined && now - storedAt > candidateMaxAgeSeconds;
}
