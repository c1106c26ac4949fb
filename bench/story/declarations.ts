/**
 * The top level of a module: what it imports, and its declarations with the names that each of them uses. Types are left
 * out, because nobody follows a request through a type.
 */
import { type ESTree, parseSync } from 'vite';

/** Where an imported name comes from. */
interface Imported {
  /** As it is written: `./x.ts`, `#name`, or a package. */
  readonly from: string;
  /** The name there. */
  readonly name: string;
}

/** One declaration of the top level. */
interface Declaration {
  readonly names: readonly string[];
  /** The names that it uses, its own parameters and variables among them. */
  readonly uses: ReadonlySet<string>;
  /** How many lines it has, without the comment above it. */
  readonly lineCount: number;
  /** Something in it waits. */
  readonly isAsync: boolean;
}

export interface Module {
  readonly lineCount: number;
  readonly imports: ReadonlyMap<string, Imported>;
  readonly declarations: readonly Declaration[];
}

type Node = Readonly<Record<string, unknown>> & Pick<ESTree.Node, 'type' | 'start' | 'end'>;

/** Reads a module. Throws where it is no TypeScript. */
export function readModule(path: string, text: string): Module {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  const imports = new Map<string, Imported>();
  const declarations: Declaration[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      if (statement.importKind === 'type') continue;
      for (const specifier of statement.specifiers) {
        if (specifier.type === 'ImportSpecifier' && specifier.importKind === 'type') continue;
        const name =
          specifier.type === 'ImportSpecifier' ? text.slice(...span(specifier.imported)) : 'default';
        imports.set(specifier.local.name, { from: statement.source.value, name });
      }
      continue;
    }
    const isExport =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    const declared = isExport ? statement.declaration : statement;
    if (declared === null || isType(declared)) continue;
    const uses = new Set<string>();
    const found = { isAsync: false };
    walk(declared as unknown as Node, (node) => {
      if (node.type === 'Identifier') uses.add(String(node['name']));
      if (node.type === 'AwaitExpression' || node['async'] === true) found.isAsync = true;
    });
    const lineCount = text.slice(statement.start, statement.end).split('\n').length;
    declarations.push({ names: namesOf(declared), uses, lineCount, ...found });
  }
  return { lineCount: text.split('\n').length - 1, imports, declarations };
}

function span({ start, end }: Pick<Node, 'start' | 'end'>): [number, number] {
  return [start, end];
}

function isType({ type }: { readonly type: string }): boolean {
  return ['TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSDeclareFunction'].includes(type);
}

function namesOf(declared: object): readonly string[] {
  if ('declarations' in declared && Array.isArray(declared.declarations))
    return declared.declarations.map(({ id }) => String(id.name));
  return 'id' in declared ? [String((declared.id as { name?: string } | null)?.name)] : [];
}

/** Expressions that hold a type beside a value. */
const typedExpressions = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression'];

function walk(node: Node, visit: (node: Node) => void): void {
  if (node.type.startsWith('TS') && !typedExpressions.includes(node.type)) return;
  visit(node);
  for (const [part, value] of Object.entries(node)) {
    // The name of a member is no use of a declaration that has the same name.
    if (['property', 'key'].includes(part) && node['computed'] === false) continue;
    for (const child of [value].flat()) {
      if (typeof child === 'object' && child !== null && 'type' in child) walk(child as Node, visit);
    }
  }
}
