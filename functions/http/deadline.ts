/**
 * The time limit of one answer. Everything that changes state gets `signal`, so that nothing starts, or goes on,
 * after the app was told the outcome.
 */
import { answerDeadlineMs } from '../otp/policy.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  readonly remainingMs: () => number;
}

/** Why the signal says that it is over; made once, because a reason of Node's own costs a stack for each request. */
const over = new DOMException('the answer is given, or its time is over', 'AbortError');

/** Runs `work` with a deadline that starts now. The work ends itself by the signal. */
export async function withDeadline<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const endsAtMs = performance.now() + answerDeadlineMs;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(over), answerDeadlineMs);
  try {
    return await work({ signal: controller.signal, remainingMs: () => endsAtMs - performance.now() });
  } finally {
    clearTimeout(timer);
    controller.abort(over);
  }
}
