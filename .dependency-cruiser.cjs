/** The arrows between the layers. The folders read as a sentence; an arrow the other way is an error. */
const CDK = '^(aws-cdk-lib|constructs|cdk-nag)(/|$)';
const PULUMI = '^@pulumi/';
const npm = (pattern) => pattern.replace('^', 'node_modules/');
const only = (name, to, allowed, comment) => ({ name, severity: 'error', comment, from: { pathNot: allowed }, to: { path: npm(to) } });
const never = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'a cycle has no layers', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', comment: 'imports must exist', from: {}, to: { couldNotResolve: true } },
    never('controls-import-nothing', '^controls/', '^(?!controls/)', 'the catalogue knows no cloud and no engine'),
    never(
      'handlers-stand-alone',
      '^handlers/',
      '^(?!handlers/|node:|crypto$)',
      'what runs in the cloud brings nothing of the library along',
    ),
    never('constructs-not-policies', '^constructs/', '^(policies|review|stacks|cli)/', 'two independent statements have to agree'),
    never('policies-not-constructs', '^policies/', '^(constructs|review|stacks|cli)/', 'two independent statements have to agree'),
    never(
      'rules-are-pure',
      '^policies/(rules|facts)/',
      '^(policies/(gather|packs|guardrails)|node_modules/(aws-cdk-lib|@pulumi|constructs|cdk-nag))/',
      'rules see plain data',
    ),
    never(
      'rules-no-io',
      '^policies/(rules|facts|[^/]+[.]ts)',
      '^(fs|node:fs|child_process|node:child_process|fs/promises|node:fs/promises)$',
      'reading and running live in gather and cli',
    ),
    never(
      'reports-only-documents',
      '^review/report/',
      '^(?!review/(report|schema)|controls/|node_modules/)',
      'a report is a pure function of its document',
    ),
    never('review-not-cli', '^review/', '^(cli|stacks|constructs)/', 'nothing imports the command'),
    never('stacks-not-checks', '^stacks/', '^(policies|review|cli)/', 'stacks compose constructs'),
    never(
      'aws-not-azure',
      '^(constructs|stacks)/aws/',
      '^((constructs|stacks)/azure/|node_modules/@pulumi/)',
      'an AWS user never installs Pulumi',
    ),
    never(
      'azure-not-aws',
      '^(constructs|stacks)/azure/',
      '^((constructs|stacks)/aws/|node_modules/(aws-cdk-lib|constructs)/)',
      'an Azure user never installs the CDK',
    ),
    only(
      'cdk-in-its-places',
      CDK,
      '^((constructs|stacks)/aws/|policies/gather/constructs|policies/packs/nag|bench/|test/)',
      'the CDK stays where it is used',
    ),
    only(
      'pulumi-in-its-places',
      PULUMI,
      '^((constructs|stacks)/azure/|policies/gather/pulumi|policies/packs/crossguard|bench/|test/)',
      'Pulumi stays where it is used',
    ),
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { pathNot: '^(cli|test|bench)/' },
      to: { path: '^(cli|stacks)/', pathNot: '^stacks/' },
    },
    { name: 'nothing-imports-stacks', severity: 'error', from: { pathNot: '^(stacks|test|bench)/' }, to: { path: '^stacks/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
