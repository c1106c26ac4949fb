/** The results as text. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CostItem } from './cost.ts';
import { type Figure, markdownTable } from './figure.ts';

/** Where the results stand, whole; the README has their table. */
export const resultsPage = join(import.meta.dirname, 'RESULTS.md');
export const readme = join(import.meta.dirname, '../README.md');

/** Date, machine and Node of a run. */
export function runOf(): string {
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${process.arch}, Node ${process.versions.node}`;
}

/** The table of a run of `npm run bench`. */
export function benchTable(figures: readonly Figure[]): string {
  return `${runOf()}\n\n${markdownTable(figures)}`;
}

/** Everything that a run of `npm run bench` says. */
export function benchPage(figures: readonly Figure[], costs: readonly CostItem[]): string {
  const bill = costs.map(
    ({ item, usd, source, isFixed }) =>
      `| ${item} | ${usd.toFixed(2)} | ${isFixed ? 'a month' : 'by traffic'} | ${source} |`,
  );
  return [
    benchTable(figures),
    'P7, item by item, per million verifications:',
    ['| item | USD | | price |', '| --- | --- | --- | --- |', ...bill].join('\n'),
  ].join('\n\n');
}
