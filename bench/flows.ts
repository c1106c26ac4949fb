/**
 * P5, P6 and P8: the CPU of the work on one number. Ours over its floor (`floor.ts`), for each kind of work; flows per second
 * of one core against better-auth's phone-number plugin, all on the same table server and provider, over TLS; and a refresh
 * beside one bare SDK call and one signature. Each program runs warm in a process of its own and is measured by its CPU
 * time. Rounds are interleaved, and the median of the ratios of each round counts. It is long because all of them are of
 * the same rounds.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from './figure.ts';
import type { FloorKind } from './floor.ts';
import { buildFloor, wrongCodes } from './floor-calls.ts';
import { freshNumber } from './gateway-event.ts';
import { type MeasuredProcess, startFlows, startMeasured } from './measured-process.ts';
import type { Workbench } from './workbench.ts';

const peers = join(import.meta.dirname, 'peers');
const minRatio = 1.5;
const maxSignaturesOfRefresh = 1.5;
const numbersPerRound = 100;
/** Not counted, because V8 compiles what is run often. */
const warmRounds = 5;

type Kind = Exclude<FloorKind, 'start'>;

/** What P5 compares, the goal of each that has one, and what the floor does for it beside its writes. */
const kinds: Readonly<
  Record<Kind, { readonly what: string; readonly goal?: number; readonly floor: string }>
> = {
  request: { what: 'request-otp', goal: 1.25, floor: 'the same SDK calls and the same post over TLS' },
  verify: { what: 'verify-otp', goal: 1.2, floor: 'the same SDK calls and one RS256-3072 signature' },
  refresh: { what: 'a refresh', goal: 1.3, floor: 'the same SDK call and one RS256-3072 signature' },
  wrong: { what: 'a wrong code', floor: 'the same SDK call' },
  refused: { what: 'a request that a limit refuses', floor: 'the same SDK calls' },
};
const kindNames = Object.keys(kinds) as Kind[];

const whyAboveFloor =
  'What is above the floor is many small parts, none of them large: the profile below has the largest. V8 also compiles a larger program. Tried: the signature by Node’s own call instead of the Web Crypto API through jose, which made no difference, and the metrics of a key once a minute, which are in the figure.';

/** Installs the peers where they are missing, from their own lock. */
export async function installPeers(): Promise<void> {
  if (existsSync(join(peers, 'node_modules/better-auth'))) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: peers });
}

/** The environment of better-auth, beside that of the servers. */
export function betterAuthEnvironment(): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    TABLE_NAME: 'better-auth',
    AUTH_SECRET: crypto.randomUUID() + crypto.randomUUID(),
    PROVIDER_KEY: 'bench',
    TEMPLATE_ID: '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d',
  };
}

/** CPU milliseconds of each kind of work on one number, by round. */
type Spent = Record<Kind | 'sign', number[]>;

const batch = (): readonly string[] => Array.from({ length: numbersPerRound }, freshNumber);

/** One of ours or the floor, with a session of each of its numbers. */
interface Program {
  readonly process: MeasuredProcess;
  readonly withSession: readonly string[];
  readonly spent: Spent;
}

async function open(bench: Workbench, process: MeasuredProcess): Promise<Program> {
  const withSession = batch();
  bench.takeCodes();
  await process.ask({ request: withSession });
  await process.ask({ start: Object.fromEntries(bench.takeCodes()) });
  const spent = { request: [], refused: [], wrong: [], verify: [], refresh: [], sign: [] };
  return { process, withSession, spent };
}

/** One round of every kind. */
async function run(
  bench: Workbench,
  { process, withSession, spent }: Program,
  isKept: boolean,
): Promise<void> {
  const numbers = batch();
  const ask = async (kind: Kind | 'sign', input: unknown): Promise<void> => {
    const { cpuMs } = await process.ask({ [kind]: input });
    if (isKept) spent[kind].push(cpuMs / numbersPerRound);
  };
  // Discards the codes of earlier requests.
  bench.takeCodes();
  await ask('request', numbers);
  const codes = Object.fromEntries(bench.takeCodes());
  await ask('refused', numbers);
  await ask('wrong', wrongCodes(codes));
  await ask('verify', codes);
  await ask('refresh', withSession);
  await ask('sign', numbers);
  bench.takeRecorded();
}

/** Measures all of them, and gives P5, P6 and the CPU of P8. */
export async function flowFigures(bench: Workbench, rounds: number): Promise<readonly Figure[]> {
  await installPeers();
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-flows-'));
  const ours = await open(bench, startFlows(bench));
  const floor = await open(bench, startFlows(bench, await buildFloor(bench, directory)));
  const theirs = startMeasured(join(import.meta.dirname, 'peer-flows.js'), {
    ...bench.near.peerEnvironment,
    ...betterAuthEnvironment(),
    PEER: join(peers, 'better-auth-flows.js'),
  });
  const theirMs: number[] = [];
  try {
    for (let i = -warmRounds; i < rounds; i += 1) {
      await run(bench, ours, i >= 0);
      await run(bench, floor, i >= 0);
      const { cpuMs } = await theirs.ask({ flows: batch() });
      if (i >= 0) theirMs.push(cpuMs / numbersPerRound);
    }
  } finally {
    await Promise.all([ours.process, floor.process, theirs].map((program) => program.stop()));
    rmSync(directory, { recursive: true });
  }
  const method = `process CPU, warm, over TLS, ${numbersPerRound} numbers a round, four at once, median of ${rounds} per-round ratios`;
  return [
    ...kindNames.map((kind) => overFloor(kind, { ours: ours.spent, floor: floor.spent, method })),
    perCore(ours.spent, theirMs, method),
    refreshFigure(ours.spent, floor.spent, method),
  ];
}

const ms = (list: readonly number[]): string => `${median(list).toFixed(2)} ms`;
const perSecond = (cpuMs: readonly number[]): string => `${(1000 / median(cpuMs)).toFixed(0)}/s`;

/** The median of `of(a, b)` over the rounds. */
function byRound(
  a: readonly number[],
  b: readonly number[],
  of: (a: number, b: number) => number = (one, other) => one / other,
): number {
  return median(a.map((value, i) => of(value, b[i] ?? Number.NaN)));
}

function overFloor(
  kind: Kind,
  { ours, floor, method }: { readonly ours: Spent; readonly floor: Spent; readonly method: string },
): Figure {
  const { what, goal, floor: does } = kinds[kind];
  const ratio = byRound(ours[kind], floor[kind]);
  return {
    id: 'P5',
    what: `CPU of ${what} over its floor: ${does}`,
    goal: goal === undefined ? '' : `≤ ${goal}`,
    figure: ratio.toFixed(2),
    isMet: goal === undefined ? undefined : ratio <= goal,
    peers: `ours ${ms(ours[kind])}, floor ${ms(floor[kind])}`,
    method,
    ifMissed: whyAboveFloor,
  };
}

function perCore(ours: Spent, theirMs: readonly number[], method: string): Figure {
  const ourMs = ours.request.map((request, i) => request + (ours.verify[i] ?? Number.NaN));
  const ratio = byRound(theirMs, ourMs);
  return {
    id: 'P6',
    what: 'flows (ask and type in) per second and core, against better-auth',
    goal: `≥ ${minRatio}`,
    figure: ratio.toFixed(2),
    isMet: ratio >= minRatio,
    peers: `ours ${perSecond(ourMs)}, better-auth ${perSecond(theirMs)}`,
    method,
    ifMissed:
      'Five SDK calls, a TLS handshake and a signature are most of our flow, and better-auth’s store goes through the same SDK. Against it stands what it does not do: limits of addresses, a day’s budget, a sealed id and a token that others can verify. A client of our own for the four calls came to 2.5 and was given up (decision 013).',
  };
}

/** P8: a refresh without its SDK call, in signatures, and how many a core does. */
function refreshFigure(ours: Spent, floor: Spent, method: string): Figure {
  const outside = byRound(ours.refresh, floor.wrong, (whole, call) => whole - call);
  const signatures = outside / median(floor.sign);
  const bare = floor.wrong.map((call, i) => call + (floor.sign[i] ?? Number.NaN));
  return {
    id: 'P8',
    what: 'CPU of a refresh outside its one SDK call, in RS256-3072 signatures',
    goal: `≤ ${maxSignaturesOfRefresh}`,
    figure: signatures.toFixed(2),
    isMet: signatures <= maxSignaturesOfRefresh,
    peers: `a refresh ${ms(ours.refresh)}, ${perSecond(ours.refresh)} of a core; a bare SDK call ${ms(floor.wrong)} and a signature ${ms(floor.sign)}, ${perSecond(bare)}`,
    method,
    ifMissed: whyAboveFloor,
  };
}
