/**
 * Reads generated code for what a user of it meets: each model of the document under its name, each member with its type,
 * each operation with its answer, each header that it sends, and no name that the document does not have.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const schemaOfDocument = v.looseObject({
  properties: v.optional(v.record(v.string(), v.unknown())),
  oneOf: v.optional(v.array(v.unknown())),
});
const parameter = v.object({ $ref: v.string() });
const operation = v.object({
  operationId: v.string(),
  parameters: v.optional(v.array(parameter), []),
  responses: v.record(
    v.string(),
    v.object({
      content: v.optional(
        v.record(v.string(), v.object({ schema: v.optional(v.object({ $ref: v.string() })) })),
        {},
      ),
    }),
  ),
});
const documentSchema = v.object({
  paths: v.record(v.string(), v.record(v.string(), operation)),
  components: v.object({
    schemas: v.record(v.string(), schemaOfDocument),
    parameters: v.record(v.string(), v.object({ name: v.string() })),
  }),
});

/** How a language writes what the document has. */
export interface Language {
  readonly models: string;
  readonly apis: string;
  readonly ending: string;
  /** The file of a model. */
  readonly fileOf: (model: string) => string;
  /** Matches a member; the first group is its type. */
  readonly memberOf: (name: string) => RegExp;
  /** Matches the values of a union; the first group names one. */
  readonly unionMember: RegExp;
  /** Matches an operation that gives `answer`. */
  readonly operationOf: (id: string, answer: string) => RegExp;
  /** Files beside those of the document's models. */
  readonly own: readonly string[];
}

const snake = (name: string): string => name.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
const camel = (name: string): string =>
  name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());

export const swift: Language = {
  models: 'Sources/OpenAPIClient/Models',
  apis: 'Sources/OpenAPIClient/APIs',
  ending: '.swift',
  fileOf: (model) => `${model}.swift`,
  memberOf: (name) => new RegExp(`public var ${camel(name)}: ([^=\\n]+)`),
  unionMember: /^ {4}case type(\w+)\(/gm,
  operationOf: (id, answer) => new RegExp(`func ${id}\\([^\\n]*throws\\(ErrorResponse\\) -> ${answer} \\{`),
  own: [],
};

export const dart: Language = {
  models: 'lib/src/model',
  apis: 'lib/src/api',
  ending: '.dart',
  fileOf: (model) => `${snake(model)}.dart`,
  memberOf: (name) => new RegExp(`^ {2}(\\S[^=\\n]*) get ${camel(name)};`, 'm'),
  unionMember: /\[([\w<>]+)\](?=[^\n]*\n {2}OneOf get)/g,
  operationOf: (id, answer) => new RegExp(`Future<Response<${answer}>> ${id}\\(`),
  own: ['date.dart'],
};

export const kotlin: Language = {
  models: 'src/main/kotlin/org/openapitools/client/models',
  apis: 'src/main/kotlin/org/openapitools/client/apis',
  ending: '.kt',
  fileOf: (model) => `${model}.kt`,
  memberOf: (name) =>
    new RegExp(`val (?:${camel(name)}|property${name[0]?.toUpperCase()}${name.slice(1)}): ([^=\\n]+)`),
  unionMember: /if \(value\.actualInstance is ([\w.*<>]+)\) \{/g,
  operationOf: (id, answer) => new RegExp(`fun ${id}\\([^\\n]*\\) : ${answer} \\{`),
  own: [],
};

/** Types that say nothing. */
const untyped = /\b(Any|AnyCodable|JSONValue|dynamic|Object|JsonObject)\b/;

interface Reading {
  /** How many things were looked for. */
  readonly cases: number;
  readonly wrong: readonly string[];
}

/** Reads the client in `folder`, which was made of the document. */
export function readClient(
  name: string,
  language: Language,
  { folder, document }: { readonly folder: string; readonly document: string },
): Reading {
  const { paths, components } = v.parse(documentSchema, JSON.parse(readFileSync(document, 'utf8')));
  const models = Object.entries(components.schemas).filter(
    // The parameters of a form are parameters of the operation.
    ([model]) => model !== 'RefreshRequest' && model !== 'RevokeRequest',
  );
  const checks: (readonly [string, boolean])[] = [];
  const sources = new Map<string, string>();
  for (const [model, { properties = {}, oneOf }] of models) {
    const file = join(folder, language.models, language.fileOf(model));
    const source = existsSync(file) ? readFileSync(file, 'utf8') : '';
    sources.set(language.fileOf(model), source);
    checks.push([`has no ${model}`, source !== '']);
    for (const member of Object.keys(properties)) {
      const type = language.memberOf(member).exec(source)?.[1]?.trim();
      checks.push([`${model}.${member} is ${type}`, type !== undefined && !untyped.test(type)]);
    }
    if (oneOf !== undefined) {
      const values = new Set([...source.matchAll(language.unionMember)].map(([, value]) => value));
      checks.push([`${model} is one of ${[...values]}`, values.size === oneOf.length]);
      checks.push([`${model} holds Any`, !/actualInstance: Any\?/.test(source)]);
    }
  }
  for (const file of readdirSync(join(folder, language.models)))
    checks.push([
      `has the name ${file}, which is none of ours`,
      sources.has(file) || language.own.includes(file),
    ]);
  const apis = readdirSync(join(folder, language.apis))
    .map((file) => readFileSync(join(folder, language.apis, file), 'utf8'))
    .join('\n');
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const { operationId, parameters, responses } = operation;
    const [success] = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    const answer = nameOf(Object.values(success?.[1].content ?? {})[0]?.schema?.$ref);
    if (answer !== undefined)
      checks.push([
        `${operationId} gives no ${answer}`,
        language.operationOf(operationId, answer).test(apis),
      ]);
    for (const { $ref } of parameters) {
      const header = components.parameters[nameOf($ref) ?? '']?.name ?? $ref;
      checks.push([
        `${operationId} sends no ${header}`,
        apis.includes(`"${header}"`) || apis.includes(`r'${header}'`),
      ]);
    }
    for (const [status, { content }] of Object.entries(responses).filter(([code]) => code >= '400'))
      for (const type of ['', ...Object.keys(content)].slice(Object.keys(content).length === 0 ? 0 : 1)) {
        const model = nameOf(content[type]?.schema?.$ref);
        const source = model === undefined ? '' : sources.get(language.fileOf(model));
        checks.push([`${operationId} ${status} ${type} has no model`, (source ?? '') !== '']);
      }
  }
  for (const [file, source] of sources)
    for (const [odd] of source.matchAll(/\b\w*(?:Colon|Minus|One[oO]f\d|Any[oO]f\d)[A-Z]\w*/g))
      checks.push([`${file}: ${odd.replace(/^_?\$?\w*Enum_/, '')} is no name`, false]);
  const wrong = checks.flatMap(([what, isRight]) => (isRight ? [] : [`${name}: ${what}`]));
  return { cases: checks.length, wrong: [...new Set(wrong)] };
}

const nameOf = (reference: string | undefined): string | undefined => reference?.split('/').at(-1);
