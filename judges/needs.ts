/** What this machine has of what the judges need. */
import { run } from './install/command.ts';
import { hasPython } from './install/python.ts';
import type { Need } from './judge.ts';

const answers = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    ({ status }) => status === 0,
    () => false,
  );

const has: Readonly<Record<Need, () => Promise<boolean>>> = {
  Python: hasPython,
  JDK: async () => (await answers('javac', ['-version'])) && (await answers('mvn', ['-version'])),
  Go: () => answers('go', ['version']),
};

/** The first need that this machine does not meet. */
export async function missingNeed(needs: readonly Need[]): Promise<Need | undefined> {
  for (const need of needs) if (!(await has[need]())) return need;
  return undefined;
}
