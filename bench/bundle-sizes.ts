/** P1: the gzipped JavaScript of each deployed function, beside the tutorial's. Bytes, so the same on every machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, buildSync } from 'esbuild';
import { bundle, bundleFile, entryFile, plainOptions } from '../lib/bundle.ts';
import { leftOutBy } from '../lib/left-out.ts';
import type { Figure } from './figure.ts';

/** The functions that are deployed. */
const deployedEntries = [
  'request-otp',
  'verify-otp',
  'well-known',
  'rotate-signing-key',
  'rotate-provider-key',
  'rotate-code-secret',
] as const;

/** The largest size of our functions, as a share of the tutorial's. */
export const maxShareOfTutorial = 0.8;

/** The bundling of the tutorial: like ours, but as an ES module and with the unmodified SDK. */
export const tutorialOptions = {
  ...plainOptions,
  entryPoints: [join(import.meta.dirname, 'tutorial.ts')],
  format: 'esm',
} as const satisfies BuildOptions;

/** Gzipped bytes of each function and of the tutorial. */
export function bundleSizes(): { readonly tutorial: number; readonly ours: ReadonlyMap<string, number> } {
  const [tutorial] = buildSync({ ...tutorialOptions, write: false, outfile: 'tutorial.mjs' }).outputFiles;
  if (tutorial === undefined) throw new Error('esbuild wrote no tutorial');
  const ours = deployedEntries.map((entry) => {
    const files = [bundleFile, entryFile].map((file) =>
      readFileSync(join(bundle(entry, leftOutBy({})), file)),
    );
    return [entry, files.reduce((sum, file) => sum + gzippedBytes(file), 0)] as const;
  });
  return { tutorial: gzippedBytes(tutorial.contents), ours: new Map(ours) };
}

function gzippedBytes(text: Uint8Array): number {
  return gzipSync(text, { level: 9 }).length;
}

/** P1 as a row. */
export function bundleSizeFigure(): Figure {
  const { tutorial, ours } = bundleSizes();
  const kib = (bytes: number): string => (bytes / 1024).toFixed(1);
  const share = Math.max(...ours.values()) / tutorial;
  return {
    id: 'P1',
    what: 'largest bundle, gzipped, against the tutorial’s',
    goal: `≤ ${maxShareOfTutorial}`,
    figure: share.toFixed(2),
    isMet: share <= maxShareOfTutorial,
    peers: `tutorial ${kib(tutorial)} KiB`,
    method: `bytes of gzip -9, KiB: ${[...ours].map(([entry, bytes]) => `${entry} ${kib(bytes)}`).join(', ')}`,
  };
}
