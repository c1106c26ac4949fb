/** The Dart client: no compiler here, so a grammar parses it, and what it says to the API is held to openapi.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { isNeverServed } from '../../../clients/typescript/src/under-way.ts';
import { problems } from '../../../functions/http/problem.ts';

const root = join(import.meta.dirname, '../../..');
const library = join(root, 'clients/flutter/lib');
const files = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.dart'),
);
const document = JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8'));
let parser: Parser;

beforeAll(async () => {
  await Parser.init();
  const { resolve } = createRequire(import.meta.url);
  parser = new Parser();
  parser.setLanguage(await Language.load(resolve('tree-sitter-wasms/out/tree-sitter-dart.wasm')));
});

function parse(source: string): Node {
  const tree = parser.parse(source);
  if (tree === null) throw new Error('the grammar gave no tree');
  return tree.rootNode;
}

const sourceOf = (name: string): string => readFileSync(join(library, name), 'utf8');

/** Every string of a file, without its quotes. */
function stringsOf(name: string): readonly string[] {
  return parse(sourceOf(name))
    .descendantsOfType('string_literal')
    .map((node) => node?.text.slice(1, -1) ?? '');
}

/** Where the grammar gave up, with the line. */
function errorsIn(node: Node): readonly string[] {
  if (node.isError || node.isMissing)
    return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`];
  return node.hasError ? node.children.flatMap((child) => (child === null ? [] : errorsIn(child))) : [];
}

describe('the Dart client', () => {
  it.each(files)('%s is Dart, as far as a grammar can tell', (name) => {
    expect(errorsIn(parse(sourceOf(name)))).toEqual([]);
  });

  it('is parsed by a grammar that can fail', () => {
    expect(errorsIn(parse('class A { void f( { }'))).not.toEqual([]);
  });

  it('calls the paths of the API', () => {
    const paths = stringsOf('src/doorcode.dart').filter((text) => text.startsWith('/'));
    expect(new Set(paths)).toEqual(new Set(['/auth/request-otp', '/auth/verify-otp']));
    for (const path of paths) expect(document.paths).toHaveProperty([path, 'post']);
  });

  it('sends the headers and members that the API takes, and reads those that it gives', () => {
    const { schemas, parameters } = document.components;
    const members = new Set<string>(
      Object.values<{ properties?: object }>(schemas).flatMap(({ properties }) =>
        Object.keys(properties ?? {}),
      ),
    );
    const headers = ['Content-Type', ...Object.values<{ name: string }>(parameters).map(({ name }) => name)];
    const own = new Set([
      'token',
      'device',
      'challenge',
      'intention',
      'key',
      'name',
      'context',
      'application/json',
    ]);
    const named = [...stringsOf('src/doorcode.dart'), ...stringsOf('src/challenge.dart')].filter((text) =>
      /^[A-Za-z][A-Za-z/-]*$/.test(text),
    );
    const unknown = named.filter(
      (text) => !members.has(text) && !headers.includes(text) && !own.has(text) && text !== 'accepted',
    );
    expect(unknown).toEqual([]);
    for (const name of Object.keys(schemas.RequestOtp.properties)) expect(named).toContain(name);
    for (const name of [...schemas.VerifyOtp.required, ...schemas.Verified.required.slice(0, 1)])
      expect(named).toContain(name);
    for (const name of schemas.RequestOtpAccepted.required) expect(named).toContain(name);
    for (const name of headers) expect(named).toContain(name);
  });

  it('knows the problems by the names of the API', () => {
    const names = stringsOf('src/doorcode.dart').filter((text) => text.startsWith('urn:doorcode:'));
    const known = Object.values<{ properties?: { type?: { const?: string } } }>(document.components.schemas)
      .map(({ properties }) => properties?.type?.const)
      .filter((type) => type !== undefined);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(known).toContain(name);
  });

  it('ends an intention at the same problems as the TypeScript client', () => {
    const set = parse(sourceOf('src/doorcode.dart'))
      .descendantsOfType('static_final_declaration')
      .find((node) => node?.text.startsWith('_neverServed'));
    const ends = (set?.descendantsOfType('string_literal') ?? []).map(
      (node) => node?.text.slice(1, -1) ?? '',
    );
    const answers = Object.keys(problems).map((name) => `urn:doorcode:${name}`);
    const asAnswer = (type: string) =>
      ({ tag: 'answer', status: 400, body: { type }, reference: undefined }) as const;
    expect(ends.toSorted()).toEqual(answers.filter((type) => isNeverServed(asAnswer(type))).toSorted());
    expect(ends.length).toBeGreaterThan(2);
  });

  it('asks the phone for the code, and says that it was not compiled here', () => {
    expect(sourceOf('src/otp_sign_in.dart')).toContain('AutofillHints.oneTimeCode');
    const readme = readFileSync(join(root, 'clients/flutter/README.md'), 'utf8');
    expect(readme).toContain('has not been compiled here');
  });
});
