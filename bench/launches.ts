/**
 * P2 and P3: what a cold start costs, in CPU time of a process of its own. Rounds are interleaved, each launch is held
 * against the empty handler of its own round, and the median of the rounds counts: a noisy neighbour hits them all.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { bundle, leftOutBy } from '../lib/bundle.ts';
import { tutorialOptions } from './bundle-sizes.ts';
import { type Figure, median } from './figure.ts';
import { freshNumber, gatewayEvent } from './gateway-event.ts';
import type { Workbench } from './workbench.ts';

interface Launch {
  readonly loadedMs: number;
  readonly answeredMs: number;
}

const run = promisify(execFile);
const maxLoadRatio = 1.8;
const maxFirstRequestRatio = 0.55;

/** Launches everything `rounds` times and gives P2 and P3. */
export async function launchFigures(bench: Workbench, rounds: number): Promise<readonly Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-launch-'));
  const eventFile = join(directory, 'event.json');
  const empty = join(directory, 'empty.cjs');
  const tutorial = join(directory, 'tutorial.mjs');
  writeFileSync(empty, 'exports.handler = async () => ({ statusCode: 202 });\n');
  buildSync({ ...tutorialOptions, outfile: tutorial });
  await bench.createTable('tutorial');
  const launch = async (
    file: string,
    env: Readonly<Record<string, string>>,
    first?: string,
  ): Promise<Launch> => {
    if (first !== undefined)
      writeFileSync(eventFile, JSON.stringify(gatewayEvent(first, { phoneNumber: freshNumber() })));
    const args = [join(import.meta.dirname, 'launch.cjs'), file, ...(first === undefined ? [] : [eventFile])];
    const { stdout } = await run(process.execPath, args, { env });
    // What comes before it is the handler's own output: its embedded metrics.
    const answer = JSON.parse(stdout.slice(stdout.lastIndexOf('{"loadedMs"')));
    if (first !== undefined && ![200, 202].includes(answer.statusCode))
      throw new Error(`${file} answered ${answer.statusCode}`);
    return answer;
  };
  const functionFile = (entry: string): string => join(bundle(entry, leftOutBy({})), 'index.js');
  const tutorialEnvironment = { ...bench.peerEnvironment, TABLE_NAME: 'tutorial' };
  const loads: Record<string, number[]> = {
    'request-otp': [],
    'verify-otp': [],
    'well-known': [],
    tutorial: [],
  };
  const firstRequests: number[] = [];
  const firstMs: { ours: number[]; tutorial: number[] } = { ours: [], tutorial: [] };
  for (let round = 0; round < rounds; round += 1) {
    const path = '/auth/request-otp';
    const none = await launch(empty, bench.peerEnvironment, path);
    const ours = await launch(functionFile('request-otp'), bench.environmentOf('request-otp'), path);
    const theirs = await launch(tutorial, tutorialEnvironment, path);
    firstRequests.push((ours.answeredMs - none.answeredMs) / (theirs.answeredMs - none.answeredMs));
    firstMs.ours.push(ours.answeredMs - none.answeredMs);
    firstMs.tutorial.push(theirs.answeredMs - none.answeredMs);
    loads['request-otp']?.push(ours.loadedMs / none.loadedMs);
    loads['tutorial']?.push(theirs.loadedMs / none.loadedMs);
    for (const entry of ['verify-otp', 'well-known']) {
      const { loadedMs } = await launch(functionFile(entry), bench.environmentOf(entry));
      loads[entry]?.push(loadedMs / none.loadedMs);
    }
  }
  rmSync(directory, { recursive: true });
  const ratio = (name: string): number => median(loads[name] ?? []);
  const load = Math.max(ratio('request-otp'), ratio('verify-otp'));
  const first = median(firstRequests);
  return [
    {
      id: 'P2',
      what: 'CPU to load a function, against an empty handler',
      goal: `≤ ${maxLoadRatio}`,
      figure: load.toFixed(2),
      isMet: load <= maxLoadRatio,
      peers: `tutorial ${ratio('tutorial').toFixed(2)}`,
      method: `process CPU until the bundle has loaded, median of per-round ratios, ${rounds} interleaved rounds: request-otp ${ratio('request-otp').toFixed(2)}, verify-otp ${ratio('verify-otp').toFixed(2)}, well-known ${ratio('well-known').toFixed(2)}`,
    },
    {
      id: 'P3',
      what: 'CPU of load and first request-otp, over the empty handler’s, against the tutorial’s',
      goal: `≤ ${maxFirstRequestRatio}`,
      figure: first.toFixed(2),
      isMet: first <= maxFirstRequestRatio,
      peers: `tutorial ${median(firstMs.tutorial).toFixed(0)} ms, ours ${median(firstMs.ours).toFixed(0)} ms`,
      method: `process CPU, median of per-round ratios, ${rounds} interleaved rounds, same table server and provider`,
    },
  ];
}
