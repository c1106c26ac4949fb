/**
 * A bounded search in the logs of the functions of the app: a window of time, a number of rows, and a time to wait. The log
 * shows a new line after some seconds, so a call of the last minute may be missing.
 */
import type { LogLine } from './log-line.ts';

/** Lines with this value. None of the values can end the query's string. */
export interface LogQuestion {
  readonly member: 'supportReference' | 'requestId' | 'numberTag';
  readonly value: string;
}

/** Finds the newest lines, newest first, at most {@link maxLogRows}. Throws `Unavailable` where the log cannot be read. */
export type SearchLog = (question: LogQuestion) => Promise<readonly LogLine[]>;

/** The most rows of one search. */
export const maxLogRows = 100;

/** The query in the language of CloudWatch Logs Insights. */
export function queryOf({ member, value }: LogQuestion): string {
  if (!/^[A-Za-z0-9+/=_-]{1,64}$/.test(value)) throw new RangeError('expected a reference, an id or a tag');
  return [
    'fields @timestamp, @message',
    `filter message.${member} = "${value}"`,
    'sort @timestamp desc',
    `limit ${maxLogRows}`,
  ].join(' | ');
}
