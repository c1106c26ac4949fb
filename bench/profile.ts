/**
 * Where the CPU of a flow goes, as text: the largest shares by module, and the largest functions. V8 samples the process
 * of both handlers, whose bundles are not minified here, so that every sample has a name and a module.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/bundle.ts';
import { leftOutBy } from '../lib/left-out.ts';
import { freshNumber } from './gateway-event.ts';
import { startFlows } from './measured-process.ts';
import type { Workbench } from './workbench.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly hitCount: number;
  }[];
}

const numbersPerRound = 150;
const rounds = 6;
const shown = 10;

/** The module of each line of a bundle: esbuild names it in a comment above its code. */
function modulesOf(bundle: string): (lineNumber: number) => string {
  const lines = bundle.split('\n');
  let module = 'esbuild';
  const modules = lines.map((line) => {
    module = /^\s*\/\/ ((?:functions|lib|node_modules|bench)\/\S+)$/.exec(line)?.[1] ?? module;
    return module;
  });
  return (lineNumber) => modules[lineNumber] ?? 'unknown';
}

/** The part of the program that a module belongs to. */
function partOf(module: string): string {
  const [, scope] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(module) ?? [];
  return scope ?? module;
}

/** Runs flows under V8's profiler; gives the shares as Markdown. */
export async function profileOfFlows(bench: Workbench): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-profile-'));
  try {
    const bundleOf = (name: string): string => {
      const outfile = join(directory, `${name}.cjs`);
      buildSync({ ...bundleOptions(`functions/${name}.ts`, leftOutBy({})), minify: false, outfile });
      return outfile;
    };
    const files = { REQUEST_OTP: bundleOf('request-otp'), VERIFY_OTP: bundleOf('verify-otp') };
    const profiler = [`--cpu-prof`, `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=200'];
    const flows = startFlows(bench, { env: files, execArgv: profiler });
    for (let i = 0; i < rounds; i += 1) {
      bench.takeCodes();
      await flows.ask({ request: Array.from({ length: numbersPerRound }, freshNumber) });
      await flows.ask({ verify: Object.fromEntries(bench.takeCodes()) });
    }
    await flows.stop();
    const [profile] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
    if (profile === undefined) throw new Error('V8 wrote no profile');
    return shares(JSON.parse(readFileSync(join(directory, profile), 'utf8')), Object.values(files));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function shares({ nodes }: CpuProfile, bundles: readonly string[]): string {
  const modules = new Map(bundles.map((file) => [file, modulesOf(readFileSync(file, 'utf8'))]));
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let total = 0;
  for (const { callFrame, hitCount } of nodes) {
    const { functionName, url, lineNumber } = callFrame;
    if (functionName === '(idle)') continue;
    total += hitCount;
    const module = url === '' ? functionName : (modules.get(url.replace('file://', ''))?.(lineNumber) ?? url);
    const part = url === '' && !functionName.startsWith('(') ? 'V8 and Node, native' : partOf(module);
    byPart.set(part, (byPart.get(part) ?? 0) + hitCount);
    const name = `${functionName || 'anonymous'} in ${partOf(module)}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + hitCount);
  }
  const table = (title: string, of: ReadonlyMap<string, number>): readonly string[] => [
    `| share | ${title} |`,
    '| ---: | --- |',
    ...[...of]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([name, hits]) => `| ${((100 * hits) / total).toFixed(1)} % | \`${name}\` |`),
  ];
  const ours = [...byPart].filter(([part]) => part.startsWith('functions/'));
  const share = (100 * ours.reduce((sum, [, hits]) => sum + hits, 0)) / total;
  return [
    `The modules of \`functions/\` take ${share.toFixed(1)} %, without what they call of Node.`,
    '',
    ...table('part', byPart),
    '',
    ...table('function', byFunction),
  ].join('\n');
}
