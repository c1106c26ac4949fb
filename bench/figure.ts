/** The result of a measurement: one row of the table, with the goal beside the figure. */

export interface Figure {
  /** Its number in docs/evidence.md. */
  readonly id: string;
  readonly what: string;
  readonly goal: string;
  readonly figure: string;
  /** Undefined where there is no goal. */
  readonly isMet: boolean | undefined;
  /** The peer's figure, measured in the same run. */
  readonly peers: string;
  /** The method, and whether the figure is a model. */
  readonly method: string;
  /** Why the goal is missed, and what was tried, in a sentence each. The page has it only when it is. */
  readonly ifMissed?: string;
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
    isMet === undefined ? '' : isMet ? 'met' : '**not met**',
    peers,
    method,
  ]);
  const head = ['', 'what', 'goal', 'figure', '', 'peers', 'method'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The goals that are not met, each with its reason. */
export function missedGoals(figures: readonly Figure[]): string {
  const missed = figures.filter(({ isMet }) => isMet === false);
  if (missed.length === 0) return 'Every goal is met.';
  const unknown = 'This run is the first that misses it: no reason is known yet.';
  const lines = missed.map(
    ({ id, what, figure, goal, ifMissed = unknown }) =>
      `- **${id}, ${what}: ${figure}, goal ${goal}.** ${ifMissed}`,
  );
  return ['Goals that are not met:', '', ...lines].join('\n');
}
