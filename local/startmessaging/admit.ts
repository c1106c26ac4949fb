/** The provider's limits: sliding windows, which are only in memory. */

/** Counts one more at `key` and returns true, unless the window is full. Times are epoch milliseconds. */
export function admit(
  times: Map<string, number[]>,
  key: string,
  { nowMs, windowMs: lengthMs, max }: { nowMs: number; windowMs: number; max: number },
): boolean {
  const recent = (times.get(key) ?? []).filter((time) => time > nowMs - lengthMs);
  if (recent.length >= max) return false;
  times.set(key, [...recent, nowMs]);
  return true;
}
