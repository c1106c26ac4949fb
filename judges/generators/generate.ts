/** Runs OpenAPI Generator. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runWell } from '../install/command.ts';
import { pythonTools } from '../install/python.ts';

const root = join(import.meta.dirname, '../..');

/** The document that is published. */
export const publishedDocument = join(root, 'openapi.json');

/** Generates a client, and gives its folder in `into`. The options are those of the command line. */
export async function generate(
  generator: string,
  options: readonly string[],
  { document, into }: { readonly document: string; readonly into: string },
): Promise<string> {
  const tools = await pythonTools('openapi-generator');
  const folder = mkdtempSync(join(into, `${generator}-`));
  const line = ['generate', '-i', document, '-g', generator, '-o', folder, ...options];
  await runWell(tools.command('openapi-generator-cli'), line, { cwd: tmpdir() });
  return folder;
}

/** The options that docs/app.md has for a generator. Throws where the page has no line for it. */
export function optionsOnPage(generator: string): readonly string[] {
  const page = readFileSync(join(root, 'docs/app.md'), 'utf8').replaceAll('\\\n', ' ');
  const [, options] =
    new RegExp(`openapi-generator-cli generate -i openapi\\.json -g ${generator} -o \\S+(.*)`).exec(page) ??
    [];
  if (options === undefined) throw new Error(`docs/app.md has no line for ${generator}`);
  return options.split(' ').filter((option) => option !== '');
}
