/**
 * The folder of what the judges install, which git ignores. Each list has a folder of its own there, named by the hash of
 * the list: another list is another folder, and a folder that an ended command left half done is made anew.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../installed');

/** The folder for these lists; `install` fills it where it is not there yet. */
export async function installedOnce(
  { name, lists }: { readonly name: string; readonly lists: readonly string[] },
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const list of lists) hash.update(readFileSync(list));
  const folder = join(root, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const done = join(folder, 'complete');
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(done, '');
  return folder;
}
