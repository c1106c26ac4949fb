/**
 * R1: five hundred guesses at once, two hundred times. In half of the rounds the right code is among them, anywhere.
 */
import { type Figure, type Run, scaled } from '../figure.ts';
import { seeded } from '../seeded.ts';
import { processes, startRace } from './race.ts';

const guessesAtOnce = 500;
const rounds = 200;
/** The default limit in ten minutes. */
const budget = 5;

/** Guesses against the default limits. */
export async function guesses({ seed, scale, onProgress, signal }: Run): Promise<Figure> {
  const chance = seeded(seed);
  const [parallel, total] = [
    Math.max(processes * 5, scaled(guessesAtOnce, { scale: Math.sqrt(scale) })),
    scaled(rounds, { scale: Math.sqrt(scale) }),
  ];
  const race = await startRace(parallel);
  const violations: string[] = [];
  const seen = { mostCounted: 0, tokens: 0, rounds: 0, rightAmong: 0 };
  try {
    for (let round = 0; round < total && !signal.aborted; round += 1) {
      const { requestId, code, now, phoneNumber } = await race.start(round);
      const isRightAmong = chance.next() < 0.5;
      const codes = wrongCodes(code, chance.below(900_000), parallel);
      if (isRightAmong) codes[chance.below(parallel)] = code;
      const { told, met } = await race.run(
        { requestId, guesses: codes.map((guess) => ({ code: guess })), now },
        0,
      );
      const wins = told.filter(({ tag }) => tag === 'verified').length;
      const compared = told.filter(
        ({ tag, reason }) => tag === 'incorrect-code' || tag === 'verified' || reason === 'lost-race',
      ).length;
      const counted = await race.counted(phoneNumber);
      if (!met) violations.push(`round ${round}: the guesses did not meet at the table`);
      if (compared > budget) violations.push(`round ${round}: ${compared} guesses were compared`);
      if (wins > (isRightAmong ? 1 : 0)) violations.push(`round ${round}: ${wins} tokens`);
      if (wins === 0 && counted !== budget) violations.push(`round ${round}: ${counted} attempts counted`);
      seen.mostCounted = Math.max(seen.mostCounted, compared);
      seen.tokens += wins;
      seen.rightAmong += isRightAmong ? 1 : 0;
      seen.rounds += 1;
      onProgress(`${seen.rounds} of ${total} rounds, ${violations.length} violations`);
    }
  } finally {
    await race.stop();
  }
  signal.throwIfAborted();
  return {
    id: 'R1',
    what: `${parallel} parallel guesses × ${seen.rounds} rounds`,
    goal: `never more than ${budget} compared; at most one token`,
    seen: `at most ${seen.mostCounted} compared; ${seen.tokens} tokens in the ${seen.rightAmong} rounds with the right code among the guesses, never two`,
    method: `the flow itself in ${processes} processes on the real table server; a gate lets all guesses of a round meet at the table`,
    seed,
    violations,
  };
}

/** So many different codes that are not the right one. */
function wrongCodes(right: string, from: number, count: number): string[] {
  return Array.from({ length: count + 1 }, (_, i) => String(from + i).padStart(6, '0'))
    .filter((code) => code !== right)
    .slice(0, count);
}
