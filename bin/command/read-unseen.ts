/**
 * Reading what nobody may see: typed without being shown, or from a pipe. So it is in no argument list and no shell
 * history, and nothing here prints it.
 */
import { text } from 'node:stream/consumers';
import { ask } from './ask.ts';

/** Reads one line; a line feed at its end is not part of it. `question` is asked at a terminal alone. */
export async function readUnseen(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  return ask({ text: `${question} and press Enter (nothing is shown): `, isShown: false });
}
