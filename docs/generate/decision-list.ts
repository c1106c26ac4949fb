/** The list of the decisions, read from their files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '../decisions');

/** The file names of the decisions, in the order of their numbers. */
export function decisionFiles(): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .toSorted();
}

/** Every decision with its number, headline and date, as Markdown. Throws if one has no headline or no date. */
export function decisionList(): string {
  const rows = decisionFiles().map((name) => {
    const text = readFileSync(join(directory, name), 'utf8');
    const headline = /^# (.+)\n/.exec(text)?.[1];
    const date = /^## Date\n(\d{4}-\d{2}-\d{2})$/m.exec(text)?.[1];
    if (headline === undefined || date === undefined) throw new Error(`${name} has no headline or no date`);
    return `| ${name.slice(0, 3)} | [${headline}](${name}) | ${date} |`;
  });
  return ['| | decision | date |', '|---|---|---|', ...rows].join('\n');
}
