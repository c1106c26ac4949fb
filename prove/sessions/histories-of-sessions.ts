/**
 * Random histories of one number's sessions, compared with the model. The suite shrinks a history that differs to the
 * shortest one that still does. Its seed reproduces it.
 */
import { type Figure, type Run, scaled } from '../figure.ts';
import { checkHistories } from '../histories/check-histories.ts';
import { playSessions, type SessionsSeen } from './play-sessions.ts';
import { sessionHistory } from './session-history.ts';

const histories = 20_000;

/** Runs histories, several at a time. */
export async function sessionHistories(run: Run): Promise<Figure> {
  const seen: SessionsSeen = { steps: 0, refreshed: 0, again: 0, reuse: 0, late: 0, invalid: 0, faults: 0 };
  const { played, violations: differences } = await checkHistories(run, scaled(histories, run), {
    histories: sessionHistory,
    play: (table, steps) => playSessions(table, steps, seen),
  });
  const violations = [...differences];
  for (const reached of ['refreshed', 'again', 'reuse', 'late', 'invalid'] as const)
    if (seen[reached] === 0) violations.push(`no history reached "${reached}": they show nothing`);
  return {
    id: 'R9, row 10',
    what: `${played} random histories of sessions, among them settings that change, against the model`,
    goal: '0 differences',
    seen: `${differences.length} differences in ${seen.steps} steps: ${seen.refreshed} refreshed, ${seen.again} the same again, ${seen.reuse} reuse, ${seen.late} late, ${seen.invalid} invalid; ${seen.faults} failing writes`,
    method:
      'the flows themselves on the real table server, one clock; days, number of sessions, notBefore and denied numbers change. Audience and domain are in no token, and off and on are another secret; the rehearsal has a release on and one back',
    seed: run.seed,
    violations,
  };
}
