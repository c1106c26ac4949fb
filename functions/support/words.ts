/** Times and limits in plain words. Users and support are in India, so each time is given there; logs and alarms use UTC. */
import type { Limit } from '../limits/limits.ts';

const clock = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', ...options });
const inIndia = clock('Asia/Kolkata', { day: 'numeric', month: 'short', second: '2-digit' });
const inUtc = clock('UTC', { second: '2-digit' });
const forUsers = clock('Asia/Kolkata', {});

/** `26 Nov, 19:32:10 IST (14:02:10 UTC)`; `at` is epoch seconds. */
export function moment(at: number): string {
  const date = new Date(at * 1000);
  return `${inIndia.format(date)} IST (${inUtc.format(date)} UTC)`;
}

const withYear = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Kolkata',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** `26 Nov 2026`, for what is up to years ahead. */
export function day(at: number): string {
  return withYear.format(new Date(at * 1000));
}

/** `19:32`, as a user's clock shows it. */
export function clockTime(at: number): string {
  return forUsers.format(new Date(at * 1000));
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `90 minutes`, `1 day`: in the largest unit that gives a whole number. */
function duration(seconds: number): string {
  const [name, size] = units.find(([, unit]) => seconds >= unit && seconds % unit === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** `12 min`: a span that has no exact name, rounded up to whole minutes from two minutes on. */
export function span(seconds: number): string {
  return seconds < 120 ? `${Math.max(0, Math.round(seconds))} s` : `${Math.ceil(seconds / 60)} min`;
}

/** `at most 5 in 1 hour`. */
export function limitWords({ count, windowSeconds }: Limit): string {
  return `at most ${count} in ${duration(windowSeconds)}`;
}
