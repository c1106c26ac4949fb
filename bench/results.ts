/** The page of results: written by the command alone, between markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { CostItem } from './cost.ts';
import { type Figure, markdownTable } from './figure.ts';

const file = join(import.meta.dirname, 'RESULTS.md');
const begin = (name: string): string => `<!-- begin ${name}: written by the command -->`;
const end = (name: string): string => `<!-- end ${name} -->`;

/** Date, machine and Node of a run. */
export function runOf(): string {
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${process.arch}, Node ${process.versions.node}`;
}

/** Everything that a run of `npm run bench` says. */
export function benchPage(figures: readonly Figure[], costs: readonly CostItem[]): string {
  const bill = costs.map(
    ({ item, usd, source, isFixed }) =>
      `| ${item} | ${usd.toFixed(2)} | ${isFixed ? 'a month' : 'by traffic'} | ${source} |`,
  );
  return [
    runOf(),
    markdownTable(figures),
    'P7, item by item, per million verifications:',
    ['| item | USD | | price |', '| --- | --- | --- | --- |', ...bill].join('\n'),
  ].join('\n\n');
}

/** Replaces what stands between the markers of `name`. */
export function writeSection(name: string, text: string): void {
  const page = readFileSync(file, 'utf8');
  const from = page.indexOf(begin(name));
  const to = page.indexOf(end(name));
  if (from < 0 || to < from) throw new Error(`${file} has no markers for "${name}"`);
  writeFileSync(file, `${page.slice(0, from)}${begin(name)}\n\n${text}\n\n${page.slice(to)}`);
}
