/**
 * P2 and P3: the time to the first answer of a new worker. Init runs with a full core, as on Lambda. Then the worker is
 * limited to the CPU share of its function's memory and gets its first event. Rounds are interleaved, and each launch is
 * compared with the tutorial's of the same round, so that a noisy neighbour affects both. The median of the rounds counts.
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
import { type Figure, median } from './figure.ts';
import { freshNumber, gatewayEvent } from './gateway-event.ts';
import type { Workbench } from './workbench.ts';

interface Launch {
  readonly initMs: number;
  readonly answerMs: number;
}

interface Program {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

const maxAnswerRatio = 0.35;
const maxWholeRatio = 0.65;
const initSchema = v.object({ initMs: v.number() });
const answerSchema = v.object({
  answerMs: v.number(),
  answerCpuMs: v.number(),
  statusCode: v.picklist([200, 202]),
});

/** Starts a program, waits for its init, and gives it its first request, at the share. */
async function launch({ file, env }: Program, share: CpuShare): Promise<Launch> {
  const child = fork(join(import.meta.dirname, 'launch.cjs'), [file], { env });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error(`${file} ended`)));
    });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const { initMs } = v.parse(initSchema, await next());
    if (child.pid !== undefined) share.hold(child.pid);
    child.send(gatewayEvent('/auth/request-otp', { phoneNumber: freshNumber() }));
    const { answerMs, answerCpuMs } = v.parse(answerSchema, await next());
    return { initMs, answerMs: share.tookMs(answerMs, answerCpuMs) };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

/** Launches ours and the tutorial's `rounds` times and gives P2 and P3. */
export async function launchFigures(bench: Workbench, rounds: number): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-launch-'));
  const tutorialFile = join(directory, 'tutorial.mjs');
  buildSync({ ...tutorialOptions, outfile: tutorialFile });
  await bench.createTable('tutorial');
  const { memoryMib } = bench.stack.deployment.functions.find(({ name }) => name === 'request-otp') ?? {};
  if (memoryMib === undefined) throw new Error('no function request-otp');
  const share = openCpuShare(memoryMib / mibPerCore);
  const programs = {
    ours: {
      file: join(bundle('request-otp', leftOutBy({})), entryFile),
      env: bench.environmentOf('request-otp'),
    },
    tutorial: { file: tutorialFile, env: { ...bench.peerEnvironment, TABLE_NAME: 'tutorial' } },
  };
  const pairs: { readonly ours: Launch; readonly tutorial: Launch }[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const ours = await launch(programs.ours, share);
      pairs.push({ ours, tutorial: await launch(programs.tutorial, share) });
    }
  } finally {
    share.close();
    rmSync(directory, { recursive: true });
  }
  const middle = (of: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(of));
  const whole = ({ initMs, answerMs }: Launch): number => initMs + answerMs;
  const answerRatio = middle(({ ours, tutorial }) => ours.answerMs / tutorial.answerMs);
  const wholeRatio = middle(({ ours, tutorial }) => whole(ours) / whole(tutorial));
  const ms = (figure: number): string => `${figure.toFixed(0)} ms`;
  const method = `${share.method}; init at a full core, from the start of the process; median of per-round ratios, ${rounds} interleaved rounds, same table server and provider`;
  return [
    {
      id: 'P2',
      what: `first answer of request-otp after init, at the CPU share of ${memoryMib} MiB, against the tutorial’s`,
      goal: `≤ ${maxAnswerRatio}`,
      figure: answerRatio.toFixed(2),
      isMet: answerRatio <= maxAnswerRatio,
      peers: `tutorial ${ms(middle(({ tutorial }) => tutorial.answerMs))}, ours ${ms(middle(({ ours }) => ours.answerMs))}`,
      method,
    },
    {
      id: 'P3',
      what: 'init and first answer, the same',
      goal: `≤ ${maxWholeRatio}`,
      figure: wholeRatio.toFixed(2),
      isMet: wholeRatio <= maxWholeRatio,
      peers: `tutorial ${ms(middle(({ tutorial }) => whole(tutorial)))}, ours ${ms(middle(({ ours }) => whole(ours)))}, of which init ${ms(middle(({ ours }) => ours.initMs))}`,
      method: 'the same launches',
    },
  ];
}
