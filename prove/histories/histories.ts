/**
 * R3: random histories of one number, compared with a model of the promised behaviour. The suite shrinks a history that
 * differs to the shortest one that still does. Its seed reproduces it.
 */
import fc from 'fast-check';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { history } from './history.ts';
import { play, type Seen } from './play.ts';

const histories = 20_000;
const lanes = 8;

/** Runs histories, several at a time. */
export async function randomHistories({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const total = scaled(histories, { scale });
  const seen: Seen & { played: number } = { played: 0, steps: 0, wins: 0, faults: 0, usedCodesTried: 0 };
  const violations: string[] = [];
  const property = fc.asyncProperty(history, async (steps) => {
    signal.throwIfAborted();
    await play(table, steps, seen);
    seen.played += 1;
    if (seen.played % 100 === 0) onProgress(`${seen.played} of ${total} histories`);
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
  if (seen.wins < seen.played / 10) violations.push(`only ${seen.wins} wins: the histories show nothing`);
  return {
    id: 'R3',
    what: `${seen.played} random histories against the model`,
    goal: '0 differences in 10,000',
    seen: `${violations.length} differences in ${seen.steps} steps, with ${seen.faults} failing writes, ${seen.wins} wins and ${seen.usedCodesTried} tries of used codes`,
    method: 'the flow itself on the real table server, one clock; a difference is shrunk and has its seed',
    seed,
    violations,
  };
}
