/** What the judges said last. `results.json` keeps it, and docs/evidence.md shows it. Nobody types a line of it by hand. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeSection } from '../test-kit/page-section.ts';
import type { Judge, Verdict } from './judge.ts';

const jsonFile = join(import.meta.dirname, 'results.json');
const evidencePage = join(import.meta.dirname, '../docs/evidence.md');

const resultSchema = v.object({
  name: v.string(),
  what: v.string(),
  tool: v.string(),
  given: v.string(),
  cases: v.number(),
  findings: v.array(v.string()),
  decisions: v.array(v.object({ finding: v.string(), reason: v.string() })),
  mistake: v.object({ what: v.string(), found: v.array(v.string()) }),
  /** ISO date, to the minute, UTC. */
  takenAt: v.string(),
});
type Result = v.InferOutput<typeof resultSchema>;

/** Keeps a verdict in place of the judge's last one. `order` has the names of all judges. */
export function keepVerdict(
  { name, what }: Pick<Judge, 'name' | 'what'>,
  verdict: Verdict,
  order: readonly string[],
): void {
  const takenAt = `${new Date().toISOString().slice(0, 16)}Z`;
  const result = v.parse(resultSchema, { name, what, takenAt, ...verdict });
  const all = [...keptVerdicts().filter((kept) => kept.name !== name), result].sort(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
  );
  writeFileSync(jsonFile, `${JSON.stringify(all, null, 2)}\n`);
  writeSection(evidencePage, 'judges', judgesTable(all));
}

/** The latest verdict of each judge. */
export function keptVerdicts(): readonly Result[] {
  if (!existsSync(jsonFile)) return [];
  return v.parse(v.array(resultSchema), JSON.parse(readFileSync(jsonFile, 'utf8')));
}

/** What the page says of these verdicts: their table, then what was decided on what they found. */
export function judgesTable(results: readonly Result[]): string {
  const rows = results.map(
    ({ name, what, tool, given, cases, findings, decisions, mistake, takenAt }) =>
      `| ${[name, tool, what, given, cases, `${findings.length} open, ${decisions.length} decided`, `${mistake.what}: ${mistake.found.length > 0 ? 'found' : '**not found**'}`, takenAt].map(cell).join(' | ')} |`,
  );
  const decided = results.flatMap(({ name, findings, decisions }) => [
    ...findings.map((finding) => `- **${name}**, open: ${finding}`),
    ...decisions.map(({ finding, reason }) => `- **${name}**: ${finding}. ${reason}`),
  ]);
  const table = [
    '| judge | tool | judges | was given | cases | findings | a mistake made on purpose | taken |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
  return decided.length === 0
    ? table
    : [table, 'What they said, and what was decided:', decided.join('\n')].join('\n\n');
}

function cell(value: string | number): string {
  return `${value}`.replaceAll('|', '\\|');
}
