/**
 * The yardstick of the synthesis bench: the same resources, written by hand. Writes the program that a person would have
 * written without Palisade: each resource of a synthesised environment as the CDK's own typed L1 (`new CfnBucket(…)`) with
 * the same id and the same properties, policies as `PolicyDocument`s, the same outputs and the same code assets, in stacks
 * of the same number and size. L2s stand in it nowhere, so that a CDK program with these resources can hardly cost less.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { App, type CfnResource, Stack, Token } from 'aws-cdk-lib';
import { AssetManifestArtifact, type CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Declared {
  readonly Type: string;
  readonly Properties?: Json;
  readonly [attribute: string]: Json | undefined;
}

interface Typed {
  _fromCloudFormation(scope: Stack, id: string, declared: Declared, options: unknown): CfnResource;
}

const NAMES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(dirname(require.resolve('aws-cdk-lib/cloudformation-include')), 'cfn-types-2-classes.json'), 'utf8'),
);

/** Intrinsic functions that make a text. */
const TEXTS = /^(Ref|Fn::(GetAtt|Join|Sub|Select|ImportValue|Base64))$/;

/** What is written beside the properties of a resource: fields of a construct's `cfnOptions`. */
const OPTIONS = ['DeletionPolicy', 'UpdateReplacePolicy', 'Metadata', 'CreationPolicy', 'UpdatePolicy'] as const;

/** Properties that hold a policy, wherever they stand. */
const POLICIES = /^(assumeRolePolicyDocument|policyDocument|keyPolicy|resourcePolicy)$/i;

/** The text of a CommonJS module with `make(): App`; run by itself, it synthesises. */
export function plainProgram(assembly: CloudAssembly): string {
  const stacks = assembly.stacksRecursively.map((artifact) => {
    const { hierarchicalId, environment, template } = artifact;
    // Stages are flattened; their stacks may be called the same.
    const name = hierarchicalId.replace(/\//g, '-');
    const scratch = new Stack(new App({ analyticsReporting: false }), name);
    const resources = Object.entries((template.Resources ?? {}) as Record<string, Declared>);
    const outputs = Object.entries((template.Outputs ?? {}) as Record<string, { Value: Json; Export?: { Name: Json } }>);
    return [
      `  stack = new cdk.Stack(app, ${JSON.stringify(name)}, { env: { region: ${JSON.stringify(environment.region)} } });`,
      ...assetsOf(artifact).map(
        (path, index) => `  new (load('aws-cdk-lib/aws-s3-assets').Asset)(stack, 'Code${index}', { path: ${JSON.stringify(path)} });`,
      ),
      ...resources.map(([id, declared]) => `  ${written(scratch, id, declared)}`),
      ...outputs.map(([id, { Value, Export }]) => {
        const props = `{ value: ${code(Value)}${Export ? `, exportName: ${code(Export.Name)}` : ''} }`;
        return `  new cdk.CfnOutput(stack, ${JSON.stringify(`Output${id}`)}, ${props}).overrideLogicalId(${JSON.stringify(id)});`;
      }),
    ].join('\n');
  });
  return [
    `const load = (name) => require(require.resolve(name, { paths: [${JSON.stringify(__dirname)}] }));`,
    `const cdk = load('aws-cdk-lib');`,
    'const text = (value) => cdk.Token.asString(value);',
    `const policy = (document) => load('aws-cdk-lib/aws-iam').PolicyDocument.fromJson(document);`,
    'exports.make = () => {',
    '  const app = new cdk.App({ analyticsReporting: false });',
    '  let stack;',
    ...stacks,
    '  return app;',
    '};',
    'if (require.main === module) exports.make().synth();',
    '',
  ].join('\n');
}

/** Folders and files that the stack uploads, its own template not among them. */
function assetsOf({ assembly, dependencies }: CloudFormationStackArtifact): readonly string[] {
  return dependencies
    .filter((dependency) => dependency instanceof AssetManifestArtifact)
    .flatMap(({ contents }) => Object.values(contents.files ?? {}))
    .flatMap(({ source: { path } }) => (path && !path.endsWith('.template.json') ? [join(assembly.directory, path)] : []));
}

function written(scratch: Stack, id: string, declared: Declared): string {
  const options = Object.fromEntries(
    OPTIONS.filter((name) => name in declared).map((name) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, declared[name] as Json]),
  );
  const [module, name] = (NAMES[declared.Type] ?? '').split(/\.(?=[^.]+$)/);
  const made =
    module && name
      ? `new (load(${JSON.stringify(module)}).${name})(stack, ${JSON.stringify(id)}, ${typedProps(scratch, id, declared, module, name)})`
      : // Custom resources, and types younger than the library, have no class of their own.
        `new cdk.CfnResource(stack, ${JSON.stringify(id)}, { type: ${JSON.stringify(declared.Type)}, properties: ${code(declared.Properties ?? {})} })`;
  return `Object.assign(${made}.cfnOptions, ${code(options)});`;
}

/** Props as the class wants them; references are tokens, as `bucket.attrArn` is one. */
function typedProps(scratch: Stack, id: string, declared: Declared, module: string, name: string): string {
  const texts = new Map<string, Json>();
  const parseValue = (value: Json): unknown => {
    if (Array.isArray(value)) return value.map(parseValue);
    if (typeof value !== 'object' || value === null) return value;
    if (!isText(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, parseValue(child)]));
    const token = Token.asString(value);
    texts.set(token, value);
    return token;
  };
  const L1 = (require(module) as Record<string, Typed>)[name] as Typed;
  const made = L1._fromCloudFormation(scratch, id, declared, { parser: { parseValue, handleAttributes: () => {} } });
  return code((made as unknown as { cfnProperties: Json }).cfnProperties, texts);
}

function isText(value: { [key: string]: Json }): boolean {
  const [first, ...more] = Object.keys(value);
  return first !== undefined && more.length === 0 && TEXTS.test(first);
}

/** A value as JavaScript. */
function code(value: Json | undefined, texts: ReadonlyMap<string, Json> = new Map()): string {
  if (Array.isArray(value)) return `[${value.map((item) => code(item, texts)).join(', ')}]`;
  if (typeof value === 'string' && texts.has(value)) return `text(${JSON.stringify(texts.get(value))})`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isText(value)) return `text(${JSON.stringify(value)})`;
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  return `{ ${entries.map(([key, child]) => `${JSON.stringify(key)}: ${member(key, code(child, texts), child)}`).join(', ')} }`;
}

/** A policy is an object of its own, as the CDK's L2s hold it: it is rendered and merged at synthesis. */
const member = (key: string, text: string, value: Json | undefined): string =>
  POLICIES.test(key) && typeof value === 'object' && value !== null && 'Statement' in value ? `policy(${text})` : text;
