/**
 * R3, seals: random histories of asks, replays, resends, wins and deployments with other settings, and of every text that
 * is handed out: which bytes were sealed under which keys and IV. A pair of different bytes under one of them breaks the
 * seal; so does one challenge that is sealed in two ways.
 */
import { type Figure, type Run, scaled } from '../figure.ts';
import { checkHistories } from './check-histories.ts';
import { deployments, playDeployments } from './deployments.ts';
import { openSealLog } from './seal-log.ts';

const histories = 100_000;

/** Runs histories, several at a time; all of them seal under the same keys. */
export async function sealings(run: Run): Promise<Figure> {
  const log = openSealLog();
  const pairs: string[] = [];
  const seen = { begun: 0, replays: 0, deployed: 0 };
  const { played, violations: failures } = await checkHistories(run, scaled(histories, run), {
    histories: deployments,
    play: async (table, steps) => {
      // Each history has a number of its own, also among those that run at the same time.
      seen.begun += 1;
      const { replays, deployed, texts } = await playDeployments(table, steps, seen.begun);
      for (const text of texts) pairs.push(...log.add(text));
      seen.replays += replays;
      seen.deployed += deployed;
    },
  });
  const violations = [...failures, ...pairs];
  if (seen.replays < played / 20 || seen.deployed < played / 20) {
    violations.push(
      `only ${seen.replays} replays and ${seen.deployed} deployments: the histories show nothing`,
    );
  }
  return {
    id: 'R3, seals',
    what: `${played} random histories of asks, replays and deployments, and every text that they hand out`,
    goal: '0 pairs of plaintexts under one key and IV in 100,000',
    seen: `${pairs.length} pairs in ${log.texts()} texts of ${log.names()} names, with ${seen.replays} replays and ${seen.deployed} deployments of other settings`,
    method:
      'the flow itself on the real table server, all histories under one identity secret; each request id and device token is opened, and its bytes held against all others of its keys and IV, and of its name',
    seed: run.seed,
    violations,
  };
}
