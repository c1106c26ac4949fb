/**
 * R3: random histories of one number, compared with a model of the promised behaviour. The suite shrinks a history that
 * differs to the shortest one that still does. Its seed reproduces it.
 */
import { type Figure, type Run, scaled } from '../figure.ts';
import { checkHistories } from './check-histories.ts';
import { history } from './history.ts';
import { play, type Seen } from './play.ts';

const histories = 20_000;

/** Runs histories, several at a time. */
export async function randomHistories(run: Run): Promise<Figure> {
  const seen: Seen = { steps: 0, wins: 0, faults: 0, usedCodesTried: 0 };
  const { played, violations: differences } = await checkHistories(run, scaled(histories, run), {
    histories: history,
    play: (table, steps) => play(table, steps, seen),
  });
  const violations = [...differences];
  if (seen.wins < played / 10) violations.push(`only ${seen.wins} wins: the histories show nothing`);
  return {
    id: 'R3',
    what: `${played} random histories against the model`,
    goal: '0 differences in 10,000',
    seen: `${differences.length} differences in ${seen.steps} steps, with ${seen.faults} failing writes, ${seen.wins} wins and ${seen.usedCodesTried} tries of used codes`,
    method: 'the flow itself on the real table server, one clock; a difference is shrunk and has its seed',
    seed: run.seed,
    violations,
  };
}
