/**
 * Seconds as a client is told them. They come from times that another worker wrote, whose clock may be ahead, or that
 * somebody damaged: what a client is told is whole, not negative, and never more than the setting that it comes from.
 */

/** `seconds`, rounded up and between 0 and `atMostSeconds`; what is no number is the most. */
export function toldSeconds(seconds: number, atMostSeconds: number): number {
  return seconds <= atMostSeconds ? Math.max(0, Math.ceil(seconds)) : atMostSeconds;
}
