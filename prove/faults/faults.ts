/**
 * R4: every call of every flow fails in every way, alone and in pairs, between the functions and what they call. The
 * functions run as they would be deployed and cannot tell the faults from real ones.
 */
import { availableParallelism } from 'node:os';
import { type Figure, type Run, scaled } from '../figure.ts';
import { type Ledger, openLedger } from '../leaks/ledger.ts';
import { seeded } from '../seeded.ts';
import { type Cell, nameOf } from './cell.ts';
import { allCells } from './cells.ts';
import { type Played, playCell, Unready } from './play-cell.ts';
import { openStage, type Stage } from './stage.ts';

const answerWithinMs = 5_500;
const setUpTries = 5;

/** Cases wait more than they compute: several stacks play at once. */
const stagesPerCore = 1.5;

/**
 * Runs a share of all cases, chosen by the seed, of those whose names have `word` in them; what was written goes into
 * `ledger`.
 */
export async function faults(
  { seed, scale, onProgress, signal }: Run,
  { ledger = openLedger(), word = '' }: { ledger?: Ledger; word?: string } = {},
): Promise<Figure> {
  const all = allCells().filter((cell) => nameOf(cell).includes(word));
  const cells = seeded(seed).shuffled(all).slice(0, scaled(all.length, { scale }));
  const lanes = scale < 1 ? 1 : Math.ceil(availableParallelism() * stagesPerCore);
  const violations: string[] = [];
  const queue = [...cells];
  const seen = { played: 0, slowestMs: 0, slowest: '', waitsInVain: 0 };
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      const stage = await openStage(ledger);
      try {
        for (let cell = queue.shift(); cell !== undefined && !signal.aborted; cell = queue.shift()) {
          const played = await playWhenReady(stage, cell, ledger);
          const name = nameOf(cell);
          for (const violation of played.violations) violations.push(`${name}: ${violation}`);
          if (played.slowestMs > seen.slowestMs)
            Object.assign(seen, { slowestMs: played.slowestMs, slowest: name });
          if (played.waitsInVain) seen.waitsInVain += 1;
          seen.played += 1;
          onProgress(`${seen.played} of ${cells.length} cases, ${violations.length} violations`);
        }
      } finally {
        await stage.stop();
      }
    }),
  );
  signal.throwIfAborted();
  const isFull = scale >= 1;
  if (isFull && seen.slowestMs > answerWithinMs)
    violations.push(`${seen.slowest}: an answer took ${Math.round(seen.slowestMs)} ms`);
  return {
    id: 'R4',
    what: 'faults of table, secrets, provider and clock, alone and in pairs',
    goal: '0 violations; every answer within 5.5 s',
    seen: `${violations.length} violations in ${seen.played} cases; slowest answer ${(seen.slowestMs / 1000).toFixed(1)} s; ${seen.waitsInVain} times the app waits for an SMS that was never sent`,
    method: `${cells.length} of ${all.length} cases through the whole local stack, ${lanes} stacks at a time; times as the app sees them`,
    seed,
    violations,
  };
}

/** Plays a case; one that did not get as far as its faults is played again. */
async function playWhenReady(stage: Stage, cell: Cell, ledger: Ledger): Promise<Played> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await playCell(stage, cell, ledger);
    } catch (error) {
      if (!(error instanceof Unready) || tries === setUpTries) throw error;
    }
  }
}
