/** The examples of the documentation, each as a module that a compiler can check. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENTRY_POINTS, exportsOf, root } from './surface';

/** An example as it stands in a docstring or in a page. */
export interface Example {
  /** Where it begins: `constructs/aws/keys.ts:92`. */
  readonly at: string;
  readonly code: string;
}

/** Folders whose docstrings hold examples for users. */
const DOCUMENTED = [
  'constructs',
  'constructs/aws',
  'constructs/azure',
  'controls',
  'policies',
  'policies/packs',
  'stacks/aws',
  'stacks/azure',
];

const listed = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** Every `@example` of the documented sources. */
export const docstringExamples = (): readonly Example[] =>
  DOCUMENTED.flatMap((folder) => listed(folder, '.ts')).flatMap((path) => {
    const text = textOf(path);
    return [...text.matchAll(/\* @example\n((?:[ \t]*\*(?!\/| @).*\n)+)/g)].map((match) => ({
      at: `${path}:${lineAt(text, match.index)}`,
      code: (match[1] ?? '').replaceAll(/^[ \t]*\* ?/gm, ''),
    }));
  });

/** Every TypeScript block of the pages that a user reads. */
export const pageExamples = (): readonly Example[] =>
  [...listed('.', '.md'), ...listed('docs', '.md'), ...listed('docs/aws', '.md'), ...listed('docs/azure', '.md')].flatMap((path) => {
    const text = textOf(path);
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
      at: `${path}:${lineAt(text, match.index)}`,
      code: match[1] ?? '',
    }));
  });

const CDK = {
  App: 'aws-cdk-lib',
  Stack: 'aws-cdk-lib',
  Validations: 'aws-cdk-lib',
  EmailSubscription: 'aws-cdk-lib/aws-sns-subscriptions',
  Port: 'aws-cdk-lib/aws-ec2',
  PolicyStatement: 'aws-cdk-lib/aws-iam',
  Duration: 'aws-cdk-lib',
} as const;

/** What examples take as given, with its type. */
const GIVEN = {
  aws: {
    app: "import('aws-cdk-lib').App",
    stack: "import('aws-cdk-lib').Stack",
    securityStack: "import('aws-cdk-lib').Stack",
    workloadStack: "import('aws-cdk-lib').Stack",
    role: "import('aws-cdk-lib/aws-iam').Role",
    caseService: "import('aws-cdk-lib/aws-iam').Role",
    keyOfficers: "import('aws-cdk-lib/aws-iam').Role",
    rotator: "import('aws-cdk-lib/aws-lambda').IFunction",
    github: "import('aws-cdk-lib/aws-iam').IOpenIdConnectProvider",
    provider: "import('aws-cdk-lib/aws-iam').ISamlProvider",
    investigators: "import('aws-cdk-lib/aws-iam').Role",
    archive: "import('palisade/aws').LogArchive",
    vpc: "import('palisade/aws').SecureVpc",
    userPool: "import('aws-cdk-lib/aws-cognito').IUserPool",
    catalogue: "import('palisade/aws').FieldCatalogue",
  },
  azure: {
    profile: "import('palisade/azure').DecidedProfile",
    resourceGroupName: 'string',
    location: 'string',
    tenantId: 'string',
    subscriptionId: 'string',
    clusterId: 'string',
    ddosProtectionPlanId: 'string',
    principalId: 'string',
    contacts: "import('palisade/azure').SecurityContacts",
    workspace: "import('palisade/azure').SecureLogWorkspace",
    archive: "import('palisade/azure').LogArchive",
    logs: "import('palisade/azure').LogSink",
    network: "import('palisade/azure').SecureVirtualNetwork",
    vault: "import('palisade/azure').SecureKeyVault",
    key: "import('palisade/azure').EncryptionKey",
    catalogue: "import('palisade/azure').FieldCatalogue",
    account: "import('@pulumi/azure-native/storage').StorageAccount",
    gateway: "import('@pulumi/azure-native/network').VirtualNetworkGateway",
    identity: "import('@pulumi/azure-native/managedidentity').UserAssignedIdentity",
  },
  any: {
    profile: "import('palisade').DataProfile",
    relax: "readonly import('palisade').Relaxation[]",
    catalogue: "import('palisade').FieldCatalogue",
    graph: "import('palisade/policies').Graph",
    app: "import('aws-cdk-lib').App",
    ourOwnPolicy: "import('@pulumi/policy').StackValidationPolicy",
  },
} as const;

const CLASSES: Readonly<Record<string, string>> = { ...CDK, PolicyPack: '@pulumi/policy' };

/** Where each public name comes from; the entry points named first win. */
function originsOf(entryPoints: readonly (keyof typeof ENTRY_POINTS)[]): ReadonlyMap<string, string> {
  const origins = new Map<string, string>(Object.entries(CLASSES));
  for (const entryPoint of [...entryPoints].reverse())
    for (const { name } of exportsOf(ENTRY_POINTS[entryPoint])) origins.set(name, entryPoint);
  return origins;
}

const ORIGINS = {
  aws: originsOf(['palisade/aws', 'palisade', 'palisade/nag', 'palisade/policies']),
  azure: originsOf(['palisade/azure', 'palisade', 'palisade/crossguard', 'palisade/policies']),
  any: originsOf(['palisade', 'palisade/policies', 'palisade/nag', 'palisade/crossguard']),
};

/** The stack that an example belongs to: that in which it stands, or of which its page tells. */
function stackOf(at: string): string | undefined {
  if (at.startsWith('stacks/')) return at.replace(/\.ts:\d+$/, '');
  const [, cloud, name] = /^docs\/(aws|azure)\/(case-management|landing-zone)\.md/.exec(at) ?? [];
  return name === undefined ? undefined : `stacks/${cloud}/${name}`;
}

/** The example as a module: what it uses and does not bring along is imported or declared, and its `this` is a component. */
export function moduleOf({ at, code }: Example): string {
  const cloud = /\baws\b/.test(at) ? 'aws' : /\bazure\b/.test(at) ? 'azure' : 'any';
  const imports = code.match(/^import [^;]*;\n/gm) ?? [];
  const body = imports.reduce((rest, line) => rest.replace(line, ''), code);
  const uses = (name: string) =>
    new RegExp(`(?<![\\w']|(?<!\\.\\.)\\.)${name}\\b(?!')`).test(body) && !imports.some((line) => new RegExp(`\\b${name}\\b`).test(line));
  const origins = new Map(ORIGINS[cloud]);
  const stack = stackOf(at);
  if (stack !== undefined) for (const { name } of exportsOf(`${stack}.ts`)) origins.set(name, join(root, stack));
  const added = [...origins].filter(([name]) => uses(name)).map(([name, from]) => `import { ${name} } from '${from}';\n`);
  const given = Object.entries({ ...GIVEN.any, ...GIVEN[cloud] })
    .filter(([name]) => uses(name))
    .map(([name, type]) => `declare const ${name}: ${type};\n`);
  const self = cloud === 'azure' ? "this: import('@pulumi/pulumi').ComponentResource" : '';
  return [...imports, ...added, ...given, `export function example(${self}) {\n`, body, '}\n'].join('');
}
