/**
 * Random histories of one number's sessions, compared with the model. The suite shrinks a history that differs to the
 * shortest one that still does. Its seed reproduces it.
 */
import fc from 'fast-check';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { playSessions, type SessionsSeen } from './play-sessions.ts';
import { sessionHistory } from './session-history.ts';

const histories = 20_000;
const lanes = 8;

/** Runs histories, several at a time. */
export async function sessionHistories({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const total = scaled(histories, { scale });
  const seen: SessionsSeen & { played: number } = {
    played: 0,
    steps: 0,
    refreshed: 0,
    again: 0,
    reuse: 0,
    late: 0,
    invalid: 0,
    faults: 0,
  };
  const violations: string[] = [];
  const property = fc.asyncProperty(sessionHistory, async (steps) => {
    signal.throwIfAborted();
    await playSessions(table, steps, seen);
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
  for (const reached of ['refreshed', 'again', 'reuse', 'late', 'invalid'] as const)
    if (seen[reached] === 0) violations.push(`no history reached "${reached}": they show nothing`);
  return {
    id: 'R9, row 10',
    what: `${seen.played} random histories of sessions, among them settings that change, against the model`,
    goal: '0 differences',
    seen: `${violations.length} differences in ${seen.steps} steps: ${seen.refreshed} refreshed, ${seen.again} the same again, ${seen.reuse} reuse, ${seen.late} late, ${seen.invalid} invalid; ${seen.faults} failing writes`,
    method:
      'the flows themselves on the real table server, one clock; a difference is shrunk and has its seed',
    seed,
    violations,
  };
}
