/** Replaces `session-calls.ts` in a bundle without sessions: no log has such a call. */
import type { SessionWords } from './session-calls.ts';

export function sessionWords(): SessionWords | undefined {
  return undefined;
}

export const callsWithoutLine = '';

export const endCodes: ReadonlySet<string> = new Set();
