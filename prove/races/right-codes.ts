/**
 * R2: a hundred times the right code at once, five hundred times. The limits admit as many attempts as they can hold,
 * 20, so that twenty consumes meet at the table too. In every second round all carry one idempotency key.
 */
import { type Figure, type Run, scaled } from '../figure.ts';
import { startRace } from './race.ts';

const codesAtOnce = 100;
const rounds = 500;
const attempts = 20;
/** The shortest window in which the settings admit so many: 1,000 guesses a day. */
const windowSeconds = 1_728;
const idempotencyKey = 'one-intention-of-the-user';

/** Right codes against limits that hold as many attempts as a register can. */
export async function rightCodes({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const parallel = Math.max(attempts, scaled(codesAtOnce, { scale: Math.sqrt(scale) }));
  const total = Math.max(2, scaled(rounds, { scale: Math.sqrt(scale) }));
  const race = await startRace(parallel, { attemptLimits: [{ count: attempts, windowSeconds }] });
  const violations: string[] = [];
  const tokens = new Set<string>();
  const seen = { rounds: 0, again: 0 };
  try {
    for (let round = 0; round < total && !signal.aborted; round += 1) {
      const { requestId, code, now } = await race.start(round);
      const key = round % 2 === 0 ? undefined : idempotencyKey;
      const guess = key === undefined ? { code } : { code, idempotencyKey: key };
      const { told, met } = await race.run(
        { requestId, guesses: Array.from({ length: parallel }, () => guess), now },
        Math.min(attempts, parallel),
      );
      const ids = told.flatMap(({ tokenId }) => tokenId ?? []);
      const own = new Set(ids);
      if (!met) violations.push(`round ${round}: the codes did not meet at the table`);
      if (own.size !== 1) violations.push(`round ${round}: ${own.size} different tokens`);
      if (key === undefined && ids.length !== 1)
        violations.push(`round ${round}: ${ids.length} answers with a token`);
      for (const id of own) {
        if (tokens.has(id)) violations.push(`round ${round}: the token of another round`);
        tokens.add(id);
      }
      seen.again += key === undefined ? 0 : ids.length - 1;
      seen.rounds += 1;
      onProgress(`${seen.rounds} of ${total} rounds, ${violations.length} violations`);
    }
  } finally {
    await race.stop();
  }
  signal.throwIfAborted();
  return {
    id: 'R2',
    what: `${parallel} parallel right codes × ${seen.rounds} rounds`,
    goal: 'exactly one jti each',
    seen: `${tokens.size} different jti in ${seen.rounds} rounds; ${seen.again} times the same one again for the same idempotency key`,
    method: `as R1, with ${attempts} attempts admitted, so that ${Math.min(attempts, parallel)} consumes meet as well; every second round with one idempotency key`,
    seed,
    violations,
  };
}
