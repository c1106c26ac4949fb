/** The Dart client: no compiler here, so a grammar parses it, and what it says to the API is held to openapi.json. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { hindi } from '../../../clients/react-native/src/hindi.ts';
import type { Reason } from '../../../clients/react-native/src/notice.ts';
import { english } from '../../../clients/react-native/src/texts.ts';
import { isNeverServed } from '../../../clients/typescript/src/under-way.ts';
import { problems } from '../../../functions/http/problem.ts';
import { answers } from '../contract/contract.ts';
import { openScriptedPhone } from '../contract/scripted-phone.ts';

const root = join(import.meta.dirname, '../../..');
const library = join(root, 'clients/flutter/lib');
const files = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.dart'),
);
const beside = ['test', 'example/lib'].flatMap((directory) =>
  readdirSync(join(root, 'clients/flutter', directory))
    .filter((name) => name.endsWith('.dart'))
    .map((name) => join('..', directory, name)),
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
  it.each([...files, ...beside])('%s is Dart, as far as a grammar can tell', (name) => {
    expect(errorsIn(parse(sourceOf(name)))).toEqual([]);
  });

  it('is parsed by a grammar that can fail', () => {
    expect(errorsIn(parse('class A { void f( { }'))).not.toEqual([]);
  });

  it('calls the paths of the API', () => {
    const paths = files.flatMap(stringsOf).filter((text) => text.includes('/auth/'));
    const own = Object.keys(document.paths).filter((path) => path.startsWith('/auth/'));
    expect(own).toHaveLength(5);
    expect([...new Set(paths)].toSorted()).toEqual(own.toSorted());
    for (const path of own) expect(document.paths).toHaveProperty([path, 'post']);
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
    const names = ['src/doorcode.dart', 'src/refusal.dart']
      .flatMap(stringsOf)
      .filter((text) => text.startsWith('urn:doorcode:'));
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

/** The values of a Dart enum that has a tag for each. */
function tagsOf(name: string, enumName: string): readonly string[] {
  const body = new RegExp(`enum ${enumName} \\{([^]*?);`).exec(sourceOf(name))?.[1] ?? '';
  return [...body.matchAll(/\w+\('([a-z-]+)'\)/g)].map(([, tag]) => tag ?? '');
}

/** The numbers of a Dart constant. */
function numbersOf(name: string, constant: string): readonly number[] {
  const body = new RegExp(`const ${constant} = \\{([^}]*)\\}`).exec(sourceOf(name))?.[1] ?? '';
  return body.split(',').map(Number);
}

/** Source without comments and strings, so that a word in it is a name. */
function codeOf(name: string): string {
  return sourceOf(name)
    .replace(/\/\/.*$/gm, '')
    .replace(/r?'(?:\\.|\$\{[^}]*\}|[^'\\])*'/g, (text) =>
      [...text.matchAll(/\$\{?(\w+)/g)].map(([, word]) => word).join(' '),
    );
}

/** The public names that a file declares. */
function declaredIn(name: string): readonly string[] {
  const declarations =
    /^(?:(?:abstract|sealed|interface) )*(?:class|enum|typedef) (\w+)|^(?:const|final) (?:[\w<>?]+ )?(\w+) =|^(?! )(?:[\w? ]+Function\([^)]*\)|[\w<>?, ]+?) (?!Function)(\w+)(?:<\w+>)?\(/gm;
  return [...sourceOf(name).matchAll(declarations)]
    .flatMap(([, one, other, third]) => one ?? other ?? third ?? [])
    .filter((declared) => !declared.startsWith('_'));
}

const words = (code: string): Set<string> => new Set(code.match(/\b\w+\b/g));

describe('the analyzer would find', () => {
  const own = files.filter((name) => name.startsWith('src/'));

  it.each(own)('no import too many and none too few in %s', (name) => {
    const imported = [...sourceOf(name).matchAll(/^import '(\w+\.dart)';/gm)].map(
      ([, file]) => `src/${file}`,
    );
    const used = words(codeOf(name));
    const mine = declaredIn(name);
    const needed = own.filter(
      (other) =>
        other !== name &&
        declaredIn(other).some((declared) => used.has(declared) && !mine.includes(declared)),
    );
    expect(imported.toSorted()).toEqual(needed.toSorted());
    const asyncNames = [
      'FutureOr',
      'Timer',
      'Completer',
      'TimeoutException',
      'unawaited',
      'StreamController',
    ];
    expect(sourceOf(name).includes("import 'dart:async';")).toBe(asyncNames.some((word) => used.has(word)));
    expect(sourceOf(name).includes("import 'dart:convert';")).toBe(
      used.has('jsonEncode') || used.has('jsonDecode'),
    );
  });

  it.each([...files, ...beside])('no raw type, print or default of a nullable in %s', (name) => {
    const code = codeOf(name);
    expect(code).not.toMatch(/\bis (?:List|Map|Set|Future)\b(?!<)/);
    expect(code).not.toMatch(/\bprint\(/);
    expect(code).not.toMatch(/\bdynamic\b(?!>)/);
  });

  it('that declarations are found at all', () => {
    expect(declaredIn('src/challenge.dart')).toEqual(
      expect.arrayContaining(['Challenge', 'codeLengthIn', 'secondsUntil']),
    );
    expect(declaredIn('src/under_way.dart')).toEqual(
      expect.arrayContaining(['Entry', 'usualPurpose', 'altered']),
    );
  });
});

describe('the Dart client and the contract', () => {
  it('has a result for each tag that an answer may end in', () => {
    const own = [...sourceOf('src/result.dart').matchAll(/super\('([a-z-]+)'/g)].map(([, tag]) => tag);
    const tags = ['NoAnswerReason', 'WaitReason', 'NotAllowedReason'].flatMap((name) =>
      tagsOf('src/result.dart', name),
    );
    const known = new Set([...own, ...tags]);
    const wanted = answers
      .flatMap(({ request, verify }) => [request, verify])
      .filter((tag) => tag !== undefined);
    for (const tag of wanted) expect(known).toContain(tag);
    expect(wanted.length).toBeGreaterThan(60);
  });

  it('takes each status of a stand-in as the TypeScript client does', async () => {
    const wrong = numbersOf('src/exchange.dart', '_wrongAddress');
    const again = numbersOf('src/exchange.dart', '_askAgain');
    const phone = openScriptedPhone({ tries: 1 });
    const tags = new Map<number, string>();
    for (let status = 200; status < 600; status += 1) {
      // A response with one of these statuses has no body to read.
      if ([204, 205, 304].includes(status)) continue;
      phone.meet({ status, body: '-' });
      tags.set(status, (await phone.doorcode().requestOtp({ phoneNumber: '+919876543210' })).tag);
    }
    const having = (tag: string): number[] =>
      [...tags].filter(([, one]) => one === tag).map(([status]) => status);
    expect(having('wrong-address')).toEqual(wrong);
    expect(having('busy').filter((status) => status >= 400 && status < 500)).toEqual(again);
    const source = sourceOf('src/exchange.dart');
    expect(having('captive-portal')).toEqual([
      ...Array.from({ length: 100 }, (_, at) => 300 + at).filter((status) => status !== 304),
      511,
    ]);
    expect(source).toContain('status == 511 || (status < 400 && (isPage || status > 299))');
    expect(source).toContain('status < 300 || status >= 500 || _askAgain.contains(status)');
  });

  it('has a notice for each reason, and says in both languages what the React Native screens say', () => {
    const camel = (reason: string): string =>
      reason.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const reasons = tagsOf('src/notice.dart', 'NoticeReason');
    for (const [file, texts] of [
      ['src/texts.dart', english],
      ['src/hindi.dart', hindi],
    ] as const) {
      const source = sourceOf(file).replaceAll("\\'", "'");
      for (const reason of reasons) {
        expect(source).toContain(`case NoticeReason.${camel(reason)}:`);
        const [first = ''] = texts.notice({ reason: reason as Reason }).split(/(?<=[.।])/);
        expect(source).toContain(first.replace(/a moment|थोड़ी देर/, '').slice(0, 20));
      }
      for (const text of Object.values(texts))
        if (typeof text === 'string') expect(source).toContain(`'${text}'`);
    }
    const given = new Set(answers.flatMap(({ notice }) => [notice?.request, notice?.verify]));
    for (const reason of given) if (reason !== undefined) expect(reasons).toContain(reason);
    expect(reasons).toHaveLength(22);
  });

  it('keeps the same things under the same names, and reads with the same patterns', () => {
    const kept = readFileSync(join(root, 'clients/typescript/src/kept.ts'), 'utf8');
    for (const name of ['token', 'devices', 'under-way']) {
      expect(kept).toContain(`doorcode.${name}`);
      expect(stringsOf('src/kept.dart')).toContain(name);
    }
    const readers = readFileSync(join(root, 'clients/typescript/src/digits.ts'), 'utf8');
    const dart = sourceOf('src/digits.dart');
    for (const pattern of [
      String.raw`\d(?:[\s\u2010-\u2015\u2212-]?\d)*`,
      String.raw`[\s\u2010-\u2015\u2212-]`,
      String.raw`(?:\+?(?:00)?91|\+?0(?!0))`,
      String.raw`[a-z/;|\n]*`,
      '[6-9][0-9]{9}',
      String.raw`[^0-9+a-z/;|\n]`,
      String.raw`\p{Cf}`,
      String.raw`\p{Nd}`,
    ]) {
      expect(readers).toContain(pattern);
      expect(dart).toContain(pattern);
    }
  });

  it('keeps a session under the same names, by the same numbers and on the same routes', () => {
    const typescript = (name: string): string =>
      readFileSync(join(root, 'clients/typescript/src', `session-${name}.ts`), 'utf8');
    const stored = /type StoredName = (.*);/.exec(typescript('ports'))?.[1] ?? '';
    expect(stored).toBe("'session' | 'revoke' | 'probe'");
    expect(stringsOf('src/session_keeper.dart')).toEqual(expect.arrayContaining(['session', 'probe']));
    expect(stringsOf('src/session_debts.dart')).toContain('revoke');
    const record = typescript('record');
    for (const member of ['refreshToken', 'attempt', 'accessToken', 'fromMs', 'dueMs', 'overMs']) {
      expect(record).toContain(`${member}: `);
      expect(stringsOf('src/session_record.dart')).toContain(member);
    }
    const numbers = (source: string): readonly string[] =>
      [...source.matchAll(/\b(freshMs|toleranceMs|maxTokens|maxAgain) = ([\d_]+);/gi)]
        .map(([, name, value]) => `${name?.toLowerCase()} ${Number(value?.replaceAll('_', ''))}`)
        .toSorted();
    const own = ['src/session_record.dart', 'src/session_debts.dart', 'src/doorcode.dart'];
    const ofDart = numbers(
      own
        .map(sourceOf)
        .join('\n')
        .replaceAll(/\b_(?=fresh|tolerance|max)/g, ''),
    );
    const client = readFileSync(join(root, 'clients/typescript/src/session.ts'), 'utf8');
    expect(ofDart).toEqual(numbers(record + typescript('debts') + client));
    expect(ofDart).toHaveLength(4);
    for (const source of [typescript('keeper'), sourceOf('src/session_keeper.dart')])
      expect(source).toMatch(/overMs \* \(0\.8 - .*\/ 10\)/);
    const routes = (source: string): Set<string> => new Set(source.match(/'\/auth\/[a-z]+'/g));
    const dart = routes(sourceOf('src/session_keeper.dart') + sourceOf('src/session_debts.dart'));
    expect(dart).toEqual(routes(typescript('keeper') + typescript('debts')));
    expect(dart.size).toBe(3);
    for (const route of dart) expect(document.paths).toHaveProperty([route.slice(1, -1), 'post']);
    const { RefreshRequest, Refreshed, SessionsRequest, Session } = document.components.schemas;
    const named = ['src/session_keeper.dart', 'src/session.dart'].flatMap(stringsOf);
    const ours = ['grant_type', 'refresh_token', 'attempt'];
    expect(Object.keys(RefreshRequest.properties)).toEqual(expect.arrayContaining(ours));
    const read = ['access_token', 'refresh_token', 'expires_in'];
    expect(Object.keys(Refreshed.properties)).toEqual(expect.arrayContaining(read));
    const listed = Object.keys(Session.properties);
    for (const name of [...ours, ...read, ...Object.keys(SessionsRequest.properties), ...listed])
      expect(named).toContain(name);
  });

  it('asks for the SMS in the language of its words, as the TypeScript client reads it', () => {
    expect(sourceOf('src/texts.dart')).toContain(`smsLocale => '${english.sms.locale}'`);
    expect(sourceOf('src/hindi.dart')).toContain(`smsLocale => '${hindi.sms.locale}'`);
    expect(sourceOf('src/otp_sign_in.dart')).toContain('widget.locale ?? widget.texts.smsLocale');
    const pattern = String.raw`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-\d{3})?\b`;
    expect(readFileSync(join(root, 'clients/typescript/src/tag.ts'), 'utf8')).toContain(`/${pattern}/`);
    expect(stringsOf('src/tag.dart').map((text) => text.replace(/^'/, ''))).toContain(pattern);
  });

  it('has limits on everything that the app hands in', () => {
    const source = files.map(sourceOf).join('\n');
    for (const part of [
      '_storage.read',
      '_storage.write',
      'headers?.call',
      'dio.post',
      'sleep(pause)',
      'widget.onSignedIn',
    ])
      expect(source).toMatch(new RegExp(`(handedIn|_asked)[^;]*${part.replace(/[.?()]/g, '\\$&')}`));
  });

  it('runs the same contract in its own tests', () => {
    const tests = beside.map((name) => readFileSync(join(library, name), 'utf8')).join('\n');
    for (const name of [
      '../contract/$name.json',
      "contract('answers')",
      "contract('behaviours')",
      '../contract/sessions.json',
      '../contract/readings.json',
    ])
      expect(tests).toContain(name);
  });
});
