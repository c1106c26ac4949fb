/**
 * Reads a secret value from a pipe, or from a terminal that does not show it. So the value is in no argument list and no
 * shell history. Nothing here prints it.
 */
import { text } from 'node:stream/consumers';
import { ask } from './ask.ts';

/** Reads one line without the line feed at its end. It asks `question` only at a terminal. */
export async function readUnseen(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  return ask({ text: `${question} and press Enter (nothing is shown): `, isShown: false });
}
