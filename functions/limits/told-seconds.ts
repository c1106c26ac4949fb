/**
 * The seconds of a wait in an answer to a client. They come from times of another worker, whose clock may be ahead, or from
 * damaged data. So the result is whole, never negative, and never above the setting that it comes from.
 */

/** `seconds`, rounded up and between 0 and `atMostSeconds`. NaN gives `atMostSeconds`. */
export function toldSeconds(seconds: number, atMostSeconds: number): number {
  return seconds <= atMostSeconds ? Math.max(0, Math.ceil(seconds)) : atMostSeconds;
}
