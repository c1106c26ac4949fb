/**
 * Takes the place of `bundle.ts` in the package: the bundles are built already, in `functions/` beside the compiled code.
 * So an adopter's synth needs no esbuild and no sources, and deploys the same bytes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { bundleName, type LeftOut } from './left-out.ts';

const directory = join(import.meta.dirname, 'functions');

/** The directory of each bundle by its name. Bundles of the same bytes have one directory. */
const indexSchema = v.record(v.string(), v.string());

/** Returns the directory of the bundle with its two files. */
export function bundle(entry: string, leavesOut: readonly LeftOut[] = []): string {
  const index = v.parse(indexSchema, JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')));
  const name = bundleName(entry, leavesOut);
  const place = index[name];
  if (place === undefined) throw new Error(`the package has no bundle ${name}`);
  return join(directory, place);
}
