/** Writes the section of a page between two markers. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what stands between the markers of `name` in `file`. Throws if the page has none. */
export function writeSection(file: string, name: string, text: string): void {
  const begin = `<!-- begin ${name}: written by the command -->`;
  const page = readFileSync(file, 'utf8');
  const from = page.indexOf(begin);
  const to = page.indexOf(`<!-- end ${name} -->`);
  if (from < 0 || to < from) throw new Error(`${file} has no markers for "${name}"`);
  writeFileSync(file, `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`);
}
