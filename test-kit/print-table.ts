/** Prints the measurements of a test run as a table in its log. */

/** Prints rows of the same members under a title. */
export function printTable(title: string, rows: readonly Readonly<Record<string, string | number>>[]): void {
  const [first] = rows;
  if (first === undefined) throw new Error(`nothing to print for "${title}"`);
  const names = Object.keys(first);
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  console.log(`\n${title}\n\n${lines.join('\n')}\n`);
}
