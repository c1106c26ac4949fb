/** Runs the tests of a mutant in a workspace where it is applied, and says which of them caught it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Mutant } from './mutant.ts';
import type { Workspace } from './workspace.ts';

const reportSchema = v.object({
  success: v.boolean(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.string(), ''),
      assertionResults: v.array(v.object({ fullName: v.string(), status: v.string() })),
    }),
  ),
});

/** The test that caught it, or undefined where none did. */
export async function tryMutant(
  workspace: Workspace,
  { changes, tests }: Mutant,
  signal: AbortSignal,
): Promise<string | undefined> {
  const undo = workspace.apply(changes);
  try {
    return await firstFailure(workspace, tests, signal);
  } finally {
    undo();
  }
}

/** Runs test files until one fails; throws when they could not be run. */
export async function firstFailure(
  { directory }: Workspace,
  tests: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const outputFile = join(directory, 'report.json');
  rmSync(outputFile, { force: true });
  const vitest = join(directory, 'node_modules/vitest/vitest.mjs');
  const options = [
    'run',
    '--bail=1',
    '--reporter=json',
    `--outputFile=${outputFile}`,
    '--no-color',
    ...tests,
  ];
  await runNode([vitest, ...options], { directory, signal });
  if (!existsSync(outputFile)) throw new Error(`the tests gave no report: ${tests.join(' ')}`);
  const { success, testResults } = v.parse(reportSchema, JSON.parse(readFileSync(outputFile, 'utf8')));
  if (success && testResults.length === 0) throw new Error(`no such tests: ${tests.join(' ')}`);
  if (success) return undefined;
  const fileOf = (name: string): string => name.slice(directory.length + 1);
  // After the first failure the other files end as failed, too, without one of their own.
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.find((result) => result.status === 'failed');
    if (failed !== undefined) return `${fileOf(name)}: ${failed.fullName}`;
  }
  const broken = testResults.find(({ status, message }) => status === 'failed' && message !== '');
  if (broken !== undefined) return `${fileOf(broken.name)} does not load: ${broken.message.split('\n')[0]}`;
  return 'a test that gave no name';
}

/** Runs Node in a directory and gives its exit code and what it wrote. */
export function runNode(
  args: readonly string[],
  { directory, signal }: { directory: string; signal: AbortSignal },
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
