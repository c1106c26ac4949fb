/** The rows of R9 that tests of the repository prove. They run as they do every day, and a figure says what they are. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Figure, Run } from '../figure.ts';

interface Row {
  readonly id: Figure['id'];
  readonly what: string;
  readonly goal: string;
  readonly files: readonly string[];
  /** Only the tests with this in their names. */
  readonly named?: string;
}

const rows: readonly Row[] = [
  {
    id: 'R9, row 12',
    what: "a test number's session",
    goal: '`test: true` in every refreshed token; over at its end',
    files: ['test/sessions/refresh-session.test.ts', 'test/sessions/end-sessions.test.ts'],
    named: 'test number',
  },
  {
    id: 'R9, row 14',
    what: 'units and bytes: start 1, prune +1, refresh 1, list 1 read; ten sessions with the longest labels and generations',
    goal: 'as listed; ≤ 1,024 B',
    files: ['test/sessions/units.test.ts'],
  },
  {
    id: 'R9, row 15',
    what: "a public OAuth client's refresh and revoke by discovery alone; RFC 6749 and 7009 by hand",
    goal: 'as the RFCs',
    files: ['test/stack/oauth-client.test.ts', 'test/stack/sessions.test.ts'],
  },
  {
    id: 'R9, row 16',
    what: 'clients: storage that fails or is locked, second context, 401 for a fresh token, sign-out during a refresh and offline',
    goal: '0 sign-outs but the asked one; revoke reaches the server at the next start',
    files: ['test/clients/typescript/session.test.ts', 'test/clients/contract/sessions.test.ts'],
  },
  {
    id: 'R9, row 17',
    what: 'off: template, rights and writes against the fixture, which names its commit; bundles',
    goal: 'equal; no module of sessions in any',
    files: ['test/stack/off-stack.test.ts', 'test/lib/bundle.test.ts'],
  },
];

/** Each row's suite. */
export const rowsByTests = rows.map((row) => (run: Run) => runTests(row, run));

const reportSchema = v.object({
  success: v.boolean(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      assertionResults: v.array(v.object({ fullName: v.string(), status: v.string() })),
    }),
  ),
});

async function runTests(
  { id, what, goal, files, named }: Row,
  { seed, onProgress, signal }: Run,
): Promise<Figure> {
  onProgress(`the tests of ${files.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-prove-'));
  try {
    const file = join(folder, 'report.json');
    const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
    const names = named === undefined ? [] : ['--testNamePattern', named];
    const output = ['--reporter=json', `--outputFile=${file}`];
    const child = spawn(process.execPath, [vitest, 'run', ...files, ...names, ...output], {
      cwd: join(import.meta.dirname, '../..'),
      stdio: 'ignore',
      signal,
    });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
    const { success, testResults } = v.parse(reportSchema, JSON.parse(readFileSync(file, 'utf8')));
    const ran = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed');
    const failed = ran
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `failed: ${fullName}`);
    // A file that does not load, or whose set-up fails, has no test that failed.
    const silent = files.filter(
      (each) =>
        !testResults.some(
          ({ name, assertionResults }) =>
            name.endsWith(each) && assertionResults.some(({ status }) => status === 'passed'),
        ),
    );
    const violations = [
      ...failed,
      ...silent.map((each) => `no test of ${each} passed`),
      ...testResults.filter(({ status }) => status !== 'passed').map(({ name }) => `failed: ${name}`),
      ...(success ? [] : ['the tests ended as failed']),
    ];
    return {
      id,
      what,
      goal,
      seen: `${ran.length - failed.length} of ${ran.length} tests pass`,
      method: `the tests ${files.map((each) => `\`${each}\``).join(' and ')}`,
      seed,
      violations,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
