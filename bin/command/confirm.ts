/** Asks before a command does something that it cannot undo, or that every user notices. */
import { Advice } from '../../terminal/advice.ts';
import { ask } from './ask.ts';

/** Prints the consequences and waits for a yes; throws `Advice` without one. `isSure` is the option --yes. */
export async function confirm(isSure: boolean, consequences: readonly string[]): Promise<void> {
  if (isSure) return;
  console.error(consequences.join('\n'));
  if (!process.stdin.isTTY) throw new Advice('Nothing was done. To run without the question, add --yes');
  const answer = await ask({ text: 'Go on? (yes) ', isShown: true });
  if (answer !== 'yes') throw new Advice('Nothing was done.');
}
