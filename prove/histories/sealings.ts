/**
 * R3, seals: random histories of asks, replays, resends, wins and deployments with other settings, and of every text that
 * is handed out: which bytes were sealed under which keys and IV. A pair of different bytes under one of them breaks the
 * seal; so does one challenge that is sealed in two ways.
 */
import fc from 'fast-check';
import { plainClient } from '../../test-kit/plain-client.ts';
import { startTestTable } from '../../test-kit/test-table.ts';
import { type Figure, type Run, scaled } from '../figure.ts';
import { deployments, playDeployments } from './deployments.ts';
import { openSealLog } from './seal-log.ts';

const histories = 100_000;
const lanes = 8;

/** Runs histories, several at a time; all of them seal under the same keys. */
export async function sealings({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const server = await startTestTable();
  const table = { ...server, client: plainClient(server.endpoint) };
  const total = scaled(histories, { scale });
  const log = openSealLog();
  const violations: string[] = [];
  const seen = { played: 0, replays: 0, deployed: 0 };
  const property = fc.asyncProperty(deployments, async (steps) => {
    signal.throwIfAborted();
    const { replays, deployed, texts } = await playDeployments(table, steps, seen.played);
    for (const text of texts) violations.push(...log.add(text));
    seen.played += 1;
    seen.replays += replays;
    seen.deployed += deployed;
    if (seen.played % 200 === 0) onProgress(`${seen.played} of ${total} histories`);
  });
  try {
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        const numRuns = Math.ceil(total / lanes);
        const details = await fc.check(property, { numRuns, seed: seed + lane });
        if (details.failed && !signal.aborted) violations.push(fc.defaultReportMessage(details) ?? 'failed');
      }),
    );
  } finally {
    table.client.destroy();
    await server.stop();
  }
  signal.throwIfAborted();
  if (seen.replays < seen.played / 20 || seen.deployed < seen.played / 20) {
    violations.push(
      `only ${seen.replays} replays and ${seen.deployed} deployments: the histories show nothing`,
    );
  }
  return {
    id: 'R3, seals',
    what: `${seen.played} random histories of asks, replays and deployments, and every text that they hand out`,
    goal: '0 pairs of plaintexts under one key and IV in 100,000',
    seen: `${violations.length} pairs in ${log.texts()} texts of ${log.names()} names, with ${seen.replays} replays and ${seen.deployed} deployments of other settings`,
    method:
      'the flow itself on the real table server, all histories under one identity secret; each request id and device token is opened, and its bytes held against all others of its keys and IV, and of its name',
    seed,
    violations,
  };
}
