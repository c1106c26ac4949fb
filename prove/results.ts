/**
 * The results of the commands. `results.json` keeps the latest of each figure, and docs/evidence.md shows them. Nobody types
 * a figure by hand. The results describe the machine only as far as a figure depends on it, and never name it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeSection } from '../test-kit/page-section.ts';
import type { Figure } from './figure.ts';

const directory = import.meta.dirname;
const jsonFile = join(directory, 'results.json');
const evidencePage = join(directory, '../docs/evidence.md');

const resultSchema = v.object({
  id: v.string(),
  what: v.string(),
  goal: v.string(),
  seen: v.string(),
  method: v.string(),
  seed: v.number(),
  isMet: v.boolean(),
  /** ISO date, to the minute, UTC. */
  takenAt: v.string(),
  machine: v.string(),
});
type Result = v.InferOutput<typeof resultSchema>;

/** Every figure, in the order of the page. */
export const figureIds: readonly string[] = [
  'R1',
  'R2',
  'R2, every order',
  'R3',
  'R3, seals',
  'R4',
  'R4, lost answers',
  'R4, provider back',
  'R5',
  'R6',
  'R6, listeners',
  'R6, answers',
  'R7',
  'R8',
  'R8, by hand',
  'R9, row 1',
  'R9, row 2',
  'R9, row 3',
  'R9, row 4',
  'R9, row 5',
  'R9, row 6',
  'R9, row 7, replays',
  'R9, row 7, starts',
  'R9, row 8',
  'R9, row 9',
  'R9, row 10',
  'R9, row 11',
  'R9, row 12',
  'R9, row 13',
  'R9, row 14',
  'R9, row 15',
  'R9, row 16',
  'R9, row 17',
  'R9, row 19',
  'R10',
];

/** Keeps a figure, in place of the one before. */
export function keepResult({ violations, ...figure }: Figure): void {
  const result: Result = {
    ...figure,
    isMet: violations.length === 0,
    takenAt: `${new Date().toISOString().slice(0, 16)}Z`,
    machine: machine(),
  };
  const all = [...keptResults().filter(({ id }) => id !== figure.id), result].sort(
    (a, b) => figureIds.indexOf(a.id) - figureIds.indexOf(b.id),
  );
  writeFileSync(jsonFile, `${JSON.stringify(all, null, 2)}\n`);
  writeSection(evidencePage, 'prove', evidenceOf(all));
}

/** The latest of each figure. */
export function keptResults(): readonly Result[] {
  if (!existsSync(jsonFile)) return [];
  return v.parse(v.array(resultSchema), JSON.parse(readFileSync(jsonFile, 'utf8')));
}

/** What a figure depends on. */
function machine(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores, ${gibibytes} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

function tableOf(results: readonly Result[]): string {
  const rows = results.map(
    ({ id, what, goal, seen, isMet, seed, takenAt }) =>
      `| ${id} | ${what} | ${goal} | ${seen} | ${isMet ? 'met' : '**not met**'} | ${seed} | ${takenAt} |`,
  );
  return ['| | what | goal | seen | | seed | taken |', '|---|---|---|---|---|---|---|', ...rows].join('\n');
}

/** What the page says of these results: their table, then how and where each was taken. */
export function evidenceOf(results: readonly Result[]): string {
  const methods = results.map(({ id, method, machine: on }) => `- **${id}**: ${method}. ${on}.`);
  return [tableOf(results), 'How and where:', methods.join('\n')].join('\n\n');
}
