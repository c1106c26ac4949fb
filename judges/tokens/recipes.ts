/** The recipes of docs/verify-tokens.md, cut out of the page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(import.meta.dirname, '../../docs/verify-tokens.md');

/** The code of a section, in the language of its fence. Throws where the page has none. */
export function recipe(section: string, language: string): string {
  const text = readFileSync(page, 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith(`${section}\n`));
  const [, code] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(text ?? '') ?? [];
  if (code === undefined) throw new Error(`docs/verify-tokens.md has no ${language} under "${section}"`);
  return code;
}

/** The two parts of a recipe: what it does once, and what it does for each request. */
export function parted(code: string, comment: RegExp): readonly [once: string, each: string] {
  const lines = code.split('\n');
  const at = lines.findIndex((line) => comment.test(line));
  if (at < 0) throw new Error(`the recipe has no line like ${comment}`);
  return [lines.slice(0, at).join('\n'), lines.slice(at + 1).join('\n')];
}

/** The imports of a Java recipe, and the rest of it. */
export function withoutImports(code: string): readonly [imports: string, rest: string] {
  const lines = code.split('\n');
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [lines.filter(isImport).join('\n'), lines.filter((line) => !isImport(line)).join('\n')];
}
