/**
 * `npm run mutate`: R8. First the mistakes made by hand, each with the test that caught it; then Stryker's, counted.
 * Ctrl-C ends what runs.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import type { Figure } from '../figure.ts';
import { keepResult } from '../results.ts';
import { byHand as beforeSessions } from './by-hand.ts';
import { ofSessions } from './of-sessions.ts';
import { firstFailure, tryMutant } from './try-mutant.ts';
import { openWorkspace } from './workspace.ts';

const byHand = [...beforeSessions, ...ofSessions];
const root = join(import.meta.dirname, '../..');
const minScorePercent = 85;
const stopping = new AbortController();
process.on('SIGINT', () => {
  if (stopping.signal.aborted) process.exit(130);
  stopping.abort();
});

async function handMade(): Promise<Figure> {
  const workspace = openWorkspace();
  const survivors: string[] = [];
  try {
    // A test that fails without a mutant would seem to catch them all.
    const tests = [...new Set(byHand.flatMap((mutant) => mutant.tests))];
    const already = await firstFailure(workspace, tests, stopping.signal);
    if (already !== undefined) throw new Error(`fails without any mutant: ${already}`);
    for (const mutant of byHand) {
      const caughtBy = await tryMutant(workspace, mutant, stopping.signal);
      console.log(`${caughtBy === undefined ? 'SURVIVED' : 'caught  '}  ${mutant.name}`);
      console.log(`          ${caughtBy ?? mutant.tests.join(' ')}`);
      if (caughtBy === undefined) survivors.push(mutant.name);
    }
  } finally {
    workspace.remove();
  }
  return {
    id: 'R8, by hand',
    what: `${byHand.length} security mistakes made by hand`,
    goal: 'all of 25 caught',
    seen: `${byHand.length - survivors.length} of ${byHand.length} caught`,
    method:
      'each applied to a copy of the sources, in which the tests of its place run; the command prints the test that caught it',
    seed: 0,
    violations: survivors.map((name) => `survived: ${name}`),
  };
}

const reportSchema = v.object({
  files: v.record(
    v.string(),
    v.object({
      mutants: v.array(
        v.object({
          status: v.string(),
          mutatorName: v.string(),
          replacement: v.optional(v.string(), ''),
          location: v.object({ start: v.object({ line: v.number() }) }),
        }),
      ),
    }),
  ),
});

async function stryker(): Promise<Figure> {
  const cli = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'run'], {
      cwd: root,
      stdio: 'inherit',
      signal: stopping.signal,
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`Stryker ended with ${code}`))));
  });
  const report = readFileSync(join(root, 'reports/mutation.json'), 'utf8');
  return strykerFigure(v.parse(reportSchema, JSON.parse(report)));
}

function strykerFigure({ files }: v.InferOutput<typeof reportSchema>): Figure {
  const killed = ['Killed', 'Timeout'];
  const valid = ['Killed', 'Timeout', 'Survived', 'NoCoverage'];
  const rows = Object.entries(files).map(([file, { mutants }]) => {
    const counted = mutants.filter(({ status }) => valid.includes(status));
    return {
      file,
      counted: counted.length,
      killed: counted.filter(({ status }) => killed.includes(status)).length,
    };
  });
  for (const { file, counted, killed: dead } of rows)
    console.log(`${percent(dead, counted).toFixed(1).padStart(6)} %  ${dead} of ${counted}  ${file}`);
  for (const [file, { mutants }] of Object.entries(files)) {
    const alive = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
    for (const { location, mutatorName, replacement } of alive)
      console.log(
        `survived: ${file}:${location.start.line} ${mutatorName} → ${replacement.replace(/\s+/g, ' ').slice(0, 80)}`,
      );
  }
  const counted = rows.reduce((sum, row) => sum + row.counted, 0);
  const dead = rows.reduce((sum, row) => sum + row.killed, 0);
  const score = percent(dead, counted);
  return {
    id: 'R8',
    what: `mutants in limits, verify, token and secrets (${rows.length} files)`,
    goal: `≥ ${minScorePercent} % killed`,
    seen: `${score.toFixed(1)} % (${dead} of ${counted})`,
    method:
      'Stryker with the unit and flow tests, which need no stack; what runs once at load is not counted',
    seed: 0,
    violations: score < minScorePercent ? [`only ${score.toFixed(1)} %`] : [],
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

const { values } = parseArgs({
  options: { hand: { type: 'boolean', default: false }, stryker: { type: 'boolean', default: false } },
});
const both = values.hand === values.stryker;
const figures: Figure[] = [];
if (both || values.hand) figures.push(await handMade());
if (both || values.stryker) figures.push(await stryker());
for (const figure of figures) {
  console.log(`${figure.id}  ${figure.what}: ${figure.seen}, goal ${figure.goal}`);
  keepResult(figure);
}
if (figures.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
