/**
 * Compiles what an adopter runs. The library becomes one CommonJS module, which a CDK app of either kind can import, with
 * everything inside but the CDK. The commands become ES modules that share their common parts, with the AWS SDK inside.
 * Neither has a source map: it would name paths of the machine that packed it.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type OutputFile } from 'esbuild';

const root = join(import.meta.dirname, '..');

const options = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  absWorkingDir: root,
  external: ['aws-cdk-lib', 'constructs'],
  mainFields: ['module', 'main'],
  legalComments: 'none',
  write: false,
} as const satisfies BuildOptions;

/** `index.js`, the library. */
export async function compileLibrary(outdir: string): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: ['lib/index.ts'],
    outdir,
    format: 'cjs',
    // The bundles are built already.
    conditions: ['module', 'packed'],
    define: { 'import.meta.dirname': '__dirname' },
  });
  return outputFiles;
}

/** The commands by their names: each file of `bin/` but the CDK app of the checkout and what starts the others. */
function commandNames(): readonly string[] {
  return readdirSync(join(root, 'bin'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .filter((name) => name !== 'app' && name !== 'doorcode');
}

/** `bin/doorcode.mjs` and a file for each command beside it. */
export async function compileCommands(outdir: string): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    ...options,
    entryPoints: ['doorcode', ...commandNames()].map((name) => `bin/${name}.ts`),
    outdir,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'shared/[hash]',
    format: 'esm',
    splitting: true,

    // Parts of the SDK are CommonJS and require what Node brings.
    banner: {
      js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
    },
  });
  return outputFiles;
}

/** The text of a command as an adopter has to type it: `npx doorcode keys` for the checkout's `npm run keys --`. */
export function asTyped(text: string): string {
  const names = commandNames().join('|');
  return text.replaceAll(new RegExp(`npm run (${names})\\b( --(?= ))?`, 'g'), 'npx doorcode $1');
}
