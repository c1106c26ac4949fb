/**
 * Removes a number: all its items, in every lane, with its devices and its sessions. What stays is told: the counters of
 * addresses and blocks are no items of a number and end by themselves, and the logs have its tag until they expire.
 *
 * It is no punishment and no defence. The limits of the number begin anew, its phones sign in again as strangers, and
 * whoever asks for a code now makes a new item.
 */

import type { NumberItem } from '../limits/lane.ts';
import type { PhoneNumber } from '../otp/phone-number.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import type { NumberItems } from '../table/number-items.ts';
import { maxLogRows, type SearchLog } from './search-log.ts';
import { moment } from './words.ts';

export interface ForgetPorts {
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
  return [...itemLines(await ports.readItems(phoneNumber)), await logLine(ports, phoneNumber)];
}

/** Deletes what is there, and tells what it was. Again, it tells that nothing was there. */
export async function forget(ports: ForgetPorts, phoneNumber: PhoneNumber): Promise<readonly string[]> {
  return [...itemLines(await ports.deleteItems(phoneNumber)), await logLine(ports, phoneNumber)];
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
 * than the life of a line, and leaves the logs of session and support out, so the line says what was searched.
 */
async function logLine(ports: ForgetPorts, phoneNumber: PhoneNumber): Promise<string> {
  const value = ports.numberTagOf(phoneNumber);
  const searched = `in the last ${ports.days} days of request-otp and verify-otp`;
  const rest = `Older lines, and lines of session and support, may have it too. A line expires after ${ports.retentionDays} days.`;
  try {
    const lines = await ports.searchLog({ member: 'numberTag', value });
    const [newest] = lines;
    if (newest === undefined) return `Logs: no line with the tag of this number ${searched}. ${rest}`;
    const count = `${lines.length >= maxLogRows ? 'at least ' : ''}${lines.length}`;
    const until = moment(newest.at + ports.retentionDays * 86_400);
    return `Logs: lines with the tag of this number, which is not the number: ${count}. The newest expires on ${until}. That is what there is ${searched}. ${rest}`;
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return `Logs: they cannot be read now (${error.reason}). A line expires after ${ports.retentionDays} days.`;
  }
}
