/**
 * The bundles of the package: every function, without every choice of features that settings can leave out. They are built
 * by the code that builds them for a deployment from a checkout, so both deploy the same bytes under the same asset hash.
 */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle, bundleFile } from '../lib/bundle.ts';
import { bundleName, features, type LeftOut } from '../lib/left-out.ts';

const root = join(import.meta.dirname, '..');

/** Writes the bundles and their index into `directory`. Bundles of the same bytes are written once. */
export function writeBundles(directory: string): void {
  const index: Record<string, string> = {};
  for (const entry of entries()) {
    const written = new Map<string, string>();
    for (const leavesOut of choices()) {
      const built = bundle(entry, leavesOut);
      const text = readFileSync(join(built, bundleFile), 'utf8');
      const name = written.get(text) ?? basename(built);
      if (!written.has(text)) cpSync(built, join(directory, name), { recursive: true });
      written.set(text, name);
      index[bundleName(entry, leavesOut)] = name;
    }
  }
  writeFileSync(join(directory, 'index.json'), `${JSON.stringify(index, undefined, 2)}\n`);
}

/** The functions, by the files of their entries. */
function entries(): readonly string[] {
  return readdirSync(join(root, 'functions'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));
}

/** Every set of features, the empty one first. */
function choices([first, ...others]: readonly LeftOut[] = features): readonly (readonly LeftOut[])[] {
  if (first === undefined) return [[]];
  const without = choices(others);
  return [...without, ...without.map((set) => [first, ...set])];
}
