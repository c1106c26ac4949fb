/** Every page: whom it is for, how long the README may be, and that nothing it points to is missing. */
import { describe, expect, it } from 'vitest';
import {
  brokenLinks,
  filesOf,
  foldersIn,
  missingPages,
  missingPaths,
  missingScripts,
} from '../support/page-links.ts';

const pages = filesOf(/^(README|docs\/.*|clients\/.*README)\.md$/);
const sources = filesOf(/\.(ts|tsx|js|cjs|mjs|dart|json|ya?ml)$|^\.ci\/run$/).filter(
  ({ path }) => !path.startsWith('test/docs/') && path !== 'package-lock.json',
);

it('the pages and the sources are found', () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(sources.length).toBeGreaterThan(300);
});

describe.each(pages)('$path', (page) => {
  it('links to files and headings that are there', () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('names paths and commands that are there', () => {
    expect([...missingPaths(page), ...missingScripts(page)]).toEqual([]);
  });
});

it('a comment names no page that is not there', () => {
  const missing = sources.flatMap((source) => missingPages(source).map((page) => `${source.path}: ${page}`));
  expect(missing).toEqual([]);
});

it('the README has at most 150 lines', () => {
  const readme = pages.find(({ path }) => path === 'README.md');
  expect(readme?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

it('the README leads to every page', () => {
  const readme = pages.find(({ path }) => path === 'README.md')?.text ?? '';
  const names = pages.map(({ path }) => path).filter((path) => /^docs\/[a-z-]+\.md$/.test(path));
  expect(names).toContain('docs/on-call.md');
  expect(names.filter((name) => !readme.includes(`](${name})`))).toEqual([]);
});

it('the README’s map has every folder, and every room of functions/', () => {
  const map = pages.find(({ path }) => path === 'README.md')?.text.split('## Where things are')[1] ?? '';
  const folders = [...foldersIn(''), ...foldersIn('functions')];
  expect(folders).toContain('functions/otp');
  expect(folders.filter((folder) => !map.includes(`\`${folder}/`))).toEqual([]);
});

it.each(pages.filter(({ path }) => path.startsWith('docs/') && !/^docs\/decisions\/\d/.test(path)))(
  '$path names its reader in the first line',
  ({ text }) => {
    expect(text).toMatch(/^# .+\n\nFor [a-z]/);
  },
);

it('the checks see what is missing', () => {
  const text = [
    '# A page',
    '[a](#a-page) [b](#b-page) [c](docs/none.md) [d](README.md#where-things-are) [e](README.md#nowhere) [f](https://example.com)',
    '`lib/none.ts` `lib/bundle.ts` npm run none, npm run docs; see docs/none.md#x and docs/on-call.md#alarms',
  ].join('\n');
  const page = { path: 'README.md', text: text.replace('#a-page', '#where-things-are') };
  expect(brokenLinks(page)).toEqual(['#b-page', 'docs/none.md', 'README.md#nowhere']);
  expect(missingPages(page)).toEqual(['docs/none.md', 'docs/none.md#x']);
  expect(missingPaths(page)).toEqual(['lib/none.ts']);
  expect(missingScripts(page)).toEqual(['none']);
});
