/**
 * Reading what nobody may see: typed without being shown, or from a pipe. So it is in no argument list and no shell
 * history, and nothing here prints it.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Reads one line; a line feed at its end is not part of it. `question` is asked at a terminal alone. */
export async function readUnseen(question: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stderr.write(`${question} and press Enter (nothing is shown): `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const typed = await terminal.question('').finally(() => terminal.close());
  process.stderr.write('\n');
  return typed;
}
