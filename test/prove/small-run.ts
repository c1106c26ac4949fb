/**
 * A run of a suite that is small enough for every day, and the same every day: a gate that fails by chance is no gate.
 * SEED makes another one; `npm run prove` draws its own.
 */
import type { Run } from '../../prove/figure.ts';

/** A run of so much of what the goal asks for. */
export function smallRun(scale: number): Run {
  const seed = Number(process.env['SEED'] ?? 1);
  console.info(`seed ${seed} (set SEED for another)`);
  return { seed, scale, onProgress: () => undefined, signal: new AbortController().signal };
}
