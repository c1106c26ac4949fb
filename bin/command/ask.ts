/** A question at a terminal. After Ctrl-C or Ctrl-D the command does nothing. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Advice } from '../../terminal/advice.ts';
import { Interrupted } from '../../terminal/interrupt.ts';

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

interface Question {
  readonly text: string;
  /** False hides what the person types. */
  readonly isShown: boolean;
}

/** Reads one line as the answer. Throws `Interrupted` at Ctrl-C, and `Advice` where the input ends without a line. */
export function ask(
  { text, isShown }: Question,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: isShown ? output : nowhere, terminal: true });
  if (!isShown) output.write(text);
  return new Promise<string>((resolve, reject) => {
    lines.on('SIGINT', () => reject(new Interrupted()));
    lines.on('close', () => reject(new Advice('Nothing was done: the input ended.')));
    lines.question(isShown ? text : '', resolve);
  }).finally(() => {
    lines.close();
    if (!isShown) output.write('\n');
  });
}
