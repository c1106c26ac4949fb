/** Plays random histories on one table server, several at a time, and shrinks one that fails to the shortest that still does. */
import fc from 'fast-check';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable, type TestTable } from '../../test-kit/test-table.ts';
import type { Run } from '../figure.ts';

const lanes = 8;

export interface Checked {
  readonly played: number;
  /** What differed, with the history and the seed that repeat it. */
  readonly violations: readonly string[];
}

/** Plays at least `total` histories; `play` throws where something differs. */
export async function checkHistories<History>(
  { seed, onProgress, signal }: Run,
  total: number,
  {
    histories,
    play,
  }: {
    readonly histories: fc.Arbitrary<History>;
    readonly play: (table: TestTable, history: History) => Promise<void>;
  },
): Promise<Checked> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const violations: string[] = [];
  let played = 0;
  const property = fc.asyncProperty(histories, async (history) => {
    signal.throwIfAborted();
    await play(table, history);
    played += 1;
    if (played % 100 === 0) onProgress(`${played} of ${total} histories`);
  });
  try {
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const details = await fc.check(property, { numRuns: Math.ceil(total / lanes), seed: seed + lane });
        if (details.failed && !signal.aborted) violations.push(fc.defaultReportMessage(details) ?? 'failed');
      }),
    );
  } finally {
    table.client.destroy();
    await server.stop();
  }
  signal.throwIfAborted();
  return { played, violations };
}
