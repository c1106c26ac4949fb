/** R9, row 19: the mistakes with sessions made by hand, each applied to a copy of the sources. R8 counts Stryker's. */
import type { Figure, Run } from '../figure.ts';
import { ofSessions } from '../mutants/of-sessions.ts';
import { tryMutant } from '../mutants/try-mutant.ts';
import { openWorkspace } from '../mutants/workspace.ts';

/** Tries each. */
export async function sessionMutants({ seed, onProgress, signal }: Run): Promise<Figure> {
  const workspace = openWorkspace();
  const survivors: string[] = [];
  try {
    for (const [i, mutant] of ofSessions.entries()) {
      signal.throwIfAborted();
      onProgress(`${i} of ${ofSessions.length} mistakes, ${survivors.length} survived`);
      if ((await tryMutant(workspace, mutant, signal)) === undefined) survivors.push(mutant.name);
    }
  } finally {
    workspace.remove();
  }
  return {
    id: 'R9, row 19',
    what: `${ofSessions.length} mistakes with sessions made by hand`,
    goal: 'all caught',
    seen: `${ofSessions.length - survivors.length} of ${ofSessions.length} caught`,
    method: 'each applied to a copy of the sources, in which the tests of its place run',
    seed,
    violations: survivors.map((name) => `survived: ${name}`),
  };
}
