/**
 * Every line for the AWS CLI that a page has, an output prints or the doctor advises. A text that names an operation
 * outside of such a line is kept too, so that no line can be there and never run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '../../local/deployed.ts';

export interface CliLine {
  /** The file, or the output. */
  readonly at: string;
  readonly line: string;
}

interface CliLines {
  readonly pages: readonly CliLine[];
  readonly advice: readonly CliLine[];
  readonly outputs: readonly CliLine[];
  /** What names an operation of the AWS CLI and is part of no line. */
  readonly leftOut: readonly CliLine[];
}

const root = join(import.meta.dirname, '../..');

/** A service and an operation, as everybody writes them; options may come first. */
const mention = /\baws(?: +--[a-z-]+(?:[ =][^\s-]\S*)?)* +[a-z][a-z0-9-]* +[a-z]+(?:-[a-z]+)*/g;

interface Cut {
  readonly lines: readonly string[];
  readonly leftOut: readonly string[];
}

/** The text without its lines still names operations: those were left out. */
function cut(text: string, lines: readonly string[]): Cut {
  const rest = lines.reduce((left, line) => left.replace(line, () => ''), text);
  return { lines, leftOut: [...rest.matchAll(mention)].map(([named]) => named) };
}

/** In a page: lines of fenced code that name an operation, and code in a sentence that begins with one. */
export function linesOfPage(text: string): Cut {
  const joined = text.replaceAll(/\s*\\\n\s*/g, ' ');
  const fences = [...joined.matchAll(/^ *(```+)[^\n]*\n([\s\S]*?)^ *\1 *$/gm)].map(([fence]) => fence);
  const fenced = fences.flatMap((fence) => fence.split('\n').filter((line) => line.search(mention) >= 0));
  const sentences = fences.reduce((left, fence) => left.replace(fence, () => ''), joined);
  const inSentences = [...sentences.matchAll(/`((?:\$ )?aws [a-z-][^`]*)`/g)].map(([, code = '']) => code);
  return cut(joined, [...fenced, ...inSentences.filter((code) => code.search(mention) >= 0)]);
}

/** In a source: text that begins with the command. A choice of two texts makes two lines. */
export function linesOfSource(text: string): Cut {
  const literal =
    /([`'"])(?:[A-Z][^`'"$\n]*)?(aws [a-z0-9-]+ [a-z-]+(?:(?!\1)[^$\n]|\$\{(?:[^{}'`]|'[^']*')*\})*)/g;
  const whole = [...text.matchAll(literal)].map(([, , line = '']) => line);
  const lines = whole.flatMap((line) => {
    const command = line.replace(/(?:[.,] [A-Za-z].*| and [a-z].*)$/, '');
    const choice = /\$\{[^{}]*\? '([^']*)' : '([^']*)'\}/.exec(command);
    return choice === null ? [command] : [1, 2].map((at) => command.replace(choice[0], choice[at] ?? ''));
  });
  return { lines, leftOut: cut(text, whole).leftOut };
}

function filesUnder(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .toSorted();
}

/** The lines of all pages, of the doctor's and the commands' advice, and of the outputs of this deployment. */
export function cliLines({ outputs }: Pick<Deployment, 'outputs'>): CliLines {
  const read = (at: string): string => readFileSync(join(root, at), 'utf8');
  const markdown = ['README.md', ...['docs', 'clients', 'packaging'].flatMap((f) => filesUnder(f, '.md'))];
  const pages = markdown.map((at) => ({ at, cut: linesOfPage(read(at)) }));
  const advising = ['bin', 'doctor', 'terminal'].flatMap((folder) => filesUnder(folder, '.ts'));
  const advice = advising.map((at) => ({ at, cut: linesOfSource(read(at)) }));
  const printed = outputs.filter(([, value]) => value.search(mention) >= 0);
  // What the product prints of these folders is in the outputs.
  const others = ['functions', 'lib', 'local'].flatMap((folder) => filesUnder(folder, '.ts'));
  const unprinted = others.map((at) => {
    const named = [...read(at).matchAll(mention)].map(([command]) => command);
    const leftOut = named.filter((command) => !printed.some(([, value]) => value.includes(command)));
    return { at, cut: { lines: [], leftOut } };
  });
  const each = (found: readonly { at: string; cut: Cut }[], which: keyof Cut): readonly CliLine[] =>
    found.flatMap(({ at, cut }) => cut[which].map((line) => ({ at, line })));
  return {
    pages: each(pages, 'lines'),
    advice: each(advice, 'lines'),
    outputs: printed.map(([at, line]) => ({ at: `output ${at}`, line })),
    leftOut: each([...pages, ...advice, ...unprinted], 'leftOut'),
  };
}
