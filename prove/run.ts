/**
 * `npm run prove`: the figures R1 to R7, R9 and R10 of the goals, each beside its goal. Ctrl-C ends the suite that runs, with
 * everything that it started; a second one ends at once.
 */
import { parseArgs } from 'node:util';
import { Advice } from '../terminal/advice.ts';
import { answers } from './answers/answers.ts';
import { badInput } from './bad-input/bad-input.ts';
import { faults } from './faults/faults.ts';
import { providerBack } from './faults/provider-back.ts';
import type { Figure, Suite } from './figure.ts';
import { frozenWorkers } from './freeze/freeze.ts';
import { randomHistories } from './histories/histories.ts';
import { sealings } from './histories/sealings.ts';
import { leaks } from './leaks/leaks.ts';
import { openLedger } from './leaks/ledger.ts';
import { listeners } from './listeners/listeners.ts';
import { lostAnswers } from './lost-answers/lost-answers.ts';
import { showBugs } from './mutants/bugs.ts';
import { guesses } from './races/guesses.ts';
import { interleavings } from './races/interleavings.ts';
import { rightCodes } from './races/right-codes.ts';
import { keepResult } from './results.ts';
import { keyRotations } from './rotations/rotations.ts';
import { sessionSuites } from './sessions/sessions.ts';

const help = `npm run prove -- [figure …] [options]

  R1 … R7, R10   only these figures
  --seed <n>     the same run again; without it, another one each time
  --scale <x>    a share of what the goal asks for, such as 0.01; its result is shown and not kept
  --cells <word> of R4, only the cases with this in their names; not kept
  --bugs         puts back bugs that the suites found, one at a time, and shows each suite failing
`;

/** What the suites before R7 wrote is scanned by it. */
const ledger = openLedger();
const suitesOf = (word: string): readonly (readonly [string, Suite])[] => [
  ['R1', guesses],
  ['R2', rightCodes],
  ['R2', interleavings],
  ['R3', randomHistories],
  ['R3', sealings],
  ['R4', (run) => faults(run, { ledger, word })],
  ['R4', providerBack],
  ['R4', lostAnswers],
  ['R5', keyRotations],
  ...sessionSuites.map((suite) => ['R9', suite] as const),
  ['R10', frozenWorkers],
  ['R6', (run) => badInput(run, ledger)],
  ['R6', listeners],
  ['R6', answers],
  ['R7', (run) => leaks(run, ledger)],
];

const shownViolations = 20;
const stopping = new AbortController();
process.on('SIGINT', () => {
  if (stopping.signal.aborted) process.exit(130);
  process.stderr.write('\nstopping; once more to end at once\n');
  stopping.abort();
});

interface Asked {
  readonly names: readonly string[];
  readonly seed: number;
  readonly scale: number;
  /** Of R4, only the cases with this in their names. */
  readonly word: string;
}

async function prove({ names, seed, scale, word }: Asked): Promise<boolean> {
  const figures: Figure[] = [];
  for (const [name, suite] of suitesOf(word)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const onProgress = (text: string): void => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}: ${text}`);
    };
    const startedAtMs = performance.now();
    const figure = await suite({ seed, scale, onProgress, signal: stopping.signal });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    figures.push(figure);
    show(figure, Math.round((performance.now() - startedAtMs) / 1000));
    if (scale >= 1 && word === '') keepResult(figure);
  }
  return figures.every(({ violations }) => violations.length === 0);
}

function show({ id, what, goal, seen, seed, violations }: Figure, tookSeconds: number): void {
  const verdict = violations.length === 0 ? 'met' : 'NOT MET';
  console.log(
    `${id}  ${what}\n    goal   ${goal}\n    seen   ${seen}\n    ${verdict}, seed ${seed}, ${tookSeconds} s\n`,
  );
  for (const violation of violations.slice(0, shownViolations)) console.log(`    - ${violation}`);
  if (violations.length > shownViolations)
    console.log(`    … and ${violations.length - shownViolations} more`);
}

function positive(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Advice(`--${name} is a number above 0\n\n${help}`);
  return value;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: 'string' },
        scale: { type: 'string', default: '1' },
        cells: { type: 'string', default: '' },
        bugs: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Advice(`${error instanceof Error ? error.message : error}\n\n${help}`);
  }
}

async function main(): Promise<boolean> {
  const { values, positionals } = readArguments();
  const unknown = positionals.find((name) => !suitesOf('').some(([known]) => known === name));
  if (unknown !== undefined) throw new Advice(`There is no figure ${unknown}.\n\n${help}`);
  if (values.help) {
    console.log(help);
    return true;
  }
  if (values.bugs) return showBugs(stopping.signal);
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : positive(values.seed, 'seed');
  return prove({ names: positionals, seed, scale: positive(values.scale, 'scale'), word: values.cells });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (stopping.signal.aborted) process.exitCode = 130;
  else if (error instanceof Advice) {
    console.error(error.message);
    process.exitCode = 2;
  } else throw error;
}
