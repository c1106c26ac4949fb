/**
 * What a worker says once in each minute of the clock. CloudWatch keeps metrics by the minute. So a metric of which a reader
 * wants the minutes in which it was there, or the highest value of a minute, needs one log line a minute and not one per SMS.
 */

/** The last minute in which each was said. There are as many as names of metrics and versions of the provider's key. */
const lastMinutes = new Map<string, number>();

/** Whether nobody asked for `what` yet in the minute of `now` (epoch seconds). */
export function isDueThisMinute(what: string, now: number): boolean {
  const minute = Math.floor(now / 60);
  if (lastMinutes.get(what) === minute) return false;
  lastMinutes.set(what, minute);
  return true;
}
