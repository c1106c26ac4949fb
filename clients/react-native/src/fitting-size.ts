/** Font sizes that fit. They may stay below the phone's text size, because people misread a digit that is cut off. */

/** The greatest width of a digit, as a share of its font size. Tabular digits of system fonts are narrower. */
const digitWidth = 0.64;

interface Line {
  /** Width of the line in points; 0 before the first layout. */
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
