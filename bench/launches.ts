/**
 * P2, P3 and P6: what a user waits for. Init runs with a full core, as on Lambda. Then the worker is limited to the CPU share
 * of its memory and answers its first event, and some more. Table, secrets and provider are as far away as in the region
 * (`distant.ts`). Rounds are interleaved, and each launch is compared with the others of its round, so that a noisy
 * neighbour affects all of them. It is long because the table by memory needs the same launches.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import * as v from 'valibot';
import { bundle, entryFile } from '../lib/bundle.ts';
import { leftOutBy } from '../lib/left-out.ts';
import { tutorialOptions } from './bundle-sizes.ts';
import { type CpuShare, mibPerCore, openCpuShare } from './cpu-share.ts';
import { distanceMs } from './distant.ts';
import { type Figure, median, percentile } from './figure.ts';
import { buildFloor } from './floor-calls.ts';
import { betterAuthEnvironment, installPeers } from './flows.ts';
import { freshNumber, gatewayEvent } from './gateway-event.ts';
import { prices } from './prices.ts';
import type { Workbench } from './workbench.ts';

interface Launch {
  readonly initMs: number;
  /** Over the provider's own time, as the next. */
  readonly firstMs: number;
  readonly warmMs: readonly number[];
}

interface Program {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

const goals = { firstRatio: 0.35, wholeRatio: 0.65, p50OverFloorMs: 3, p95OverFloorMs: 10 } as const;
/** The sizes of memory among which the table chooses, in MiB. */
const memories = [256, 512, 1_024, 1_769] as const;
const warmCalls = 12;
const initSchema = v.object({ initMs: v.number() });
const answerSchema = v.object({
  answerMs: v.number(),
  answerCpuMs: v.number(),
  statusCode: v.picklist([200, 202]),
});

/** Starts a program, waits for its init, and gives it requests one after the other, at the share. */
async function launch({ file, env }: Program, share: CpuShare): Promise<Launch> {
  const child = fork(join(import.meta.dirname, 'launch.cjs'), [file], { env, execArgv: [] });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error(`${file} ended`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message);
      });
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answer = async (): Promise<number> => {
    child.send(gatewayEvent('/auth/request-otp', { phoneNumber: freshNumber() }));
    const { answerMs, answerCpuMs } = v.parse(answerSchema, await next());
    return share.tookMs(answerMs, answerCpuMs);
  };
  try {
    const { initMs } = v.parse(initSchema, await next());
    if (child.pid !== undefined) share.hold(child.pid);
    const firstMs = (await answer()) - distanceMs.provider;
    const warmMs: number[] = [];
    for (let i = 0; i < warmCalls; i += 1) warmMs.push((await answer()) - distanceMs.provider);
    return { initMs, firstMs, warmMs };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

type Name = 'ours' | 'floor' | 'tutorial' | 'better-auth';

/** The programs that are launched, by name. */
async function programsOf(bench: Workbench, directory: string): Promise<Readonly<Record<Name, Program>>> {
  await installPeers();
  const { far } = bench;
  const [tutorial, betterAuth] = [join(directory, 'tutorial.mjs'), join(directory, 'better-auth.mjs')];
  buildSync({ ...tutorialOptions, outfile: tutorial });
  buildSync({
    ...tutorialOptions,
    entryPoints: [join(import.meta.dirname, 'peers/better-auth-flows.js')],
    outfile: betterAuth,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const floor = await buildFloor(bench, directory);
  const ofOurs = far.environmentOf('request-otp');
  return {
    ours: { file: join(bundle('request-otp', leftOutBy({})), entryFile), env: ofOurs },
    floor: { file: floor.file, env: { ...ofOurs, ...floor.env } },
    tutorial: { file: tutorial, env: { ...far.peerEnvironment, TABLE_NAME: 'tutorial' } },
    'better-auth': { file: betterAuth, env: { ...far.peerEnvironment, ...betterAuthEnvironment() } },
  };
}

const ms = (figure: number): string => `${figure.toFixed(0)} ms`;
const whole = ({ initMs, firstMs }: Launch): number => initMs + firstMs;

/** Launches each program `rounds` times; gives P2, P3 and P6, and the table by which the memory is chosen. */
export async function launchFigures(
  bench: Workbench,
  rounds: number,
): Promise<{ readonly figures: readonly Figure[]; readonly memoryTable: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-launch-'));
  const { memoryMib } = bench.stack.deployment.functions.find(({ name }) => name === 'request-otp') ?? {};
  if (memoryMib === undefined) throw new Error('no function request-otp');
  try {
    const programs = await programsOf(bench, directory);
    const share = openCpuShare(memoryMib / mibPerCore);
    const launches: Readonly<Record<Name, Launch>>[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        launches.push({
          ours: await launch(programs.ours, share),
          floor: await launch(programs.floor, share),
          tutorial: await launch(programs.tutorial, share),
          'better-auth': await launch(programs['better-auth'], share),
        });
      }
    } finally {
      share.close();
    }
    const middle = (of: (round: (typeof launches)[number]) => number): number => median(launches.map(of));
    const warm = (name: Name): readonly number[] => launches.flatMap((round) => round[name].warmMs);
    const at = (name: Name, part: number): number => percentile(warm(name), part);
    const over = (part: number): number => at('ours', part) - at('floor', part);
    const peers = (of: (round: Launch) => number): string =>
      (['ours', 'tutorial', 'better-auth'] as const)
        .map((name) => `${name} ${ms(middle((round) => of(round[name])))}`)
        .join(', ');
    const method = `${share.method}; init at a full core, from the start of the process; median of per-round ratios, ${rounds} interleaved rounds; over TLS, table ${distanceMs.table} ms, secrets ${distanceMs.secrets} ms, provider ${distanceMs.provider} ms`;
    const table = await memoryTableOf(programs.ours, Math.ceil(rounds / 3));
    const firstRatio = middle(({ ours, tutorial }) => ours.firstMs / tutorial.firstMs);
    const wholeRatio = middle(({ ours, tutorial }) => whole(ours) / whole(tutorial));
    const figures: readonly Figure[] = [
      {
        id: 'P2',
        what: `first answer of request-otp after init, at the CPU share of ${memoryMib} MiB, over the provider’s time, against the tutorial’s`,
        goal: `≤ ${goals.firstRatio}`,
        figure: firstRatio.toFixed(2),
        isMet: firstRatio <= goals.firstRatio,
        peers: peers(({ firstMs }) => firstMs),
        method,
        ifMissed: `Init has done what it can: the secrets are read, the table’s connection is open and a rehearsed request is compiled. What is left is the first SMS’s whole TLS handshake and the CPU share.`,
      },
      {
        id: 'P3',
        what: 'init and first answer, the same',
        goal: `≤ ${goals.wholeRatio}`,
        figure: wholeRatio.toFixed(2),
        isMet: wholeRatio <= goals.wholeRatio,
        peers: `${peers(whole)}; our init ${ms(middle(({ ours }) => ours.initMs))}`,
        method: 'the same launches',
        ifMissed:
          'Init reads four secrets, opens a connection and rehearses a request, so that the first user does not wait for them; the tutorial reads one, in its first request. Tried: a V8 code cache, which Lambda’s next build of Node would refuse unseen (decision 013).',
      },
      ...(
        [
          [0.5, goals.p50OverFloorMs],
          [0.95, goals.p95OverFloorMs],
        ] as const
      ).map(
        ([part, most]): Figure => ({
          id: 'P6',
          what: `warm request-otp over the provider’s time, p${part * 100}, against the floor: three round trips to the table and the floor’s CPU`,
          goal: `≤ the floor’s + ${most} ms`,
          figure: `${over(part) < 0 ? '−' : '+'} ${Math.abs(over(part)).toFixed(1)} ms`,
          isMet: over(part) <= most,
          peers: (['ours', 'floor', 'tutorial', 'better-auth'] as const)
            .map((name) => `${name} ${ms(at(name, part))}`)
            .join(', '),
          method: `the same launches, ${warmCalls} calls after the first`,
          ifMissed: table.whyWarm,
        }),
      ),
    ];
    return { figures, memoryTable: table.text };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What a request takes and costs at a size of memory. */
interface OfMemory {
  readonly memoryMib: number;
  readonly firstMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Lambda's price of a million warm requests. */
  readonly usd: number;
}

async function ofMemory(program: Program, memoryMib: number, rounds: number): Promise<OfMemory> {
  const share = openCpuShare(memoryMib / mibPerCore);
  const launches: Launch[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) launches.push(await launch(program, share));
  } finally {
    share.close();
  }
  const warm = launches.flatMap(({ warmMs }) => warmMs);
  const p50Ms = percentile(warm, 0.5);
  const gbSeconds = ((p50Ms + distanceMs.provider) / 1_000) * (memoryMib / 1_024);
  return {
    memoryMib,
    firstMs: median(launches.map(({ firstMs }) => firstMs)),
    p50Ms,
    p95Ms: percentile(warm, 0.95),
    usd: 1_000_000 * (gbSeconds * prices.lambdaGbSecond.usd + prices.lambdaRequest.usd),
  };
}

/** The table by which the memory is chosen, and what it says of a warm request that is too slow. */
async function memoryTableOf(program: Program, rounds: number) {
  const sizes: OfMemory[] = [];
  for (const memoryMib of memories) sizes.push(await ofMemory(program, memoryMib, rounds));
  const rows = sizes.map(
    ({ memoryMib, firstMs, p50Ms, p95Ms, usd }) =>
      `| ${[`${memoryMib} MiB`, ms(firstMs), ms(p50Ms), ms(p95Ms), usd.toFixed(2)].join(' | ')} |`,
  );
  const text = [
    `request-otp by memory, ${rounds} launches each; the price is Lambda’s for a million warm requests, the wait for the provider included:`,
    '',
    '| memory | first answer | warm p50 over the provider’s time | p95 | USD per million |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
  const [chosen, next] = [sizes[1], sizes[2]];
  if (chosen === undefined || next === undefined) throw new Error('the table has four sizes');
  const saved = (chosen.p50Ms - next.p50Ms).toFixed(0);
  const more = (next.usd - chosen.usd).toFixed(2);
  const whyWarm = `At the share of ${chosen.memoryMib} MiB a millisecond of CPU takes ${(mibPerCore / chosen.memoryMib).toFixed(1)} ms, so P5’s distance from the floor is most of this. ${next.memoryMib} MiB would save ${saved} ms of the ${ms(chosen.p50Ms + distanceMs.provider)} that a user waits, for ${more} USD more per million, which puts P7 above its goal; so ${chosen.memoryMib} MiB stay.`;
  return { text, whyWarm };
}
