/** The lines about one call. */
import { endCodes, sessionWords } from '#session-calls';
import type { MessageStatus } from '../provider/message-status.ts';
import { meanings } from '../runtime/message-meanings.ts';
import { messages } from '../runtime/support-messages.ts';
import { type LogLine, wishOf } from './log-line.ts';
import { maxLogRows } from './search-log.ts';
import { limitWords, moment, span } from './words.ts';

/** When it was, and what was asked. */
export function callLine(call: LogLine): string {
  const asked = wishOf(call) === 'verify' ? 'a code was typed in' : 'an SMS was asked for';
  const what = sessionWords(call)?.what ?? asked;
  return `${call.supportReference ?? 'The call'}: ${what} on ${moment(call.at)}.`;
}

/** Which step decided, and how. */
export function decidedLine(call: LogLine): string {
  const { code, status, reason, dependency } = call;
  const meaning = meaningOf(call) || 'A step decided that this version does not know.';
  const because = reason === undefined || limitPattern.test(reason) ? '' : `, reason ${reason}`;
  const failed = dependency === undefined ? '' : `, dependency ${dependency}`;
  return `Decided: ${meaning} (${code}${failed}${because}, answer ${status})`;
}

/** Why the refresh token of a call is of no use, and which end of a session came before. */
export function sessionLines(call: LogLine, history: readonly LogLine[]): readonly string[] {
  const { because, wasEnded } = sessionWords(call) ?? {};
  if (because === undefined) return [];
  const end = wasEnded ? history.find(({ code, at }) => at <= call.at && endCodes.has(code)) : undefined;
  return [
    `Because: ${because}.`,
    ...(end === undefined ? [] : [`Before: on ${moment(end.at)}. ${meaningOf(end)} (${end.code})`]),
  ];
}

/** A limit, as request-otp logs it: the lane, and how many in how many seconds. */
const limitPattern = /^([a-z]+): ([0-9]+) in ([0-9]+) s$/;

/** Which limit it was, where the log names it, and until when. */
export function limitLine({ reason = '', retryAfterSeconds, at }: LogLine, now: number): readonly string[] {
  if (retryAfterSeconds === undefined) return [];
  const [, lane, count, seconds] = limitPattern.exec(reason) ?? [];
  const whose = lane === 'device' ? 'this device' : lane === 'test' ? 'this test number' : 'this number';
  const limit = { count: Number(count), windowSeconds: Number(seconds) };
  const what = lane === undefined ? 'the wait' : `the limit for ${whose}, ${limitWords(limit)},`;
  const until = at + retryAfterSeconds;
  return [`Until: ${what} ${until > now ? 'lasts' : 'lasted'} until ${moment(until)}.`];
}

const statusWords = {
  initiated: 'has it and has not sent it yet',
  queued: 'has it and has not sent it yet',
  sent: 'has sent it, and the phone has not confirmed it',
  delivered: 'has delivered it to the phone',
  failed: 'could not deliver it',
  expired: 'has given it up',
} as const;

const notTold = {
  key: 'the provider refuses the key',
  'no-key': 'no key can be read',
  'no-answer': 'the provider did not answer',
  unclear: 'the provider’s answer was unclear',
} as const;

/** What the provider says now of the SMS of `send`, and how long its code works. */
export function smsLine(
  send: LogLine,
  message: MessageStatus | undefined,
  { now, codeEndsAt }: { readonly now: number; readonly codeEndsAt: number },
): string {
  return `SMS: ${span(now - send.at)} after the call, ${fate(message)}. Its code ${codeEndsAt > now ? 'works' : 'worked'} until ${moment(codeEndsAt)}.`;
}

function fate(message: MessageStatus | undefined): string {
  if (message === undefined) return 'the provider gave it no id, so nobody can ask what became of it';
  switch (message.tag) {
    case 'told':
      return `the provider ${statusWords[message.status]}`;
    case 'unknown':
      return 'the provider does not know it';
    case 'not-told':
      return `what became of it cannot be told, because ${notTold[message.because]}`;
  }
}

/** What happened to the code afterwards. */
export function thenLine(typed: LogLine): string {
  return `Then: a code was typed in on ${moment(typed.at)}. ${meaningOf(typed)} (${typed.code})`;
}

/** How the number did lately. Where `history` is cut at the newest rows, the true counts are higher. */
export function countLine(history: readonly LogLine[], days: number): string {
  const count = (name: string): number => history.filter(({ code }) => code === name).length;
  const asked = history.filter((line) => wishOf(line) === 'sms' && line.status !== undefined);
  const atLeast = history.length >= maxLogRows ? 'at least ' : '';
  return `Lately: in ${days} days ${atLeast}${asked.length} calls for an SMS, ${count('request-otp.sent')} SMS, ${count('verify-otp.verified')} sign-ins of this number.`;
}

/** What somebody of the deployment has to do, if anything. */
export function toDoLine(call: LogLine): readonly string[] {
  const { code } = call;
  const action = sessionWords(call)?.action ?? (isKnown(code) ? messages[code].action : 'Nothing.');
  return action.startsWith('Nothing') ? [] : [`Do: ${action}`];
}

export function userLine(sentence: string): string {
  return `Tell the user: “${sentence}”`;
}

/** Empty for a code of another version. */
function meaningOf({ code }: LogLine): string {
  return Object.hasOwn(meanings, code) ? meanings[code as keyof typeof meanings] : '';
}

function isKnown(code: string): code is keyof typeof messages {
  return Object.hasOwn(messages, code);
}
