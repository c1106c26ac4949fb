/** The lines where there is no call to tell about. */
import { callsWithoutLine } from '#session-calls';
import type { Unavailable } from '../runtime/unavailable.ts';
import type { CallName } from './call-name.ts';
import { callLine, userLine } from './lines.ts';
import type { LogLine } from './log-line.ts';

interface Nothing {
  readonly named: CallName | undefined;
  readonly days: number;
  readonly nowLines: readonly string[];
}

const tooNew = 'A call of the last minute may not be in the log yet.';

/** The log has no such call. */
export function nothingFound({ named, days, nowLines }: Nothing): readonly string[] {
  switch (named?.member) {
    case undefined:
      return [
        `Log: no call for this number in ${days} days. The user typed another number, or the app did not reach us. ${tooNew}`,
        ...nowLines,
        userLine('Compare the number in the app digit by digit, and ask for a code again.'),
      ];
    case 'requestId':
      return [
        `Log: no function saw this call in ${days} days. If the id is right, the gateway answered it: 429 is its throttle, 413 a body that is too large, 404 a wrong path. ${tooNew}`,
        'Do: look for the id as requestId in the access log.',
        ...nowLines,
        userLine('Try again in a minute.'),
      ];
    case 'supportReference':
      return [
        `Log: no call with this reference in ${days} days. It was misheard, or is older (--days).${callsWithoutLine} ${tooNew}`,
        ...nowLines,
        userLine('Please read the reference out again, character by character.'),
      ];
  }
}

/** The user typed a wrong number, which is why their phone got nothing. */
export function anotherNumber(call: LogLine): readonly string[] {
  return [
    callLine(call),
    'Number: the call was for another number than the one that you typed in. The user typed a wrong number, or read out the reference of another call.',
    userLine(
      'The app asked for a code for another number. Compare it digit by digit, correct it, and ask again.',
    ),
  ];
}

export function logUnread({ reason }: Unavailable, nowLines: readonly string[]): readonly string[] {
  return [
    `Log: it cannot be read now (${reason}). Ask again in a minute.`,
    ...nowLines,
    userLine('We are looking into it. Try again in a few minutes.'),
  ];
}

export function tableUnread({ reason }: Unavailable): string {
  return `Now: the table cannot be read (${reason}).`;
}
