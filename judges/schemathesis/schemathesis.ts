/** Schemathesis sends the local stack what openapi.json allows and what it does not, and holds each answer against it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { roomyProvider, roomySettings } from '../../bench/workbench.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { run } from '../install/command.ts';
import { pythonTools, versionOf } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { decided } from './decisions.ts';
import { linkedDocument, withoutAnswer } from './document.ts';

type Tools = Awaited<ReturnType<typeof pythonTools>>;

const seed = 20;
const examplesPerOperation = 60;

const answerSchema = v.object({ operation: v.string(), status: v.number() });
const failureSchema = v.object({
  ...answerSchema.entries,
  failure: v.string(),
  message: v.string(),
  said: v.string(),
});
const reportSchema = v.object({
  complete: v.boolean(),
  test_cases: v.object({ generated: v.number() }),
  errors: v.array(v.unknown()),
});

interface Seen {
  readonly generated: number;
  /** Each failure once, in words. */
  readonly failures: readonly string[];
  /** How often an operation gave a good answer. */
  readonly good: ReadonlyMap<string, number>;
}

/** One run. Throws where Schemathesis did not come to its end. */
async function see(tools: Tools, stack: LocalStack, document: object, phases: string): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-schemathesis-'));
  const [openapi, report, seen] = ['openapi.json', 'report.json', 'seen.jsonl'].map((n) =>
    join(folder, n),
  ) as [string, string, string];
  try {
    writeFileSync(openapi, JSON.stringify(document));
    const options = ['--checks', 'all', '--continue-on-failure', '--no-shrink', '--phases', phases];
    const bounds = ['--seed', `${seed}`, '-n', `${examplesPerOperation}`, '--generation-database', 'none'];
    const { stdout, stderr } = await run(
      tools.command('st'),
      [
        'run',
        openapi,
        '-u',
        stack.apiUrl,
        ...options,
        ...bounds,
        '--report',
        'json',
        '--report-json-path',
        report,
      ],
      {
        cwd: folder,
        env: {
          PYTHONPATH: import.meta.dirname,
          PYTHONDONTWRITEBYTECODE: '1',
          SCHEMATHESIS_HOOKS: 'hooks',
          API: stack.apiUrl,
          INBOX: stack.provider.url,
          SEEN: seen,
        },
      },
    );
    let told: v.InferOutput<typeof reportSchema>;
    try {
      told = v.parse(reportSchema, JSON.parse(readFileSync(report, 'utf8')));
    } catch {
      throw new Error(`Schemathesis wrote no report:\n${`${stdout}\n${stderr}`.slice(-2000)}`);
    }
    if (!told.complete || told.errors.length > 0)
      throw new Error(`Schemathesis did not come to its end:\n${stdout.slice(0, 4000)}`);
    return { generated: told.test_cases.generated, ...readSeen(readFileSync(seen, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the hooks wrote down. */
export function readSeen(lines: string): Pick<Seen, 'failures' | 'good'> {
  const failures = new Set<string>();
  const good = new Map<string, number>();
  for (const line of lines.split('\n').filter((text) => text !== '')) {
    const json: unknown = JSON.parse(line);
    if (v.is(failureSchema, json)) {
      const { failure, operation, status, said, message } = json;
      const [, part] = /Invalid component: (.*)/.exec(message) ?? [];
      failures.add(`${failure}, ${operation}: ${[status, said, part].filter(Boolean).join(' ')}`);
    } else {
      const { operation, status } = v.parse(answerSchema, json);
      if (status < 300) good.set(operation, (good.get(operation) ?? 0) + 1);
    }
  }
  return { failures: [...failures].toSorted(), good };
}

/** Judges openapi.json and the stack by each other. */
export async function judgeBySchemathesis(): Promise<Verdict> {
  const tools = await pythonTools('schemathesis');
  const stack = await startLocalStack({
    workers: 2,
    settings: { ...roomySettings, conversionBreaker: { mode: 'off' }, guessBreaker: { mode: 'off' } },
  });
  stack.provider.control(roomyProvider);
  try {
    const document = linkedDocument();
    const seen = await see(tools, stack, document, 'examples,coverage,fuzzing,stateful');
    const operations = Object.entries(document.paths).map(
      ([path, { post }]) => `${post === undefined ? 'GET' : 'POST'} ${path}`,
    );
    const lonely = operations.filter((operation) => !seen.good.has(operation));
    const isDecided = (failure: string): boolean => decided.some(({ matches }) => matches.test(failure));
    const less = withoutAnswer(document, '/auth/verify-otp', '422');
    const mistaken = await see(tools, stack, less, 'examples,coverage');
    const total = [...seen.good.values()].reduce((sum, count) => sum + count, 0);
    return {
      tool: await versionOf(tools, 'schemathesis'),
      given: `openapi.json with the links of a sign-in; all checks, all phases, seed ${seed}, at most ${examplesPerOperation} examples an operation; ${total} good answers`,
      cases: seen.generated,
      findings: [
        ...seen.failures.filter((failure) => !isDecided(failure)),
        ...decided
          .filter(({ matches }) => !seen.failures.some((failure) => matches.test(failure)))
          .map(({ finding }) => `nothing needs the decision any more: ${finding}`),
        ...lonely.map((operation) => `${operation}: nobody got a good answer`),
      ],
      decisions: decided.map(({ finding, reason }) => ({ finding, reason })),
      mistake: {
        what: 'a 422 that is not in the document',
        found: mistaken.failures.filter((failure) => /^Undocumented status code/.test(failure)),
      },
    };
  } finally {
    await stack.stop();
  }
}
