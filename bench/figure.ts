/** The result of a measurement: one row of the table, with the goal beside the figure. */

export interface Figure {
  /** Its number in docs/evidence.md. */
  readonly id: string;
  readonly what: string;
  readonly goal: string;
  readonly figure: string;
  readonly isMet: boolean;
  /** The peer's figure, measured in the same run. */
  readonly peers: string;
  /** The method, and whether the figure is a model. */
  readonly method: string;
}

/** The middle of a sorted list. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new RangeError('expected at least one number');
  return middle;
}

/** The value below which a share of a list lies; `share` from 0 to 1. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The table in Markdown. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ id, what, goal, figure, isMet, peers, method }) => [
    id,
    what,
    goal,
    `**${figure}**`,
    isMet ? 'met' : '**not met**',
    peers,
    method,
  ]);
  const head = ['', 'what', 'goal', 'figure', '', 'peers', 'method'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
