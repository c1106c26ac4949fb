/** A run of a suite that is small enough for every day. SEED runs the same one again. */
import type { Run } from '../../prove/figure.ts';

/** A run of so much of what the goal asks for. */
export function smallRun(scale: number): Run {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  console.info(`seed ${seed} (set SEED to run the same again)`);
  return { seed, scale, onProgress: () => undefined, signal: new AbortController().signal };
}
