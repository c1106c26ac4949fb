/** Source files of the repository: as they are now, or as they were at a commit. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Gives the text of a file by its path from the root, or `undefined` where there is none. */
export type ReadSource = (path: string) => string | undefined;

/** Reads the files of today. */
export const readToday: ReadSource = (path) => {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
};

/** Reads the files of a commit; `undefined` where the clone does not hold it. */
export function readAt(commit: string): ReadSource | undefined {
  const git = (...words: readonly string[]): string | undefined => {
    try {
      return execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return undefined;
    }
  };
  if (git('cat-file', '-t', commit)?.trim() !== 'commit') return undefined;
  return (path) => git('show', `${commit}:${path}`);
}
