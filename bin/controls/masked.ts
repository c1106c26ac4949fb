/** A masked number for reports: enough to recognise a known number, not enough to call it. */

/** A prefix up to this many digits stays unmasked. At least 10,000 numbers share it, so it identifies nobody. */
const openPrefixLength = '+91'.length + 6;
const wholeLength = '+91'.length + 10;

/** `+91******3210` for a number. A short prefix stays as it is, because it identifies nobody. */
export function masked(entry: string): string {
  if (entry.length === wholeLength) return `+91******${entry.slice(-4)}`;
  return `${entry.slice(0, openPrefixLength)}${'*'.repeat(Math.max(0, entry.length - openPrefixLength))}…`;
}

/** How many numbers begin with a prefix. */
export function numbersWith(prefix: string): number {
  return 10 ** (wholeLength - prefix.length);
}
