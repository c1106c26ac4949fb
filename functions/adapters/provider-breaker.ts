/**
 * A worker that has seen the provider fail several times in a row stops sending for a while, so that users get their
 * 503 at once instead of after four seconds, and a provider in trouble is left alone. Then one send goes through, to
 * see; each failure of it doubles the pause. Nothing is kept for later: no queue of stale codes can burst out.
 *
 * Only what `provider.md` marks counts: a carrier that refused, an answer that says nothing, no answer at all. Each
 * worker finds out for itself; the breaker is cockatiel's.
 */
import { ConsecutiveBreaker, circuitBreaker, DelegateBackoff, handleWhenResult } from 'cockatiel';
import { breakerFailures, breakerFirstPauseMs, breakerMaxPauseMs } from '../otp/policy.ts';
import type { SendOutcome } from '../otp/send-outcome.ts';

export interface ProviderBreaker {
  /** Seconds for which nothing is sent, rounded up; 0 when the next send goes through. */
  pausedSeconds(): number;
  /** Sends, and takes note of the outcome; `onPause` is told when it makes the worker stop. Ask {@link pausedSeconds} first. */
  run(send: () => Promise<SendOutcome>, onPause: () => void): Promise<SendOutcome>;
}

const clockMarginMs = 500;

/** A breaker for one worker. */
export function openProviderBreaker(): ProviderBreaker {
  let pausedUntilMs = 0;
  const pause = (attempt: number): number => {
    const pauseMs = Math.min(breakerMaxPauseMs, breakerFirstPauseMs * 2 ** (attempt - 1));
    pausedUntilMs = Date.now() + pauseMs;
    // Its own clock reading comes a little later than ours: what we call over must be over for the breaker too.
    return pauseMs - clockMarginMs;
  };
  const breaker = circuitBreaker(
    handleWhenResult((outcome) => isFailure(outcome as SendOutcome)),
    {
      breaker: new ConsecutiveBreaker(breakerFailures),
      halfOpenAfter: new DelegateBackoff(({ attempt }) => pause(attempt)),
    },
  );
  return {
    pausedSeconds: () => Math.max(0, Math.ceil((pausedUntilMs - Date.now()) / 1000)),
    run: async (send, onPause) => {
      const before = pausedUntilMs;
      const outcome = await breaker.execute(send);
      if (pausedUntilMs !== before) onPause();
      return outcome;
    },
  };
}

function isFailure(outcome: SendOutcome): boolean {
  switch (outcome.tag) {
    case 'unconfirmed':
    case 'failed':
      return true;
    case 'refused':
      return outcome.cause === 'carrier';
    case 'accepted':
    case 'number-limited':
      return false;
  }
}
