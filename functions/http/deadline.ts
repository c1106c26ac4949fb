/**
 * The time limit of one answer. Everything that changes state gets `signal`, so nothing starts or goes on after the app
 * has its answer.
 */

import { takeInitWaitMs } from '../runtime/init.ts';
import { answerDeadlineMs } from '../settings/fixed-numbers.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
}

/** The reason of the signal. It is created once, because Node would build a stack trace for each request. */
const over = new DOMException('the answer is given, or its time is over', 'AbortError');

/**
 * Runs `work` with a deadline. It starts now, or started with the init that this answer may have waited for. The work has
 * to end by the signal.
 */
export async function withDeadline<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const limitMs = answerDeadlineMs - takeInitWaitMs();
  const endsAtMs = performance.now() + limitMs;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(over), limitMs);
  try {
    return await work({ signal: controller.signal, remainingMs: () => endsAtMs - performance.now() });
  } finally {
    clearTimeout(timer);
    controller.abort(over);
  }
}
