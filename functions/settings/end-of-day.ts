/** When a day of a setting or a control ends. A file of its own, so that verify-otp's bundle carries no controls for it. */

/** The first second after a day, UTC. A day that the calendar does not have ends when the month does. */
export function endOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return Date.UTC(year, month - 1, date + 1) / 1000;
}
