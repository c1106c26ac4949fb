/**
 * The bundle of one function: CommonJS in one file with the SDK of the lock file inside, because that loads fastest on
 * Lambda's Node 24. In return a stack trace points into minified code. Beside it is a small ES module, which loads the
 * bundle and awaits its preparation, because only an ES module can make Lambda's init wait. The bundle is deterministic:
 * the same sources give the same bytes, and so the same asset, in every checkout.
 *
 * Parts of the SDK that no function can reach at run time, but that its imports hold fast, are replaced by small
 * modules of our own. What the settings switch off is left out (`left-out.ts`).
 *
 * esbuild is called here, once per function and process. CDK's own wrapper starts `npx` for each, which takes seconds.
 * What esbuild has bundled is minified once more by Vite's minifier, which finds 3 % that esbuild leaves.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { type BuildOptions, buildSync } from 'esbuild';
import { minifySync } from 'rolldown/utils';
import { bundleName, type LeftOut } from './left-out.ts';

const root = join(import.meta.dirname, '..');
/** The output directory, ignored by git. In the system's temporary folder another user could plant a file here first. */
const bundlesDirectory = join(root, '.bundles');
const built = new Map<string, string>();

/** The file that Lambda loads; its runtime looks for `index.js` first, so there is none. */
export const entryFile = 'index.mjs';

/** The file with the function itself. */
export const bundleFile = 'function.cjs';

const entryText = `import { createRequire } from 'node:module';
const { handler, ready } = createRequire(import.meta.url)('./${bundleFile}');
await ready;
export { handler };
`;

/** What stands in for which part of the SDK, or for what it alone imports. Each says why in its first lines. */
const standIns: Readonly<Record<string, string>> = {
  '@aws/lambda-invoke-store': 'no-invoke-store',
  '@aws-sdk/credential-provider-node': 'environment-credentials',
  '@aws-sdk/middleware-endpoint-discovery': 'no-endpoint-discovery',
  '@smithy/core/checksum': 'node-sha256',
  '@smithy/core/event-streams': 'no-event-streams',
  '@smithy/core/retry': 'no-own-retries',
  'node:fs/promises': 'no-files',
};

/** How everything is bundled, ours and what is compared with it. */
export const plainOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
} as const satisfies BuildOptions;

/**
 * Bundles `functions/<entry>.ts` and returns the directory with its two files. Each entry has one directory, which every
 * process writes again. So the next process replaces whatever a killed one left.
 */
export function bundle(entry: string, leavesOut: readonly LeftOut[] = []): string {
  const wanted = bundleName(entry, leavesOut);
  const known = built.get(wanted);
  if (known !== undefined) return known;
  const directory = join(bundlesDirectory, wanted);
  const options = { ...bundleOptions(`functions/${entry}.ts`, leavesOut), outfile: bundleFile };
  const [output] = buildSync({ ...options, write: false }).outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  mkdirSync(directory, { recursive: true });
  replaceFile(join(directory, bundleFile), minified(output.text));
  replaceFile(join(directory, entryFile), entryText);
  built.set(wanted, directory);
  return directory;
}

/** Writes a file atomically, because two test workers may bundle the same function while CDK copies it. */
function replaceFile(path: string, text: string): void {
  const unfinished = join(bundlesDirectory, `unfinished-${process.pid}-${threadId}`);
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

function minified(commonJs: string): string {
  const { code, errors } = minifySync(bundleFile, commonJs, {
    compress: { target: 'es2024' },
    mangle: { toplevel: true },
    module: false,
  });
  if (errors.length > 0) throw new Error(`the bundle could not be minified: ${errors[0]}`);
  // V8 keeps a pure ASCII source in half the memory.
  return code.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The options for `entryPoint`, a path from the root of the project. */
export function bundleOptions(entryPoint: string, leavesOut: readonly LeftOut[]): BuildOptions {
  return {
    ...plainOptions,
    absWorkingDir: root,
    entryPoints: [entryPoint],
    format: 'cjs',
    // An `import()` of `node:http` makes Node load all of its fetch for the module's face; `require` does not.
    supported: { 'dynamic-import': false },
    // The clients' package.json: only for a version that ours do not say, see `functions/runtime/aws-client.ts`.
    loader: { '.json': 'empty' },
    alias: Object.fromEntries(
      Object.entries(standIns).map(([name, file]) => [name, join(root, `lib/sdk-stand-ins/${file}.ts`)]),
    ),
    // `module` is what esbuild adds itself where no condition is named.
    // An entry has a condition, too: `in-request-otp` leaves out the messages of the other functions.
    conditions: [
      'module',
      `in-${basename(entryPoint, '.ts')}`,
      ...leavesOut.map((feature) => `no-${feature}`),
    ],
  };
}
