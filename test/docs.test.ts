import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as aws from '../constructs/aws';
import * as azure from '../constructs/azure';
import type { Claims } from '../constructs/contract';
import { docstringExamples, moduleOf, pageExamples } from './support/doc-examples';
import { docOf, ENTRY_POINTS, type Exported, exportsOf, root } from './support/surface';

/** Entry points that users build with; the engine's own is for those who read its sources. */
const BUILT_WITH = ['palisade', 'palisade/aws', 'palisade/azure'] as const;
const surface: readonly Exported[] = BUILT_WITH.flatMap((entryPoint) => exportsOf(ENTRY_POINTS[entryPoint]));

const isCallable = ({ declaration }: Exported) => ts.isClassDeclaration(declaration) || ts.isFunctionDeclaration(declaration);
/** `type Tier = (typeof TIERS)[number]` is told by the docstring of its list. */
const isOfAList = ({ declaration }: Exported) => ts.isTypeAliasDeclaration(declaration) && declaration.getText().includes('typeof ');
const isHidden = (member: ts.ClassElement) =>
  ts.isConstructorDeclaration(member) ||
  (member.name && ts.isPrivateIdentifier(member.name)) ||
  (ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => HIDING.has(kind)));
const HIDING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.OverrideKeyword,
]);

function membersOf({ declaration }: Exported): readonly (ts.ClassElement | ts.TypeElement)[] {
  if (ts.isInterfaceDeclaration(declaration)) return declaration.members;
  return ts.isClassDeclaration(declaration) ? declaration.members.filter((member) => !isHidden(member)) : [];
}

describe('the documentation', () => {
  it('has examples that compile', () => {
    const examples = [...docstringExamples(), ...pageExamples()];
    expect(examples.length).toBeGreaterThan(40);
    const folder = mkdtempSync(join(tmpdir(), 'palisade-docs-'));
    try {
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      const paths = Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, source]) => [name, [join(root, source)]]));
      const options = { ...compilerOptions(), noEmit: true, rootDir: '/', noUnusedLocals: false, declaration: false, paths };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
      for (const example of examples) writeFileSync(join(folder, `${example.at.replaceAll(/[/:]/g, '_')}.ts`), moduleOf(example));
      const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
      const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says what every public name is for', () => {
    const silent = surface.filter((each) => docOf(each.declaration) === '' && !isOfAList(each));
    expect(silent.map(({ name, source }) => `${name} in ${source}`)).toEqual([]);
  });

  it('says what every public member is for', () => {
    const silent = surface.flatMap((each) =>
      membersOf(each)
        .filter((member) => docOf(member) === '')
        .map((member) => `${each.name}.${member.name?.getText()} in ${each.source}`),
    );
    expect(silent).toEqual([]);
  });

  it('shows every class and function in use', () => {
    const unshown = surface.filter((each) => isCallable(each) && !docOf(each.declaration).includes('@example'));
    expect(unshown.map(({ name, source }) => `${name} in ${source}`)).toEqual([]);
  });

  it('names the default of everything that may be left out', () => {
    const unnamed = surface
      .filter(({ name }) => /(Props|Args|Options)$/.test(name))
      .flatMap((each) =>
        membersOf(each)
          .filter((member) => ts.isPropertySignature(member) && member.questionToken && !docOf(member).includes('@default'))
          .map((member) => `${each.name}.${member.name?.getText()} in ${each.source}`),
      );
    expect(unnamed).toEqual([]);
  });
});

const CONSTRUCTS: Readonly<Record<'aws' | 'azure', Readonly<Record<string, unknown>>>> = { aws, azure };
const claiming = (['aws', 'azure'] as const).flatMap((cloud) =>
  exportsOf(ENTRY_POINTS[`palisade/${cloud}`])
    .filter(({ declaration }) => ts.isClassDeclaration(declaration))
    .map((each) => ({ cloud, name: each.name, doc: docOf(each.declaration) })),
);

describe('the docstring of a construct', () => {
  it.each(claiming)('lists what it claims, tier by tier: $cloud $name', ({ cloud, name, doc }) => {
    const promised = (CONSTRUCTS[cloud][name] as { claims?: Claims }).claims?.claims ?? [];
    const [sentence = ''] = /Guarantees [^.]*\./.exec(doc.replaceAll(/\s+/g, ' ')) ?? [];
    const listed = sentence.split(/; | from (?=the)/).flatMap((part) => {
      const [, from = 'low'] = /the (\w+) tier on/.exec(part) ?? [];
      return (part.match(/[A-Z]{3}-\d\d/g) ?? []).map((control) => `${control} from ${from}`);
    });
    expect(listed.sort()).toEqual(promised.map(({ control, from = 'low' }) => `${control} from ${from}`).sort());
  });
});

function compilerOptions(): object {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  return (config as { compilerOptions: object }).compilerOptions;
}
