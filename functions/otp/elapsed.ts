/**
 * How long ago something was, by two clocks of one worker. The wall clock may be set, forwards or back; the monotonic
 * clock may have stood still while Lambda froze the worker. A pause or an age is over as soon as either clock says so,
 * and a clock that ran backwards proves nothing, so then it is over as well.
 */

/** Two clocks of this machine, in milliseconds. Only differences of `monotonicMs` mean anything. */
export interface Clocks {
  /** Since the epoch. */
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

/** Starts to measure. The result gives milliseconds since then, at least 0; infinity after a clock ran backwards. */
export function startElapsed({ wallMs, monotonicMs }: Clocks): () => number {
  const startedAt = { wallMs: wallMs(), monotonicMs: monotonicMs() };
  return () => {
    const byWallMs = wallMs() - startedAt.wallMs;
    const byMonotonicMs = monotonicMs() - startedAt.monotonicMs;
    const isBackwards = byWallMs < 0 || byMonotonicMs < 0;
    return isBackwards ? Number.POSITIVE_INFINITY : Math.max(byWallMs, byMonotonicMs);
  };
}

/** Starts a pause. The result gives the whole seconds that are left of it, rounded up; 0 when it is over. */
export function startPause(clocks: Clocks, seconds: number): () => number {
  const elapsedMs = startElapsed(clocks);
  return () => Math.max(0, Math.ceil(seconds - elapsedMs() / 1000));
}
