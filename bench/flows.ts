/**
 * P5 and P6: the CPU of a flow. Ours over its floor (`floor.ts`), for both halves, and flows per second of one core against
 * better-auth's phone-number plugin, all on the same table server and provider, over TLS. Each runs warm in a process of its
 * own and is measured by its CPU time. Rounds are interleaved, and the median of the ratios of each round counts.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, median } from './figure.ts';
import { buildFloor } from './floor-calls.ts';
import { freshNumber } from './gateway-event.ts';
import { type MeasuredProcess, startFlows, startMeasured } from './measured-process.ts';
import type { Workbench } from './workbench.ts';

const peers = join(import.meta.dirname, 'peers');
const maxOverFloor = { request: 1.25, verify: 1.2 } as const;
const minRatio = 1.5;
const flowsPerRound = 100;

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

/** CPU milliseconds of each half of a flow, by round. */
interface Spent {
  readonly request: number[];
  readonly verify: number[];
}

/** Signs numbers in with all three, and gives P5 and P6. */
export async function flowFigures(bench: Workbench, rounds: number): Promise<readonly Figure[]> {
  await installPeers();
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-flows-'));
  const codes = (): Record<string, string> => Object.fromEntries(bench.takeCodes());
  const batch = (): readonly string[] => Array.from({ length: flowsPerRound }, freshNumber);
  const halves = async (program: MeasuredProcess, numbers: readonly string[]): Promise<[number, number]> => {
    // Discards the codes of earlier requests.
    codes();
    const request = await program.ask({ request: numbers });
    const verify = await program.ask({ verify: codes() });
    return [request.cpuMs / numbers.length, verify.cpuMs / numbers.length];
  };
  const ours = startFlows(bench);
  const floor = startFlows(bench, await buildFloor(bench, directory));
  const theirs = startMeasured(join(import.meta.dirname, 'peer-flows.js'), {
    ...bench.near.peerEnvironment,
    ...betterAuthEnvironment(),
    PEER: join(peers, 'better-auth-flows.js'),
  });
  const spent = { ours: { request: [], verify: [] } as Spent, floor: { request: [], verify: [] } as Spent };
  const theirMs: number[] = [];
  const round = async (isKept: boolean): Promise<void> => {
    for (const [name, program] of [
      ['ours', ours],
      ['floor', floor],
    ] as const) {
      const [request, verify] = await halves(program, batch());
      if (!isKept) continue;
      spent[name].request.push(request);
      spent[name].verify.push(verify);
    }
    const { cpuMs } = await theirs.ask({ flows: batch() });
    if (isKept) theirMs.push(cpuMs / flowsPerRound);
    bench.takeRecorded();
  };
  try {
    // Not counted: V8 compiles what is run often.
    for (let i = 0; i < 3; i += 1) await round(false);
    for (let i = 0; i < rounds; i += 1) await round(true);
  } finally {
    await Promise.all([ours, floor, theirs].map((program) => program.stop()));
    rmSync(directory, { recursive: true });
  }
  const ratiosOf = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((value, i) => value / (b[i] ?? Number.NaN)));
  const method = `process CPU per flow, warm, over TLS, ${flowsPerRound} numbers a round, four at once, median of ${rounds} per-round ratios`;
  const ms = (list: readonly number[]): string => `${median(list).toFixed(2)} ms`;
  const overFloor = (['request', 'verify'] as const).map((half): Figure => {
    const ratio = ratiosOf(spent.ours[half], spent.floor[half]);
    return {
      id: 'P5',
      what: `CPU of ${half}-otp over its floor: the same SDK calls, ${half === 'request' ? 'the same post over TLS' : 'one RS256-3072 signature'}`,
      goal: `≤ ${maxOverFloor[half]}`,
      figure: ratio.toFixed(2),
      isMet: ratio <= maxOverFloor[half],
      peers: `ours ${ms(spent.ours[half])}, floor ${ms(spent.floor[half])}`,
      method,
    };
  });
  const ourMs = spent.ours.request.map((request, i) => request + (spent.ours.verify[i] ?? Number.NaN));
  const ratio = ratiosOf(theirMs, ourMs);
  const perSecond = (cpuMs: readonly number[]): string => (1000 / median(cpuMs)).toFixed(0);
  return [
    ...overFloor,
    {
      id: 'P6',
      what: 'flows (ask and type in) per second and core, against better-auth',
      goal: `≥ ${minRatio}`,
      figure: ratio.toFixed(2),
      isMet: ratio >= minRatio,
      peers: `ours ${perSecond(ourMs)}/s, better-auth ${perSecond(theirMs)}/s`,
      method,
    },
  ];
}
