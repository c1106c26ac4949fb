/** The project's own tests of the flows, on an engine in place of dynoxide. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { otherServerVariable } from '../../test-kit/test-table.ts';
import { run } from '../install/command.ts';

const folders = ['test/flow', 'test/table', 'test/sessions'];
/** Tens of thousands of calls, of the same kinds as in the other tests. */
const campaigns = ['test/flow/campaign.test.ts', 'test/flow/owner-and-guesser.test.ts'];
/** Thousands of calls each. They are recorded and replayed, and not run once more on each engine. */
const long = [
  'test/flow/asked-again.test.ts',
  'test/flow/guess-breaker.test.ts',
  'test/table/budget-shards.test.ts',
];
const without = (files: readonly string[]): readonly string[] => files.flatMap((file) => ['--exclude', file]);
/** Which tests run: all but the campaigns, or of these only the short ones. */
const chosenTests = {
  all: [...folders, ...without(campaigns)],
  short: [...folders, ...without([...campaigns, ...long])],
} as const;
/** An engine in Python takes its time on a busy machine; no test here is about time. */
const patience = ['--testTimeout=600000', '--hookTimeout=600000'];
const root = join(import.meta.dirname, '../..');

const reportSchema = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      message: v.optional(v.string(), ''),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.nullable(v.array(v.string())), []),
        }),
      ),
    }),
  ),
});

export interface FlowTests {
  readonly tests: number;
  /** The failed ones, each with the first line of its failure. */
  readonly failed: readonly string[];
}

/** Runs them. Throws where not one test ran. */
export async function runFlowTests(url: string, chosen: keyof typeof chosenTests): Promise<FlowTests> {
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-judge-flows-'));
  try {
    const outputFile = join(folder, 'report.json');
    const report = ['--reporter=json', `--outputFile=${outputFile}`];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const ended = await run(
      process.execPath,
      [vitest, 'run', ...chosenTests[chosen], ...report, ...patience],
      {
        cwd: root,
        env: { [otherServerVariable]: url },
      },
    );
    const { testResults } = v.parse(reportSchema, JSON.parse(readFileSync(outputFile, 'utf8')));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    if (tests.length === 0) throw new Error(`no test ran: ${ended.stderr.slice(-500)}`);
    const firstLine = (text = ''): string => text.split('\n')[0] ?? '';
    const files = testResults.filter(
      ({ message, assertionResults }) => message !== '' && assertionResults.length === 0,
    );
    return {
      tests: tests.length,
      failed: [
        ...files.map(({ name, message }) => `${name.slice(root.length + 1)}: ${firstLine(message)}`),
        ...tests
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0])}`),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
