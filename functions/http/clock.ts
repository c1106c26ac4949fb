/** The one place that reads the clock for a decision: whole epoch seconds, rounded down. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
