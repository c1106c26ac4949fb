/** A file that a reader cannot take in at once says in its header why it is not two. */
import { expect, it } from 'vitest';
import { filesOf } from '../support/page-links.ts';

const maxLines = 150;

interface File {
  readonly path: string;
  readonly text: string;
}

const linesOf = ({ text }: File): number => text.trimEnd().split('\n').length;

/** Whether the comment at the top has a sentence "It is long because …", however its lines are broken. */
function saysWhy({ text }: File): boolean {
  const [header = ''] = /^\/\*\*.*?\*\//s.exec(text) ?? [];
  return /\b(It|The file) is long because \w/.test(header.replace(/\s+(\*\s+)*/g, ' '));
}

const unexplained = (files: readonly File[]): readonly string[] =>
  files.filter((file) => linesOf(file) > maxLines && !saysWhy(file)).map(({ path }) => path);

const body = 'export {};\n'.repeat(maxLines);

it.each([
  ['as long as it may be', body, []],
  ['longer, without a header', `${body}export {};\n`, ['x.ts']],
  ['longer, with a header that says nothing of it', `/** Reads. */\n${body}`, ['x.ts']],
  ['longer, with a reason', `/** Reads. It is long because it is a list. */\n${body}`, []],
  [
    'longer, with a reason over two lines',
    `/**\n * Reads. The file is\n * long because it is a list.\n */\n${body}`,
    [],
  ],
  [
    'longer, with a reason below the header',
    `/** Reads. */\n/** It is long because it is a list. */\n${body}`,
    ['x.ts'],
  ],
])('a file that is %s', (_, text, found) => {
  expect(unexplained([{ path: 'x.ts', text }])).toEqual(found);
});

it(`every file of the product over ${maxLines} lines says why`, () => {
  const files = filesOf(/^(functions|lib|bin|doctor|local)\/.*\.(ts|tsx|js|cjs|mjs)$/);
  expect(files.length).toBeGreaterThan(200);
  expect(unexplained(files)).toEqual([]);
});
