/**
 * The declarations of the package, one file without an import of anything but the CDK: each setting with its type spelt
 * out and its doc comment. The sources' own declarations would need the validation library at the adopter's, and an editor
 * would show its types.
 *
 * The compiler itself says what the types are, by an interface that it calls unstable. It runs here alone, and the tests
 * of the package compile an app against the result.
 */
import { join } from 'node:path';
import { API, type Checker, type Program, type Symbol as TypeSymbol } from 'typescript/unstable/sync';

const root = join(import.meta.dirname, '..');

/** TypeScript's NodeBuilderFlags: no truncation, names with their module, objects on several lines. */
const wholeAndQualified = 1 | 64 | 1024;
/** TypeScript's SymbolFlags.Optional. */
const optional = 1 << 24;

/** The text of `index.d.ts`. */
export function declarations(): string {
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: ['tsconfig.json'] }).getProject('tsconfig.json');
    if (project === undefined) throw new Error('expected the project of tsconfig.json');
    return written(project);
  } finally {
    api.close();
  }
}

interface Compiler {
  readonly program: Program;
  readonly checker: Checker;
}

function written(compiler: Compiler): string {
  const commentOf = (file: string, name: string): string =>
    comment(compiler, exported(compiler, file, name), '');
  const members = (file: string, name: string): string => membersOf(compiler, file, name).join('\n');
  return `import type { StackProps } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

${commentOf('lib/doorcode-props.ts', 'DoorcodeProps')}export interface DoorcodeProps {
${members('lib/doorcode-props.ts', 'DoorcodeProps')}
}

${commentOf('lib/doorcode-stack-props.ts', 'DoorcodeStackProps')}export interface DoorcodeStackProps extends StackProps, DoorcodeProps {}

${commentOf('lib/doorcode.ts', 'Doorcode')}export declare class Doorcode extends Construct {
${members('lib/outputs.ts', 'Outputs')}
  constructor(scope: Construct, id: string, props: DoorcodeProps);
}

${commentOf('lib/doorcode-stack.ts', 'DoorcodeStack')}export declare class DoorcodeStack extends Stack {
  /** What the stack holds. */
  readonly doorcode: Doorcode;
  constructor(scope: Construct, id: string, props: DoorcodeStackProps);
}
`;
}

/** What `file` exports as `name`. */
function exported({ program, checker }: Compiler, file: string, name: string): TypeSymbol {
  const source = program.getSourceFile(join(root, file));
  const exports = source && checker.getSymbolAtLocation(source)?.getExports();
  const symbol = [...(exports?.values() ?? [])].find((one) => one.name === name);
  if (symbol === undefined) throw new Error(`expected ${name} in ${file}`);
  return symbol;
}

/** The members of an exported interface, each with its comment. */
function membersOf(compiler: Compiler, file: string, name: string): readonly string[] {
  const { checker, program } = compiler;
  // Seen from our own file, a type of the CDK is that of a package and not that of a path.
  const source = program.getSourceFile(join(root, file));
  const type = checker.getDeclaredTypeOfSymbol(exported(compiler, file, name));
  return checker.getPropertiesOfType(type).map((property) => {
    const ofProperty = checker.getTypeOfSymbol(property);
    if (ofProperty === undefined) throw new Error(`expected a type of ${property.name}`);
    const text = checker.typeToString(ofProperty, source, wholeAndQualified).replaceAll('\n', '\n  ');
    const mark = property.flags & optional ? '?' : '';
    return `${comment(compiler, property, '  ')}  readonly ${property.name}${mark}: ${text};`;
  });
}

/** The doc comment of the source, which everything in the package has. */
function comment({ checker }: Compiler, symbol: TypeSymbol, indent: string): string {
  const text = symbol.getDocumentationComment(checker);
  if (text === '') throw new Error(`${symbol.name} has no doc comment`);
  const lines = text.split('\n').map((line) => `${indent} * ${line}`.trimEnd());
  return [`${indent}/**`, ...lines, `${indent} */`, ''].join('\n');
}
