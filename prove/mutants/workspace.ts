/**
 * A copy of the sources, in which a run applies mutants. A link gives it the repository's packages. A text that is no
 * longer in the sources is an error, because a mutant that changes nothing would prove nothing.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Advice } from '../../terminal/advice.ts';
import type { Change } from './mutant.ts';

const root = join(import.meta.dirname, '../..');
/** Directories that the copy leaves out, because they are large and hold no sources. */
const leftOut = ['node_modules', 'cdk.out', 'reports', 'coverage'];

export interface Workspace {
  readonly directory: string;
  /** Applies changes; the result takes them back. */
  apply(changes: readonly Change[]): () => void;
  remove(): void;
}

/** Copies the repository. */
export function openWorkspace(): Workspace {
  const directory = mkdtempSync(join(tmpdir(), 'doorcode-mutant-'));
  for (const name of readdirSync(root)) {
    if (leftOut.includes(name) || name.startsWith('.')) continue;
    cpSync(join(root, name), join(directory, name), {
      recursive: true,
      filter: (source) => !source.includes('/node_modules'),
    });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    apply: (changes) => {
      const before = changes.map(({ file }) => [file, readFileSync(join(directory, file), 'utf8')] as const);
      const undo = (): void => {
        // The first reading of a file is the one before all changes.
        for (const [file, text] of [...before].reverse()) writeFileSync(join(directory, file), text);
      };
      try {
        for (const change of changes) replace(directory, change);
      } catch (error) {
        undo();
        throw error;
      }
      return undo;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Throws unless every text of `changes` is found once. */
export function checkChanges(changes: readonly Change[]): void {
  for (const { file, from } of changes) occursOnce(readFileSync(join(root, file), 'utf8'), { file, from });
}

function replace(directory: string, { file, from, to }: Change): void {
  const path = join(directory, file);
  const text = readFileSync(path, 'utf8');
  occursOnce(text, { file, from });
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

function occursOnce(text: string, { file, from }: Pick<Change, 'file' | 'from'>): void {
  const times = text.split(from).length - 1;
  if (times !== 1) throw new Advice(`A mutant has to be mended: ${file} has this ${times} times: ${from}`);
}
