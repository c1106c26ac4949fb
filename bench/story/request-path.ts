/**
 * How much somebody reads who follows one request, in files and lines. The counting rule:
 *
 *  - The **path** is the entry, and every declaration that it reaches by the names of imports, exported functions and
 *    what they use in their own file. A name counts wherever it stands, so the path errs on the long side. Types,
 *    packages and comments above a declaration do not count.
 *  - The **story** is the part of the path that decides what happens and in which order: the entry, and every file of
 *    `otp/` in which a reached declaration waits for something. A file of the story counts whole, with its imports, types
 *    and comments: whoever reads it scrolls through all of it. Entry and admission are in.
 */
import { posix } from 'node:path';
import { type Module, readModule } from './declarations.ts';
import type { ReadSource } from './source.ts';

interface StoryFile {
  readonly path: string;
  readonly lineCount: number;
}

export interface RequestPath {
  readonly fileCount: number;
  readonly lineCount: number;
  /** In the order in which the path reaches them. */
  readonly story: readonly StoryFile[];
}

/** Follows the entry of a function, such as `functions/request-otp.ts`. */
export function requestPath(entry: string, read: ReadSource): RequestPath {
  const modules = new Map<string, Module>();
  const moduleAt = (path: string): Module => {
    const known = modules.get(path) ?? readModule(path, textAt(path, read));
    modules.set(path, known);
    return known;
  };
  const reached = new Map<string, Set<string>>();
  const reach = (path: string, name: string): void => {
    const { declarations, imports } = moduleAt(path);
    const names = reached.get(path) ?? new Set();
    reached.set(path, names);
    const declaration = declarations.find((one) => one.names.includes(name));
    if (declaration === undefined || names.has(name)) return;
    for (const own of declaration.names) names.add(own);
    for (const used of declaration.uses) {
      const imported = imports.get(used);
      const target = imported && resolved(path, imported.from, read);
      if (imported !== undefined && target !== undefined) reach(target, imported.name);
      if (imported === undefined) reach(path, used);
    }
  };
  for (const { names } of moduleAt(entry).declarations) for (const name of names) reach(entry, name);

  const files = [...reached].map(([path, names]) => {
    const { lineCount, declarations } = moduleAt(path);
    const read = declarations.filter((one) => one.names.some((name) => names.has(name)));
    return { path, lineCount, read };
  });
  const story = files.filter(
    ({ path, read }) => path === entry || (path.includes('/otp/') && read.some(({ isAsync }) => isAsync)),
  );
  return {
    fileCount: files.length,
    lineCount: files.flatMap(({ read }) => read).reduce((sum, one) => sum + one.lineCount, 0),
    story: story.map(({ path, lineCount }) => ({ path, lineCount })),
  };
}

function textAt(path: string, read: ReadSource): string {
  const text = read(path);
  if (text === undefined) throw new RangeError(`expected a file ${path}`);
  return text;
}

/** The file of an import; `undefined` for a package. */
function resolved(importer: string, from: string, read: ReadSource): string | undefined {
  if (from.startsWith('.')) return posix.join(posix.dirname(importer), from);
  if (!from.startsWith('#')) return undefined;
  const { imports } = JSON.parse(textAt('package.json', read));
  return posix.normalize(imports[from].default);
}
