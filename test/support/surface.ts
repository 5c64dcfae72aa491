/** What the package exports, read from its sources: names, kinds and the declarations behind them. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '..', '..');

/** Entry points by the name that a user imports, with their source. */
export const ENTRY_POINTS = {
  palisade: 'index.ts',
  'palisade/aws': 'constructs/aws/index.ts',
  'palisade/azure': 'constructs/azure/index.ts',
  'palisade/policies': 'policies/index.ts',
  'palisade/nag': 'policies/packs/nag.ts',
  'palisade/crossguard': 'policies/packs/crossguard.ts',
} as const;
export type EntryPoint = keyof typeof ENTRY_POINTS;

/** An exported name and where it is declared. */
export interface Exported {
  readonly name: string;
  readonly kind: 'value' | 'type';
  readonly declaration: ts.Node;
  /** Path of the declaring source, from the root. */
  readonly source: string;
}

const sources = new Map<string, ts.SourceFile>();

/** The syntax of a source, comments included. */
export function parsed(path: string): ts.SourceFile {
  const file = join(root, path);
  const known = sources.get(file) ?? ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  sources.set(file, known);
  return known;
}

/** Every exported name of a source, through its re-exports, in alphabetical order. */
export function exportsOf(path: string): readonly Exported[] {
  const found = new Map<string, Exported>();
  for (const statement of parsed(path).statements) {
    for (const each of ts.isExportDeclaration(statement) ? reexported(statement, path) : declared(statement, path))
      found.set(each.name, each);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function reexported(statement: ts.ExportDeclaration, from: string): readonly Exported[] {
  const target = statement.moduleSpecifier && resolved(from, (statement.moduleSpecifier as ts.StringLiteral).text);
  const clause = statement.exportClause;
  if (!clause) return target ? exportsOf(target) : [];
  if (!ts.isNamedExports(clause) || !target) throw new Error(`${from}: an export that this reader does not know: ${statement.getText()}`);
  const behind = new Map(exportsOf(target).map((each) => [each.name, each]));
  return clause.elements.map((element) => {
    const original = behind.get((element.propertyName ?? element.name).text);
    if (!original) throw new Error(`${from}: ${element.name.text} is not exported by ${target}`);
    return { ...original, name: element.name.text };
  });
}

function declared(statement: ts.Statement, source: string): readonly Exported[] {
  const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!exported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => ({
      name: name.getText(),
      kind: 'value' as const,
      declaration: statement,
      source,
    }));
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [{ name: statement.name.text, kind: 'type', declaration: statement, source }];
  if ((ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) && statement.name)
    return [{ name: statement.name.text, kind: 'value', declaration: statement, source }];
  throw new Error(`${source}: an export that this reader does not know: ${statement.getText().slice(0, 60)}`);
}

/** The path of a relative import: `./keys` is a source or a folder with an index. */
function resolved(from: string, specifier: string): string {
  const target = join(root, dirname(from), specifier);
  const file = [`${target}.ts`, join(target, 'index.ts')].find((each) => ts.sys.fileExists(each));
  if (!file) throw new Error(`${from}: ${specifier} is no source`);
  return relative(root, file);
}

/** The docstring of a declaration, without its stars; empty where there is none. */
export function docOf(node: ts.Node): string {
  const ranges = ts.getLeadingCommentRanges(node.getSourceFile().text, node.getFullStart()) ?? [];
  const last = ranges.map(({ pos, end }) => node.getSourceFile().text.slice(pos, end)).findLast((text) => text.startsWith('/**'));
  return last === undefined
    ? ''
    : last
        .replace(/^\/\*\*|\*\/$/g, '')
        .replaceAll(/^[ \t]*\*? ?/gm, '')
        .trim();
}
