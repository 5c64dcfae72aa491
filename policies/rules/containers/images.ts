/** Repositories of images: who may read and replace what will run, and whether it is examined. */
import { isForeignAccount } from '../../facts/accounts';
import { globCovers } from '../../facts/glob';
import { grantsNobodyPublicly, type Statement, statementsOf } from '../../facts/iam';
import { keepOutsidersOut } from '../../facts/iam-grants';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';
import type { Value } from '../../value';

const REPOSITORY = 'AWS::ECR::Repository';
const TEMPLATE = 'AWS::ECR::RepositoryCreationTemplate';
const SCANNING = 'AWS::ECR::RegistryScanningConfiguration';
const REGISTRY_POLICY = 'AWS::ECR::RegistryPolicy';
const REPLICATION = 'AWS::ECR::ReplicationConfiguration';
const PUBLIC = 'AWS::ECR::PublicRepository';

/** Tags stay with their image; exclusions that match every tag leave nothing of it. */
const keepsTags = (repository: Resource): Outcome =>
  allOf(
    repository.at('ImageTagMutability').isOneOf(['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION']),
    every(repository.at('ImageTagMutabilityExclusionFilters').items(), (filter) => {
      const pattern = filter.at('ImageTagMutabilityExclusionFilterValue');
      return not(pattern.matches(/^\*+$/), `${pattern.describe()}, which excepts every tag`);
    }),
  );

/** The registry scans what arrives in a repository of this name. */
function scannedByRegistry(repository: Resource, graph: Graph): Outcome {
  const rules = graph
    .ofType(SCANNING)
    .filter((registry) => graph.exists(registry))
    .flatMap((registry) => registry.at('Rules').items());
  const name = repository.at('RepositoryName').shape ?? '*';
  return some(
    rules,
    (entry) =>
      allOf(
        entry.at('ScanFrequency').isOneOf(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN']),
        some(
          entry.at('RepositoryFilters').items(),
          (filter) => {
            const pattern = filter.at('Filter');
            return pattern.shape !== undefined && globCovers(pattern.shape, name) ? pass() : pattern.asFailure();
          },
          'no filter matches',
        ),
      ),
    'no rule of the registry scans it',
  );
}

const usesOwnKey = (repository: Resource): Outcome =>
  allOf(
    repository.at('EncryptionConfiguration.EncryptionType').isOneOf(['KMS', 'KMS_DSSE']),
    isOwnKey(repository.at('EncryptionConfiguration.KmsKey')),
  );

/** Policies of images: of a repository, of repositories to be made, of the whole registry. */
const POLICIES: Readonly<Record<string, string>> = {
  [REPOSITORY]: 'RepositoryPolicyText',
  [TEMPLATE]: 'RepositoryPolicy',
  [REGISTRY_POLICY]: 'PolicyText',
};
const policyOf = (resource: Resource): Value => resource.at(POLICIES[resource.type] ?? '');
const grantsOf = (resource: Resource): readonly Statement[] =>
  statementsOf(policyOf(resource)).filter((statement) => statement.allows().verdict !== 'fail');

const withPolicy = (resource: Resource, check: () => Outcome): Outcome =>
  policyOf(resource).state === 'absent' ? notApplicable('has no policy') : check();

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const repository = (Properties: object): Example['resources'] => ({ Repository: { Type: REPOSITORY, Properties } });
const template = (Properties: object): Example['resources'] => ({ Template: { Type: TEMPLATE, Properties } });
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const pull = (Principal: unknown, rest: object = {}) => ({
  Statement: [{ Effect: 'Allow', Principal, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], ...rest }],
});
const registry = (...Rules: readonly object[]) => ({ Registry: { Type: SCANNING, Properties: { ScanType: 'BASIC', Rules } } });
const scans = (ScanFrequency: string, Filter: string) => ({ ScanFrequency, RepositoryFilters: [{ Filter, FilterType: 'WILDCARD' }] });
const replicate = (RegistryId: unknown): Example['resources'] => ({
  Replication: {
    Type: REPLICATION,
    Properties: { ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: 'eu-west-1', RegistryId }] }] } },
  },
});

export const tagsAreImmutable = rule({
  on: [REPOSITORY, TEMPLATE],
  severity: 'medium',
  check: keepsTags,
  fix: "Use SecureRepository, or set ImageTagMutability: 'IMMUTABLE'.",
  pass: [
    { resources: repository({ ImageTagMutability: 'IMMUTABLE' }) },
    {
      resources: repository({
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: 'dev-*' }],
      }),
    },
    { resources: template({ ImageTagMutability: 'IMMUTABLE' }) },
  ],
  fail: [
    { resources: repository({}) },
    { resources: repository({ ImageTagMutability: 'MUTABLE' }) },
    {
      resources: repository({
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: [{ ImageTagMutabilityExclusionFilterValue: '*' }],
      }),
    },
    { resources: template({}) },
  ],
  unknown: [{ parameters: parameter, resources: repository({ ImageTagMutability: VALUE }) }],
});

export const imagesAreScanned = [
  rule({
    on: REPOSITORY,
    severity: 'medium',
    check: (resource, graph) =>
      anyOf(
        [resource.at('ImageScanningConfiguration.ScanOnPush').isTrue(), scannedByRegistry(resource, graph)],
        'ImageScanningConfiguration.ScanOnPush is not true, and no rule of the registry scans the repository',
      ),
    fix: 'Use SecureRepository, set ImageScanningConfiguration.ScanOnPush: true, or scan the whole registry (AWS::ECR::RegistryScanningConfiguration).',
    pass: [
      { resources: repository({ ImageScanningConfiguration: { ScanOnPush: true } }) },
      { resources: repository({ ImageScanningConfiguration: { ScanOnPush: 'true' } }) },
      { name: 'by the registry', resources: { ...repository({}), ...registry(scans('SCAN_ON_PUSH', '*')) } },
      {
        name: 'by the registry, for names like its own',
        resources: { ...repository({ RepositoryName: 'cases/api' }), ...registry(scans('CONTINUOUS_SCAN', 'cases/*')) },
      },
    ],
    fail: [
      { resources: repository({}) },
      { resources: repository({ ImageScanningConfiguration: { ScanOnPush: false } }) },
      { name: 'on demand only', resources: { ...repository({}), ...registry(scans('MANUAL', '*')) } },
      { name: 'others only', resources: { ...repository({ RepositoryName: 'api' }), ...registry(scans('SCAN_ON_PUSH', 'cases/*')) } },
    ],
    unknown: [{ parameters: parameter, resources: repository({ ImageScanningConfiguration: { ScanOnPush: VALUE } }) }],
  }),
  rule({
    on: SCANNING,
    severity: 'low',
    from: 'high',
    check: (resource) =>
      allOf(
        resource.at('ScanType').is('ENHANCED'),
        some(resource.at('Rules').items(), (entry) => entry.at('ScanFrequency').is('CONTINUOUS_SCAN'), 'no rule scans continuously'),
      ),
    fix: 'Set ScanType: ENHANCED with a rule of ScanFrequency CONTINUOUS_SCAN, so that new vulnerabilities are found in old images.',
    pass: [{ resources: { Registry: { Type: SCANNING, Properties: { ScanType: 'ENHANCED', Rules: [scans('CONTINUOUS_SCAN', '*')] } } } }],
    fail: [
      { resources: registry(scans('SCAN_ON_PUSH', '*')) },
      { resources: { Registry: { Type: SCANNING, Properties: { ScanType: 'ENHANCED', Rules: [scans('SCAN_ON_PUSH', '*')] } } } },
    ],
    unknown: [
      {
        parameters: parameter,
        resources: { Registry: { Type: SCANNING, Properties: { ScanType: VALUE, Rules: [scans('CONTINUOUS_SCAN', '*')] } } },
      },
    ],
  }),
];

export const imagesHaveOwnKey = rule({
  on: [REPOSITORY, TEMPLATE],
  // Images seldom hold data of customers; ECR encrypts them with its own key in any case.
  severity: 'low',
  check: usesOwnKey,
  fix: 'Use SecureRepository, or set EncryptionConfiguration to EncryptionType KMS with KmsKey.',
  pass: [
    { resources: repository({ EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/k' } }) },
    {
      resources: template({ EncryptionConfiguration: { EncryptionType: 'KMS_DSSE', KmsKey: 'arn:aws:kms:eu-west-1:111122223333:key/k' } }),
    },
  ],
  fail: [
    { resources: repository({}) },
    { resources: repository({ EncryptionConfiguration: { EncryptionType: 'AES256' } }) },
    { name: 'the key of the provider', resources: repository({ EncryptionConfiguration: { EncryptionType: 'KMS' } }) },
  ],
  unknown: [{ parameters: parameter, resources: repository({ EncryptionConfiguration: { EncryptionType: VALUE, KmsKey: 'k' } }) }],
});

export const imagesArePrivate = rule({
  on: [...Object.keys(POLICIES), PUBLIC],
  severity: 'high',
  check: (resource) =>
    resource.type === PUBLIC
      ? fail('every image in a public repository can be pulled by everyone')
      : withPolicy(resource, () => grantsNobodyPublicly(policyOf(resource), 'ecr:*')),
  fix: 'Keep images in a private repository (SecureRepository) whose policy names the accounts or roles that pull, or has a condition StringEquals aws:PrincipalOrgID.',
  pass: [
    { resources: repository({ RepositoryPolicyText: pull({ AWS: 'arn:aws:iam::111122223333:root' }) }) },
    {
      name: 'everyone of the organisation, as text',
      resources: repository({
        RepositoryPolicyText: JSON.stringify(pull('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } })),
      }),
    },
    { resources: template({ RepositoryPolicy: JSON.stringify(pull({ AWS: 'arn:aws:iam::111122223333:root' })) }) },
  ],
  fail: [
    { resources: repository({ RepositoryPolicyText: pull('*') }) },
    { resources: repository({ RepositoryPolicyText: pull({ AWS: ['*'] }) }) },
    { resources: template({ RepositoryPolicy: JSON.stringify(pull('*')) }) },
    { resources: { Registry: { Type: REGISTRY_POLICY, Properties: { PolicyText: pull('*', { Action: ['ecr:ReplicateImage'] }) } } } },
    { name: 'public by what it is', resources: { Repository: { Type: PUBLIC, Properties: {} } } },
  ],
  unknown: [{ parameters: parameter, resources: repository({ RepositoryPolicyText: VALUE }) }],
  skip: [{ resources: repository({}) }],
});

export const imagesStayInside = rule({
  on: Object.keys(POLICIES),
  check: (resource, graph) => withPolicy(resource, () => keepOutsidersOut(grantsOf(resource), graph, 'DHC-05')),
  fix: 'Remove the account, add a condition StringEquals aws:PrincipalOrgID with your organisation, or record the sharing as a waiver that expires.',
  pass: [
    { resources: repository({ RepositoryPolicyText: pull({ AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/build' } }) }) },
    {
      unit: { account: '111122223333' },
      resources: repository({ RepositoryPolicyText: pull({ AWS: '111122223333' }) }),
    },
  ],
  fail: [{ unit: { account: '111122223333' }, resources: repository({ RepositoryPolicyText: pull({ AWS: '444455556666' }) }) }],
  unknown: [{ resources: repository({ RepositoryPolicyText: pull({ AWS: '444455556666' }) }) }],
  skip: [{ resources: repository({}) }],
});

export const imagesReplicateInside = rule({
  on: REPLICATION,
  check: (resource, graph) =>
    every(resource.at('ReplicationConfiguration.Rules').items(), (entry) =>
      every(entry.at('Destinations').items(), (destination) => stays(destination.at('RegistryId'), graph)),
    ),
  fix: 'Replicate to registries of your own organisation only.',
  pass: [{ unit: { account: '111122223333' }, resources: replicate('111122223333') }, { resources: replicate({ Ref: 'AWS::AccountId' }) }],
  fail: [{ unit: { account: '111122223333' }, resources: replicate('444455556666') }],
  unknown: [{ resources: replicate('444455556666') }],
});

function stays(account: Value, graph: Graph): Outcome {
  if (account.missing?.startsWith('AWS::AccountId')) return pass();
  if (account.string === undefined) return unknown(account.describe(), account.path);
  return not(isForeignAccount(account.string, graph), `${account.describe()}, an account of somebody else`);
}
