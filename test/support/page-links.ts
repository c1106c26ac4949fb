/** Finds the links, anchors, paths and commands in pages and comments that do not exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A file of the repository and its text; `path` is relative to the repository. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Folders that commands make, or that npm fills. */
const made = new Set([
  'node_modules',
  'cdk.out',
  'packages',
  'dist',
  'reports',
  'build',
  'coverage',
  'installed',
]);

/** Every source and page of the repository whose path matches. */
export function filesOf(pattern: RegExp): readonly SourceText[] {
  return pathsIn('')
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The folders of sources in a folder. */
export function foldersIn(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !made.has(entry.name) && !entry.name.startsWith('.'))
    .map(({ name }) => join(directory, name));
}

function pathsIn(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return [path];
    const isOurs = entry.isDirectory() && !made.has(entry.name);
    return isOurs && (!entry.name.startsWith('.') || /^\.(ci|github)$/.test(entry.name)) ? pathsIn(path) : [];
  });
}

/** The anchors that a renderer gives the headings of a page. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6} (.+)$/gm)];
  return headings.map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The relative links of a page whose file or anchor is not there. */
export function brokenLinks({ path, text }: SourceText): readonly string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : join(dirname(path), file);
    return !leadsTo(to, anchor);
  });
}

/** The pages that a source names, in a comment or a text, and that are not there. */
export function missingPages({ text }: SourceText): readonly string[] {
  const named = [...text.matchAll(/\b((?:docs|clients|bench|prove)\/[\w/-]+\.md)(?:#([\w-]+))?/g)];
  return named.filter(([, file = '', anchor]) => !leadsTo(file, anchor)).map(([name]) => name);
}

/** The paths of the repository that a page names in code, and that are not there. */
export function missingPaths({ text }: SourceText): readonly string[] {
  const named =
    /`((?:functions|lib|bin|local|clients|numbering-plan|test|test-kit|prove|bench|docs)\/[^`\s*…]*|openapi\.json|\.ci\/run)`/g;
  return [...text.matchAll(named)].map(([, path = '']) => path).filter((path) => !leadsTo(path, undefined));
}

/** The npm scripts that a page tells people to run, and that are not there. */
export function missingScripts({ text }: SourceText): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return [...text.matchAll(/\bnpm run (?:-s )?([a-z][a-z-]*)/g)]
    .map(([, script = '']) => script)
    .filter((script) => !(script in scripts));
}

function leadsTo(path: string, anchor: string | undefined): boolean {
  const file = join(root, path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
}
