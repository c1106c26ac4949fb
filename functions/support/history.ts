/** Which lines of a log belong together: the call that is told about, its SMS, and what was typed in after it. */
import { type LogLine, wishOf } from './log-line.ts';
import { mayHaveSent } from './tell-user.ts';

/** The line that answered the newest call; of a number, that of its newest call for an SMS or refused session. */
export function callIn(lines: readonly LogLine[], isOfNumber: boolean): LogLine | undefined {
  const answered = lines.filter(({ status }) => status !== undefined);
  return (isOfNumber ? answered.find(isComplaint) : undefined) ?? answered[0];
}

/** What a user calls about who has no reference: an SMS, or a session that did not go on. */
function isComplaint(line: LogLine): boolean {
  const { status = 0 } = line;
  const wish = wishOf(line);
  return wish === 'sms' || (wish === 'session' && status >= 400);
}

/** The send whose SMS a call stands for: its own, or the one that a repeated call got the answer of. */
export function sendOf(call: LogLine, history: readonly LogLine[]): LogLine {
  if (call.code !== 'request-otp.replayed') return call;
  return history.find((line) => line.at <= call.at && isSend(line)) ?? call;
}

/** The last thing that happened to a code typed in after a send, and before the next send. */
export function typedAfter(send: LogLine, history: readonly LogLine[]): LogLine | undefined {
  const nextAt =
    history.findLast((line) => line.at > send.at && isSend(line))?.at ?? Number.POSITIVE_INFINITY;
  return history.find(
    (line) =>
      wishOf(line) === 'verify' && line.status !== undefined && line.at >= send.at && line.at < nextAt,
  );
}

function isSend(line: LogLine): boolean {
  return mayHaveSent(line) && line.code !== 'request-otp.replayed';
}
