/**
 * Removes a number: all its items, in every lane, with its devices and its sessions. What stays is told: the counters of
 * addresses and blocks are no items of a number and end by themselves, and the logs have its tag until they expire. Where
 * sessions are off, nobody has a right on those of the time before, so they stay until TTL cleanup.
 *
 * It is no punishment and no defence. The limits of the number begin anew, its phones sign in again as strangers, and
 * whoever asks for a code now makes a new item.
 */

import type { NumberItem } from '../limits/lane.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import { ttlMarginSeconds } from '../settings/fixed-numbers.ts';
import { maxIdleDays } from '../settings/session-settings.ts';
import type { NumberItems } from '../table/number-items.ts';
import { maxLogRows, type SearchLog } from './search-log.ts';
import { day } from './words.ts';

export interface ForgetPorts {
  /** Epoch seconds. */
  readonly now: number;
  /** Whether the deployment has sessions: only then may the function read and delete them, and search their log. */
  readonly hasSessions: boolean;
  /** How far back the log is searched. */
  readonly days: number;
  /** How long a line of the log lives. */
  readonly retentionDays: number;
  readonly numberTagOf: (phoneNumber: PhoneNumber) => string;
  readonly searchLog: SearchLog;
  readonly readItems: (phoneNumber: PhoneNumber) => Promise<NumberItems>;
  readonly deleteItems: (phoneNumber: PhoneNumber) => Promise<NumberItems>;
}

/** What is there of a number, and what the logs hold. Changes nothing. */
export async function held(ports: ForgetPorts, phoneNumber: PhoneNumber): Promise<readonly string[]> {
  return tell(ports, phoneNumber, await ports.readItems(phoneNumber));
}

/** Deletes what is there, and tells what it was. Again, it tells that nothing was there. */
export async function forget(ports: ForgetPorts, phoneNumber: PhoneNumber): Promise<readonly string[]> {
  return tell(ports, phoneNumber, await ports.deleteItems(phoneNumber));
}

async function tell(
  ports: ForgetPorts,
  phoneNumber: PhoneNumber,
  items: NumberItems,
): Promise<readonly string[]> {
  return [...itemLines(items), ...unreachedLine(ports), await logLine(ports, phoneNumber)];
}

const longestSessionSeconds = maxIdleDays * 86_400 + ttlMarginSeconds;

/** What the function cannot reach. No write has renewed its ttl since sessions were switched off. */
function unreachedLine({ hasSessions, now }: ForgetPorts): readonly string[] {
  if (hasSessions) return [];
  const until = day(now + longestSessionSeconds);
  return [
    `Stays: sessions of this number from a time when sessions were on (sessions#…), if there were any. Sessions are off, so nobody has a right to read or delete them. Their ttl ends by ${until} at the latest, and DynamoDB deletes them within a few days of it.`,
  ];
}

const itemNames: Readonly<Record<NumberItem, string>> = {
  public: 'its sends, guesses and codes (phone#…)',
  device: 'its devices, with their sends, guesses and codes (device#…)',
  test: 'what it did as a test number (test#…)',
  sessions: 'its sessions (sessions#…)',
  testSessions: 'its sessions as a test number (sessions#test#…)',
};

/** One line for each item, without its content. */
function itemLines(items: NumberItems): readonly string[] {
  const names = Object.keys(items) as NumberItem[];
  if (names.length === 0) return ['Table: nothing of this number.'];
  return names.map((name) => {
    const count = membersOf(name, items);
    return `Table: ${itemNames[name]}${count === undefined ? '' : `: ${count}`}`;
  });
}

/** How many devices or sessions an item names. */
function membersOf(name: NumberItem, items: NumberItems): number | undefined {
  const attributes = Object.entries(items[name] ?? {});
  switch (name) {
    case 'device':
      return attributes.filter(([key, { S }]) => /^device[0-9]+$/.test(key) && S !== '-').length;
    case 'sessions':
    case 'testSessions':
      return attributes.filter(([, { M }]) => M !== undefined).length;
    case 'public':
    case 'test':
      return undefined;
  }
}

/**
 * What the logs hold, and until when. They have a tag of the number that nobody can turn back into it. The search is shorter
 * than the life of a line, and leaves the log of support out, so the line says what was searched.
 */
async function logLine(ports: ForgetPorts, phoneNumber: PhoneNumber): Promise<string> {
  const value = ports.numberTagOf(phoneNumber);
  const names = ports.hasSessions ? 'request-otp, verify-otp and session' : 'request-otp and verify-otp';
  const searched = `in the last ${ports.days} days of ${names}`;
  const rest = `Older lines, and lines of ${ports.hasSessions ? 'support' : 'session and support'}, may have it too. A line expires after ${ports.retentionDays} days.`;
  try {
    const lines = await ports.searchLog({ member: 'numberTag', value });
    const [newest] = lines;
    if (newest === undefined) return `Logs: no line with the tag of this number ${searched}. ${rest}`;
    const count = `${lines.length >= maxLogRows ? 'at least ' : ''}${lines.length}`;
    const until = day(newest.at + ports.retentionDays * 86_400);
    return `Logs: lines with the tag of this number, which is not the number: ${count}. The newest expires on ${until}. That is what there is ${searched}. ${rest}`;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return `Logs: they cannot be read now (${error.reason}). A line expires after ${ports.retentionDays} days.`;
  }
}
