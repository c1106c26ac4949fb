/**
 * Why a user got no SMS, could not sign in, or was signed out, in at most ten lines of plain words. It starts from a call, by the reference
 * that the user read out, or from a number and its latest call. It reads the log, asks the provider about the SMS, and with
 * a number reads what the table says of it now.
 *
 * A part that does not answer is a line that says so; the others are still told. No line has a number, a code or a word of
 * the provider's. The order is always the same: the call, what decided, until when, the SMS, what followed, what is so now,
 * what to do, and last the sentence for the user.
 */
import type { PhoneNumber } from '../otp/phone-number.ts';
import type { MessageStatus } from '../provider/message-status.ts';
import { Unavailable } from '../runtime/unavailable.ts';
import type { Settings } from '../settings/settings.ts';
import type { NumberItems } from '../table/number-items.ts';
import type { CallName } from './call-name.ts';
import { callIn, sendOf, typedAfter } from './history.ts';
import {
  callLine,
  countLine,
  decidedLine,
  limitLine,
  sessionLines,
  smsLine,
  thenLine,
  toDoLine,
  userLine,
} from './lines.ts';
import type { LogLine } from './log-line.ts';
import { anotherNumber, logUnread, nothingFound, tableUnread } from './no-story.ts';
import { numberNow } from './number-now.ts';
import type { SearchLog } from './search-log.ts';
import { mayHaveSent, tellUser } from './tell-user.ts';

/** What is asked about: a call, a number, or both, which compares them. */
export interface Asked {
  /** By its support reference, or by the gateway's id of the request. */
  readonly call?: CallName | undefined;
  readonly phoneNumber?: PhoneNumber | undefined;
}

export interface WhyPorts {
  readonly settings: Pick<Settings, 'sendLimits' | 'attemptLimits' | 'codeLifetimeSeconds'>;
  /** Epoch seconds. */
  readonly now: number;
  /** How far back the log is searched. */
  readonly days: number;
  readonly numberTagOf: (phoneNumber: PhoneNumber) => string;
  readonly searchLog: SearchLog;
  readonly readItems: (phoneNumber: PhoneNumber) => Promise<NumberItems>;
  readonly askProvider: (messageId: string) => Promise<MessageStatus>;
}

/** The most lines of an answer. */
const maxLines = 10;

/** The lines, in order. */
export async function why(ports: WhyPorts, { call: named, phoneNumber }: Asked): Promise<readonly string[]> {
  const numberTag = phoneNumber === undefined ? undefined : ports.numberTagOf(phoneNumber);
  const ofNumber = { member: 'numberTag', value: numberTag ?? '' } as const;
  const [lines, nowLines] = await Promise.all([
    search(ports, named ?? ofNumber),
    phoneNumber === undefined ? [] : numberLines(ports, phoneNumber),
  ]);
  if (lines instanceof Unavailable) return logUnread(lines, nowLines);
  const call = callIn(lines, named === undefined);
  if (call === undefined) return nothingFound({ named, days: ports.days, nowLines });
  if (
    named !== undefined &&
    numberTag !== undefined &&
    call.numberTag !== undefined &&
    call.numberTag !== numberTag
  )
    return anotherNumber(call);
  const history = named === undefined ? lines : await historyOf(ports, call);
  return story(ports, { call, history, nowLines });
}

function search(
  { searchLog }: WhyPorts,
  question: Parameters<SearchLog>[0],
): Promise<readonly LogLine[] | Unavailable> {
  return searchLog(question).catch(unavailable);
}

/** All lines of the number that a call was for, newest first; none for a call that has no number in the log. */
async function historyOf(ports: WhyPorts, { numberTag }: LogLine): Promise<readonly LogLine[]> {
  if (numberTag === undefined) return [];
  const lines = await search(ports, { member: 'numberTag', value: numberTag });
  return lines instanceof Unavailable ? [] : lines;
}

async function numberLines(ports: WhyPorts, phoneNumber: PhoneNumber): Promise<readonly string[]> {
  const items = await ports.readItems(phoneNumber).catch(unavailable);
  return items instanceof Unavailable ? [tableUnread(items)] : numberNow(items, ports.settings, ports.now);
}

interface Story {
  readonly call: LogLine;
  readonly history: readonly LogLine[];
  /** What the table says of the number now. */
  readonly nowLines: readonly string[];
}

async function story(ports: WhyPorts, { call, history, nowLines }: Story): Promise<readonly string[]> {
  const { now, days } = ports;
  const send = mayHaveSent(call) ? sendOf(call, history) : undefined;
  const message = send?.messageId === undefined ? undefined : await ports.askProvider(send.messageId);
  const codeEndsAt = (send ?? call).at + ports.settings.codeLifetimeSeconds;
  const typed = send && typedAfter(send, history);
  const lately = history.length === 0 ? [] : [countLine(history, days)];
  const before = [
    callLine(call),
    decidedLine(call),
    ...sessionLines(call, history),
    ...limitLine(call, now),
    ...(send === undefined ? [] : [smsLine(send, message, { now, codeEndsAt })]),
    ...(typed === undefined ? [] : [thenLine(typed)]),
    ...nowLines,
  ];
  const after = [
    ...toDoLine(call),
    userLine(tellUser({ call, now, codeEndsAt, message, typed: typed?.code })),
  ];
  // What matters least gives way.
  return [...before, ...(before.length + after.length < maxLines ? lately : []), ...after];
}

function unavailable(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  throw error;
}
