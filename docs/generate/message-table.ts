/** The table of message codes for the person on call. */
import { type MessageCode, messages } from '../../functions/runtime/message-codes.ts';
import { meanings } from '../../functions/runtime/message-meanings.ts';

/** Every message code with its level, its meaning and what to do, in the order of the sources, as Markdown. */
export function messageTable(): string {
  const rows = Object.entries(messages).map(
    ([code, { level, action }]) =>
      `| \`${code}\` | ${level} | ${meanings[code as MessageCode]} | ${action} |`,
  );
  return ['| code | level | meaning | what to do |', '|---|---|---|---|', ...rows].join('\n');
}
