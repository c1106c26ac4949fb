/** Asking before what cannot be undone, or what everybody notices. */
import { Advice } from '../../local/advice.ts';
import { ask } from './ask.ts';

/** Tells the consequences and waits for a yes; throws advice without one. `isSure` is the option --yes. */
export async function confirm(isSure: boolean, consequences: readonly string[]): Promise<void> {
  if (isSure) return;
  console.error(consequences.join('\n'));
  if (!process.stdin.isTTY) throw new Advice('Nothing was done. To go on without being asked: --yes');
  const answer = await ask({ text: 'Go on? (yes) ', isShown: true });
  if (answer !== 'yes') throw new Advice('Nothing was done.');
}
