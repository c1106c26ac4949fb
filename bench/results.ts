/** The results as text. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CostItem } from './cost.ts';
import { type Figure, markdownTable, missedGoals } from './figure.ts';

/** The page that has the results. */
export const evidencePage = join(import.meta.dirname, '../docs/evidence.md');

/** Date, machine and Node of a run. */
export function runOf(): string {
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${process.arch}, Node ${process.versions.node}`;
}

/** Everything that a run of `npm run bench` says. */
export function benchPage(
  figures: readonly Figure[],
  { costs, tables }: { readonly costs: readonly CostItem[]; readonly tables: readonly string[] },
): string {
  const bill = costs.map(
    ({ item, usd, source, kind, lever }) =>
      `| ${item} | ${usd.toFixed(2)} | ${kind} | ${source} | ${lever} |`,
  );
  return [
    runOf(),
    markdownTable(figures),
    missedGoals(figures),
    ...tables,
    'P7 and P8, item by item, per million sign-ins, refreshes, or a month:',
    ['| item | USD | | price | lever |', '| --- | --- | --- | --- | --- |', ...bill].join('\n'),
  ].join('\n\n');
}
