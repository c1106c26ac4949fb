/** A number as a report shows it: enough to recognise what one knows, not enough to call it. */

/** Digits of a prefix that name a range and nobody: below it there are 10,000 numbers. */
const openPrefixLength = '+91'.length + 6;
const wholeLength = '+91'.length + 10;

/** `+91******3210` of a number; a prefix as it is, as far as it names nobody. */
export function masked(entry: string): string {
  if (entry.length === wholeLength) return `+91******${entry.slice(-4)}`;
  return `${entry.slice(0, openPrefixLength)}${'*'.repeat(Math.max(0, entry.length - openPrefixLength))}…`;
}

/** How many numbers begin with a prefix. */
export function numbersWith(prefix: string): number {
  return 10 ** (wholeLength - prefix.length);
}
