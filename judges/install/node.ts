/** Packages for Node from `lists/<name>/package-lock.json`, which has the hash of each. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { runWell } from './command.ts';
import { installedOnce } from './installed.ts';

/** The folder whose `node_modules` has what the list names; npm refuses a package that has another hash. */
export async function nodePackages(name: string): Promise<string> {
  const lists = join(import.meta.dirname, '../lists', name);
  const files = ['package.json', 'package-lock.json'];
  return installedOnce({ name, lists: files.map((file) => join(lists, file)) }, async (target) => {
    for (const file of files) copyFileSync(join(lists, file), join(target, file));
    await runWell('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: target });
  });
}
