/**
 * The bundle of one function: CommonJS in one file with the SDK of the lock file inside, because that loads fastest on
 * Lambda's Node 24; the price is that a stack trace points into minified code. Deterministic: the same sources give
 * the same bytes, and so the same asset, wherever they are checked out.
 *
 * Parts of the SDK that no function can reach at run time, but that its imports hold fast, are replaced by small
 * modules of our own. An optional feature that is switched off is left out: see {@link leftOutVariable}.
 *
 * esbuild is called here, once per function and process. CDK's own wrapper starts `npx` for each, which takes seconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

const root = join(import.meta.dirname, '..');
const built = new Map<string, string>();

/** What stands in for which part of the SDK. Each says why in its first lines. */
const standIns: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': 'environment-credentials',
  '@aws-sdk/middleware-endpoint-discovery': 'no-endpoint-discovery',
  '@smithy/core/checksum': 'node-sha256',
  '@smithy/core/event-streams': 'no-event-streams',
};

/**
 * What stands in for the SDK itself in the functions that people wait for: a client for the few calls that they
 * make, and metrics. Without this constant they carry the SDK and Powertools and work the same, at twice the CPU.
 */
const leanStandIns: Readonly<Record<string, string>> = {
  '@aws-lambda-powertools/metrics': '../aws/metrics',
  '@aws-sdk/client-dynamodb': '../aws/client-dynamodb',
  '@aws-sdk/client-secrets-manager': '../aws/client-secrets-manager',
};
const leanEntries: readonly string[] = ['request-otp', 'verify-otp', 'well-known'].map(
  (entry) => `functions/${entry}.ts`,
);

/** How everything is bundled, ours and what is compared with it. */
export const plainOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
} as const satisfies BuildOptions;

/**
 * The variable by which code asks whether a feature is left out of its bundle:
 * `process.env['LEFT_OUT_SESSION'] ? undefined : openSession`. In a bundle without the feature it is a constant, so
 * that the feature and what it alone imports are dropped; elsewhere it is unset, and everything is there.
 */
function leftOutVariable(feature: string): string {
  return `LEFT_OUT_${feature.toUpperCase()}`;
}

/** Bundles `functions/<entry>.ts` and gives the directory with its `index.js`, made new for this process. */
export function bundle(entry: string, leavesOut: readonly string[] = []): string {
  const wanted = [entry, ...leavesOut.toSorted()].join(' ');
  const known = built.get(wanted);
  if (known !== undefined) return known;
  const directory = mkdtempSync(join(tmpdir(), `doorcode-${entry}-`));
  buildSync({ ...bundleOptions(`functions/${entry}.ts`, leavesOut), outfile: join(directory, 'index.js') });
  built.set(wanted, directory);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The options for `entryPoint`, a path from the root of the project. */
export function bundleOptions(entryPoint: string, leavesOut: readonly string[]): BuildOptions {
  return {
    ...plainOptions,
    absWorkingDir: root,
    entryPoints: [entryPoint],
    format: 'cjs',
    // An `import()` of `node:http` makes Node load all of its fetch for the module's face; `require` does not.
    supported: { 'dynamic-import': false },
    alias: Object.fromEntries(
      Object.entries({
        ...standIns,
        ...(leanEntries.includes(entryPoint) ? leanStandIns : {}),
      }).map(([name, file]) => [name, join(root, `functions/adapters/${file}.ts`)]),
    ),
    define: Object.fromEntries(
      leavesOut.map((feature) => [`process.env.${leftOutVariable(feature)}`, '"yes"']),
    ),
  };
}
