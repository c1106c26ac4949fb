/** Proofs of prove/ whose promise rests on what one update does to one item, on an engine in place of dynoxide. */
import type { Figure, Suite } from '../../prove/figure.ts';
import { randomHistories } from '../../prove/histories/histories.ts';
import { guesses } from '../../prove/races/guesses.ts';
import { interleavings } from '../../prove/races/interleavings.ts';
import { rightCodes } from '../../prove/races/right-codes.ts';
import { sessionEnds } from '../../prove/sessions/ends.ts';
import { sessionHistories } from '../../prove/sessions/histories-of-sessions.ts';
import { sessionRaces } from '../../prove/sessions/session-races.ts';
import { otherServerVariable } from '../../test-kit/test-table.ts';

/** Each with its share of the goal's size. Row 2 of R9 is not here, because its item is in memory. */
const suites: readonly (readonly [Suite, scale: number])[] = [
  [guesses, 0.0025],
  [rightCodes, 0.0025],
  [interleavings, 1],
  [randomHistories, 0.005],
  ...sessionRaces.map((suite) => [suite, 0.02] as const),
  [sessionEnds, 0.1],
  [sessionHistories, 0.005],
];

/** Runs them one after the other, with the seed. */
export async function runProofs(url: string, seed: number): Promise<readonly Figure[]> {
  const before = process.env[otherServerVariable];
  process.env[otherServerVariable] = url;
  try {
    const figures: Figure[] = [];
    const { signal } = new AbortController();
    for (const [suite, scale] of suites)
      figures.push(await suite({ seed, scale, signal, onProgress: () => undefined }));
    return figures;
  } finally {
    if (before === undefined) delete process.env[otherServerVariable];
    else process.env[otherServerVariable] = before;
  }
}
