/**
 * P6: whole flows per second of one core, ours against better-auth's phone-number plugin, on the same table server and
 * provider. Both run warm in processes of their own and are measured by their CPU time; rounds are interleaved.
 */
import { execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, bundleFile } from '../lib/bundle.ts';
import { leftOutBy } from '../lib/left-out.ts';
import { type Figure, median } from './figure.ts';
import { freshNumber } from './gateway-event.ts';
import type { Workbench } from './workbench.ts';

const peers = join(import.meta.dirname, 'peers');
const minRatio = 2.5;
const flowsPerRound = 150;

/** Installs the peers where they are missing, from their own lock. */
async function installPeers(): Promise<void> {
  if (existsSync(join(peers, 'node_modules/better-auth'))) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: peers });
}

/** Signs numbers in, with both, and gives P6. */
export async function flowFigure(bench: Workbench, rounds: number): Promise<Figure> {
  await installPeers();
  await bench.createTable('better-auth', 'byLookup');
  const ours = start(join(import.meta.dirname, 'our-flows.cjs'), {
    ...bench.environmentOf('verify-otp'),
    ...bench.environmentOf('request-otp'),
    REQUEST_OTP: join(bundle('request-otp', leftOutBy({})), bundleFile),
    VERIFY_OTP: join(bundle('verify-otp', leftOutBy({})), bundleFile),
  });
  const theirs = start(join(import.meta.dirname, 'peer-flows.js'), {
    ...bench.peerEnvironment,
    NODE_ENV: 'production',
    TABLE_NAME: 'better-auth',
    PEER: join(peers, 'better-auth-flows.js'),
    AUTH_SECRET: crypto.randomUUID() + crypto.randomUUID(),
    PROVIDER_KEY: 'bench',
    TEMPLATE_ID: '6990f1b1-6a28-4cb4-a8ed-35a450a6b59d',
  });
  const codes = (): Record<string, string> => Object.fromEntries(bench.takeCodes());
  const batch = (): readonly string[] => Array.from({ length: flowsPerRound }, freshNumber);
  const ourRound = async (): Promise<number> => {
    // Discards the codes of earlier requests.
    codes();
    const request = await ours.ask({ request: batch() });
    const verify = await ours.ask({ verify: codes() });
    return (request.cpuMs + verify.cpuMs) / flowsPerRound;
  };
  const theirRound = async (): Promise<number> => {
    const { cpuMs } = await theirs.ask({ flows: batch() });
    codes();
    return cpuMs / flowsPerRound;
  };
  try {
    await ourRound();
    await theirRound();
    const ratios: number[] = [];
    const spent: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let round = 0; round < rounds; round += 1) {
      const [ourMs, theirMs] = [await ourRound(), await theirRound()];
      spent.ours.push(ourMs);
      spent.theirs.push(theirMs);
      ratios.push(theirMs / ourMs);
    }
    const ratio = median(ratios);
    const perSecond = (cpuMs: readonly number[]): string => (1000 / median(cpuMs)).toFixed(0);
    return {
      id: 'P6',
      what: 'flows (ask and type in) per second and core, against better-auth',
      goal: `≥ ${minRatio}`,
      figure: ratio.toFixed(2),
      isMet: ratio >= minRatio,
      peers: `ours ${perSecond(spent.ours)}/s, better-auth ${perSecond(spent.theirs)}/s`,
      method: `process CPU per flow, warm, ${flowsPerRound} numbers a round, four at once, median of ${rounds} per-round ratios`,
    };
  } finally {
    ours.stop();
    theirs.stop();
  }
}

interface Asked {
  readonly cpuMs: number;
}

function start(file: string, env: Readonly<Record<string, string>>) {
  const child = fork(file, { env: { ...env }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ask = (what: object): Promise<Asked> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: Asked & { error?: string }) => {
        if (message.error === undefined) resolve(message);
        else reject(new Error(message.error));
      });
      child.send(what);
    });
  return { ask, stop: () => child.disconnect() };
}
