/** A question at a terminal: its answer, and the two keys by which people leave. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ask } from '../../../bin/command/ask.ts';
import { Advice } from '../../../terminal/advice.ts';
import { Interrupted } from '../../../terminal/interrupt.ts';

function asked(isShown: boolean) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = ask({ text: 'Go on? ', isShown }, { input, output });
  const shown = async (): Promise<string> => {
    output.end();
    return text(output);
  };
  return { input, answer, shown };
}

describe.each([true, false])('a question whose answer is shown: %s', (isShown) => {
  it('gives the line that was typed', async () => {
    const { input, answer, shown } = asked(isShown);
    input.write('012345\r');
    expect(await answer).toBe('012345');
    const output = await shown();
    expect(output).toContain('Go on? ');
    expect(output.includes('0123')).toBe(isShown);
  });

  it('is left by Ctrl-C, with a sentence and no AbortError', async () => {
    const { input, answer } = asked(isShown);
    input.write('0123\x03');
    await expect(answer).rejects.toThrow(Interrupted);
    await expect(answer).rejects.toThrow('Interrupted. Nothing was done.');
  });

  it.each([
    ['Ctrl-D', (input: PassThrough) => input.write('\x04')],
    ['a terminal that is closed', (input: PassThrough) => input.end()],
  ])('is left by %s, and does not wait for ever', async (_, leave) => {
    const { input, answer } = asked(isShown);
    leave(input);
    await expect(answer).rejects.toThrow(Advice);
    await expect(answer).rejects.toThrow('Nothing was done');
  });
});
