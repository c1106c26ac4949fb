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

/** What only a deployment with sessions has: the function of sessions, and what verify-otp carries to start them. */
const entriesOfSessions = ['session', 'verify-otp'] as const;

/** Gzipped bytes of an entry's bundle: both files. */
function bundleBytes(entry: string, sessions: 'off' | undefined): number {
  const directory = bundle(entry, leftOutBy(sessions === undefined ? {} : { sessions }));
  return [bundleFile, entryFile].reduce(
    (sum, file) => sum + gzippedBytes(readFileSync(join(directory, file))),
    0,
  );
}

/** Gzipped bytes of each function that a deployment with sessions has besides, or has larger. */
export function bundleSizesOfSessions(): ReadonlyMap<string, number> {
  return new Map(entriesOfSessions.map((entry) => [entry, bundleBytes(entry, undefined)] as const));
}

/** Gzipped bytes of each function, and of the tutorial. The tutorial knows no sessions, so ours are without them, too. */
export function bundleSizes(): { readonly tutorial: number; readonly ours: ReadonlyMap<string, number> } {
  const [tutorial] = buildSync({ ...tutorialOptions, write: false, outfile: 'tutorial.mjs' }).outputFiles;
  if (tutorial === undefined) throw new Error('esbuild wrote no tutorial');
  const ours = deployedEntries.map((entry) => [entry, bundleBytes(entry, 'off')] as const);
  return { tutorial: gzippedBytes(tutorial.contents), ours: new Map(ours) };
}

function gzippedBytes(text: Uint8Array): number {
  return gzipSync(text, { level: 9 }).length;
}

/** P1 as a row. */
export function bundleSizeFigure(): Figure {
  const { tutorial, ours } = bundleSizes();
  const kib = (bytes: number): string => (bytes / 1024).toFixed(1);
  const listed = (sizes: ReadonlyMap<string, number>): string =>
    [...sizes].map(([entry, bytes]) => `${entry} ${kib(bytes)}`).join(', ');
  const share = Math.max(...ours.values()) / tutorial;
  return {
    id: 'P1',
    what: 'largest bundle, gzipped, against the tutorial’s',
    goal: `≤ ${maxShareOfTutorial}`,
    figure: share.toFixed(2),
    isMet: share <= maxShareOfTutorial,
    peers: `tutorial ${kib(tutorial)} KiB`,
    method: `bytes of gzip -9, KiB: ${listed(ours)}; with sessions ${listed(bundleSizesOfSessions())}`,
  };
}
