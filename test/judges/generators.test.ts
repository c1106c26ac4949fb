/** What the judge of generated clients relies on: that it sees a wrong answer, a member without a type, and a name of nobody's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionsOnPage } from '../../judges/generators/generate.ts';
import { readClient, swift } from '../../judges/generators/reading.ts';
import { stepCount, wrongSteps } from '../../judges/generators/steps.ts';

const refusal = 'Wait.\tK7MF29QX';
const good = [
  `503\t503\tTemporarilyUnavailable\t${refusal}\t30\t30`,
  `400\t400\tInvalidRequest\t${refusal}\t\t#/purpose`,
  'accepted\t202\tRequestOtpAccepted\t\tK7MF29QX\t\t6',
  'repeated\t202\tRequestOtpAccepted\t\tK7MF29QX\t\tsame',
  `429\t429\tTooManyRequests\t${refusal}\t27\t27`,
  'context\t0\tVerifyOtp\t\t\t\t{"payee":"Asha","amount":1.677721725E7,"first":true}',
  `422\t422\tIncorrectCode\t${refusal}\t\t4`,
  'verified\t200\tVerified\t\tK7MF29QX\t\tBearer',
  `junk\t400\tOauthError\t${refusal}\t\tinvalid_grant`,
  'refreshed\t200\tRefreshed\t\tK7MF29QX\t\tsign-in',
  'listed\t200\tSessions\t\tK7MF29QX\t\tPixel 9',
  'ended the others\t200\tSessions\t\tK7MF29QX\t\t1',
  'ended by id\t200\tSessions\t\tK7MF29QX\t\t1',
  `not the latest\t400\tOauthError\t${refusal}\t\tinvalid_grant`,
  'revoked\t200\tnothing\t\t\t\t',
  `after\t400\tOauthError\t${refusal}\t\tinvalid_grant`,
  'discovered\t200\tDiscovery\t\t\t\thttp://127.0.0.1:1',
  'keys\t200\tJwks\t\t\t\tRS256',
];

describe('the steps of a generated client', () => {
  it('are right where each has its status, its model and its members', () => {
    expect(good).toHaveLength(stepCount);
    expect(wrongSteps('go', `a line of a library\n${good.join('\n')}\n`)).toEqual([]);
  });

  it.each([
    ['429\t429\tTooManyRequests\tWait.\tK7MF29QX\t\t27', 'the header is lost'],
    ['429\t429\tTooManyRequests\t\tK7MF29QX\t27\t27', 'the detail is lost'],
    ['429\t429\tTooManyRequests\tWait.\t\t27\t27', 'the reference is lost'],
    ['429\t429\tNoneType\tWait.\tK7MF29QX\t27\t27', 'the model is lost'],
    ['429\t503\tTooManyRequests\tWait.\tK7MF29QX\t27\t27', 'the status is another'],
    ['429\t429\tTooManyRequests\tWait.\tK7MF29QX\t27\t', 'the member is lost'],
    ['context\t0\tVerifyOtp\t\t\t\t{"payee":"Asha","amount":16777217,"first":true}', 'the amount is another'],
    ['context\t0\tVerifyOtp\t\t\t\tnull', 'the context is lost'],
    ['unheard of', 'a step is missing'],
  ])('are wrong: %s, %s', (line) => {
    const [step = ''] = line.split('\t');
    const at = good.findIndex((row) => row.startsWith(`${step}\t`));
    const printed = good.with(Math.max(at, 4), line).join('\n');
    expect(wrongSteps('go', printed)).toHaveLength(1);
  });
});

describe('the reading of generated code', () => {
  let folder: string;
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'doorcode-generated-'));
    mkdirSync(join(folder, swift.models), { recursive: true });
    mkdirSync(join(folder, swift.apis), { recursive: true });
    const ok = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Shown' } } } };
    const document = {
      paths: {
        '/show': {
          get: {
            operationId: 'show',
            parameters: [{ $ref: '#/components/parameters/Key' }],
            responses: { 200: ok, 429: ok },
          },
        },
      },
      components: {
        parameters: { Key: { name: 'A-Key' } },
        schemas: { Shown: { properties: { some_name: {} } }, Wish: { oneOf: [{}, {}] } },
      },
    };
    write('openapi.json', JSON.stringify(document));
    write(`${swift.models}/Shown.swift`, 'public var someName: String?\n');
    write(`${swift.models}/Wish.swift`, '    case typeString(String)\n    case typeBool(Bool)\n');
    write(`${swift.apis}/A.swift`, '"A-Key": key\nfunc show() async throws(ErrorResponse) -> Shown {\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const wrong = (): readonly string[] =>
    readClient('swift', swift, { folder, document: join(folder, 'openapi.json') }).wrong;

  it('finds nothing where everything is there', () => {
    expect(wrong()).toEqual([]);
  });

  it.each([
    [`${swift.models}/Shown.swift`, 'public var someName: JSONValue\n', 'Shown.some_name is JSONValue'],
    [
      `${swift.models}/Shown.swift`,
      'public var someName: [String: Any]?\n',
      'Shown.some_name is [String: Any]?',
    ],
    [`${swift.models}/Shown.swift`, 'public var other: String\n', 'Shown.some_name is undefined'],
    [`${swift.models}/Wish.swift`, 'public struct Wish {\n}\n', 'Wish is one of '],
    [`${swift.models}/InlineObject1.swift`, 'x', 'has the name InlineObject1.swift, which is none of ours'],
    [`${swift.apis}/A.swift`, 'func show() async throws(ErrorResponse) -> Shown {', 'show sends no A-Key'],
    [`${swift.apis}/A.swift`, '"A-Key": key', 'show gives no Shown'],
  ])('finds %s: %s', (file, text, said) => {
    write(file, text);
    expect(wrong()).toEqual([`swift: ${said}`]);
  });

  it('finds a refusal without a model, and a value whose name is none', () => {
    write(`${swift.models}/Shown.swift`, 'public var someName: String\ncase urnColonDenied = ""\n');
    expect(wrong()).toEqual(['swift: Shown.swift: urnColonDenied is no name']);
    rmSync(join(folder, swift.models, 'Shown.swift'));
    expect(wrong()).toContain('swift: show 429 application/json has no model');
  });
});

it('reads the options of a generator from docs/app.md', () => {
  expect(optionsOnPage('swift6')).toEqual([]);
  expect(optionsOnPage('kotlin')[0]).toContain('serializationLibrary=gson');
  expect(() => optionsOnPage('cobol')).toThrow('cobol');
});
