/**
 * For a second process or isolate that shares the storage without a lock, such as a widget or a share sheet. It reads the
 * token and changes nothing: a second one that refreshed would end the session of the first.
 */
import { timeOfDayMs } from './clock.ts';
import { handedIn } from './handed-in.ts';
import { needOf, sessionIn } from './session-record.ts';
import type { DoorcodeStorage } from './storage.ts';

const limitMs = 2_000;

/** The access token as it is stored; undefined where there is none, where it is over, and where the storage fails. */
export async function readAccessToken(
  storage: DoorcodeStorage,
  timeOfDay: () => number = timeOfDayMs,
): Promise<string | undefined> {
  const stored = await handedIn(() => storage.read('doorcode.session'), limitMs);
  const record = sessionIn(stored.ok ? stored.value : null);
  const moment = { wallMs: timeOfDay(), gotAgoMs: -1, isRefused: false };
  return record === undefined || needOf(record, moment) === 'now' ? undefined : record.accessToken;
}
