/**
 * Bugs that the suites found in this very repository, put back one at a time: the suite that found each must fail again,
 * and hold when it is mended.
 */
import type { Change } from './mutant.ts';
import { runNode } from './try-mutant.ts';
import { openWorkspace } from './workspace.ts';

interface Bug {
  readonly name: string;
  readonly changes: readonly Change[];
  /** What finds it: arguments of `npm run prove`. */
  readonly suite: readonly string[];
}

/** The bugs, with what puts them back. */
export const bugs: readonly Bug[] = [
  {
    name: 'a member named by half a surrogate pair is answered 500',
    changes: [{ file: 'functions/http/json-body.ts', from: '.toWellFormed()', to: '' }],
    suite: ['R6', '--scale', '0.02', '--seed', '1'],
  },
  {
    name: 'an answer of Secrets Manager that stalls holds up every request of a worker',
    changes: [
      { file: 'functions/runtime/aws-client.ts', from: '      socketTimeout: awsTryMs,\n', to: '' },
      {
        file: 'functions/secrets/secret-readers.ts',
        from: 'AbortSignal.any([signal, AbortSignal.timeout(secretReadMs)])',
        to: 'signal',
      },
    ],
    suite: [
      'R4',
      '--cells',
      'stall at AWSCURRENT of IDENTITY_SECRET_ARN, cold',
      '--seed',
      '1',
      '--scale',
      '0.99',
    ],
  },
];

/** Puts each back, and shows the suite failing; true when every one was found. */
export async function showBugs(signal: AbortSignal): Promise<boolean> {
  const workspace = openWorkspace();
  const run = (suite: readonly string[]) =>
    runNode(['prove/run.ts', ...suite], { directory: workspace.directory, signal });
  let found = 0;
  try {
    for (const { name, changes, suite } of bugs) {
      const mended = await run(suite);
      const undo = workspace.apply(changes);
      const broken = await run(suite).finally(undo);
      const isFound = mended.code === 0 && broken.code === 1;
      found += isFound ? 1 : 0;
      const [first = ''] = broken.output.split('\n').filter((line) => line.startsWith('    - '));
      console.log(`${isFound ? 'found    ' : 'NOT FOUND'}  ${name}`);
      console.log(`           npm run prove -- ${suite.map(quoted).join(' ')}`);
      console.log(`           without the bug: ${mended.code === 0 ? 'holds' : `fails\n${mended.output}`}`);
      console.log(
        `           with the bug:    ${broken.code === 1 ? `fails: ${first.slice(6, 400)}` : `exit ${broken.code}`}\n`,
      );
    }
  } finally {
    workspace.remove();
  }
  console.log(`${found} of ${bugs.length} bugs found again`);
  return found === bugs.length;
}

/** As a shell takes it. */
function quoted(word: string): string {
  return word.includes(' ') ? `'${word}'` : word;
}
