/** Font sizes that fit: a digit that is cut off is read wrongly, so these may stay smaller than the phone's setting. */

/** How wide a digit is at most, as a share of its font size; tabular digits of system fonts are narrower. */
const digitWidth = 0.64;

interface Line {
  /** Points that the line has; 0 before the first layout. */
  readonly width: number;
  readonly characters: number;
  /** The phone's own text size, 1 or more. */
  readonly fontScale: number;
}

/** `size`, or the largest below it at which the line is not cut off once the phone has scaled it. */
export function fittingSize(size: number, { width, characters, fontScale }: Line): number {
  if (width <= 0) return size;
  return Math.min(size, width / (characters * digitWidth * fontScale));
}
