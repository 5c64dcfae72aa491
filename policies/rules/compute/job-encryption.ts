/** Builds, jobs, notebooks and clusters: encrypted at rest with a key of one's own, and between their hosts. */
import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { allOf, every, notApplicable, type Outcome, pass, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';

export const PROJECT = 'AWS::CodeBuild::Project';
const REPORTS = 'AWS::CodeBuild::ReportGroup';
export const CLUSTER = 'AWS::EMR::Cluster';
export const SECURITY = 'AWS::EMR::SecurityConfiguration';
export const NOTEBOOK = 'AWS::SageMaker::NotebookInstance';
export const DOMAIN = 'AWS::SageMaker::Domain';
const ENDPOINT = 'AWS::SageMaker::EndpointConfig';
const SYNC = 'AWS::SSM::ResourceDataSync';
export const JOBS = [
  'AWS::SageMaker::DataQualityJobDefinition',
  'AWS::SageMaker::ModelBiasJobDefinition',
  'AWS::SageMaker::ModelExplainabilityJobDefinition',
  'AWS::SageMaker::ModelQualityJobDefinition',
] as const;

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names the key of what it stores. */
const KEYS: Readonly<Record<string, string>> = {
  [NOTEBOOK]: 'KmsKeyId',
  [DOMAIN]: 'KmsKeyId',
  [ENDPOINT]: 'KmsKeyId',
  ...Object.fromEntries(JOBS.map((type) => [type, 'JobResources.ClusterConfig.VolumeKmsKeyId'])),
  'AWS::EMR::Studio': 'EncryptionKeyArn',
  [SYNC]: 'S3Destination.KMSKeyArn',
};
/** The same for what is a by-product: artefacts and reports of builds, which the key of S3 encrypts in any case. */
const LESSER_KEYS: Readonly<Record<string, string>> = {
  [PROJECT]: 'EncryptionKey',
  [REPORTS]: 'ExportConfig.S3Destination.EncryptionKey',
};

function namesKey(resource: Resource, paths: Readonly<Record<string, string>>): Outcome {
  if (resource.type === SYNC && resource.at('S3Destination').state === 'absent') return notApplicable('writes to no bucket');
  if (resource.type === REPORTS && resource.at('ExportConfig.S3Destination').state === 'absent') return notApplicable('exports nothing');
  if (resource.type === ENDPOINT && isServerless(resource)) return notApplicable('has no volumes');
  return isOwnKey(resource.at(paths[resource.type] as string));
}

/** Variants without instances have no volumes, and take no key. */
const isServerless = (endpoint: Resource): boolean => {
  const variants = endpoint.at('ProductionVariants').items();
  return variants.length > 0 && variants.every((variant) => variant.at('ServerlessConfig').state !== 'absent');
};

/** An object with one value at a dotted path. */
const at = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

function ownKeys(paths: Readonly<Record<string, string>>, spec: Pick<RuleSpec, 'fix' | 'severity' | 'skip'>): RuleSpec {
  const types = Object.keys(paths);
  const keyed = (type: string, key: unknown) => ({ resources: one(type, at(paths[type] as string, key)) });
  return rule({
    ...spec,
    on: types,
    check: (resource) => namesKey(resource, paths),
    pass: types.map((type) => keyed(type, KEY)),
    fail: types.map((type) => keyed(type, 'alias/aws/service')),
    unknown: [{ ...ON, ...keyed(types[0] as string, { Ref: 'On' }) }],
  });
}

// ── Switches that turn encryption off ──────────────────────────────────────────────────────────────────────────────

function leavesEncryptionOn(resource: Resource): Outcome {
  const written =
    resource.type === REPORTS
      ? [resource.at('ExportConfig.S3Destination')]
      : [resource.at('Artifacts'), ...resource.at('SecondaryArtifacts').items(), resource.at('LogsConfig.S3Logs')];
  return every(written, (each) => each.at('EncryptionDisabled').orDefault(false).isFalse());
}

// ── EMR ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const settingsOf = (configuration: Resource): Value => configuration.at('SecurityConfiguration').json();
const encryptionOf = (configuration: Resource): Value => settingsOf(configuration).at('EncryptionConfiguration');

export const known = (configuration: Resource, judge: (encryption: Value) => Outcome): Outcome => {
  const settings = settingsOf(configuration);
  return settings.state === 'unknown' ? settings.asUnknown() : judge(encryptionOf(configuration));
};

const encryptsAtRest = (encryption: Value): Outcome =>
  allOf(
    encryption.at('EnableAtRestEncryption').orDefault(false).isTrue(),
    encryption.at('AtRestEncryptionConfiguration.S3EncryptionConfiguration').isSet(),
    encryption.at('AtRestEncryptionConfiguration.LocalDiskEncryptionConfiguration').isSet(),
  );

const encryptsInTransit = (encryption: Value): Outcome =>
  allOf(
    encryption.at('EnableInTransitEncryption').orDefault(false).isTrue(),
    encryption.at('InTransitEncryptionConfiguration.TLSCertificateConfiguration').isSet(),
  );

export const one = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ One: { Type, Properties }, ...rest });
export const ON = { parameters: { On: { Type: 'String' } } } as const;
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
export const project = (properties: object) => ({ resources: one(PROJECT, { ServiceRole: 'builder', ...properties }) });
export const cluster = (properties: object, rest: object = {}) => ({ resources: one(CLUSTER, { Name: 'cases', ...properties }, rest) });
export const security = (settings: unknown) => ({ resources: one(SECURITY, { SecurityConfiguration: settings }) });
const AT_REST = {
  EnableAtRestEncryption: true,
  AtRestEncryptionConfiguration: {
    S3EncryptionConfiguration: { EncryptionMode: 'SSE-S3' },
    LocalDiskEncryptionConfiguration: { EncryptionKeyProviderType: 'AwsKms' },
  },
};
const IN_TRANSIT = {
  EnableInTransitEncryption: true,
  InTransitEncryptionConfiguration: { TLSCertificateConfiguration: { CertificateProviderType: 'PEM' } },
};
const encrypting = (EncryptionConfiguration: object) => security({ EncryptionConfiguration });
const s3 = (rest: object) => ({ S3Destination: { BucketName: 'inventory', ...rest } });

export const jobEncryption = {
  'ENC-02': {
    aws: [
      ownKeys(KEYS, {
        fix: 'Name a key of your own: KmsKeyId (EncryptionKeyArn, VolumeKmsKeyId, KMSKeyArn) of the resource.',
        skip: [
          { resources: one(ENDPOINT, { ProductionVariants: [{ VariantName: 'all', ServerlessConfig: { MaxConcurrency: 5 } }] }) },
          { resources: one(SYNC, { SyncName: 'inventory' }) },
        ],
      }),
      ownKeys(LESSER_KEYS, {
        severity: 'low',
        fix: 'Set EncryptionKey to a key of your own (encryptionKey in CDK).',
        skip: [{ resources: one(REPORTS, { ExportConfig: { ExportConfigType: 'NO_EXPORT' } }) }],
      }),
    ],
  },

  'ENC-01': {
    aws: [
      rule({
        on: [PROJECT, REPORTS],
        check: leavesEncryptionOn,
        fix: 'Remove EncryptionDisabled, or set it to false.',
        pass: [
          project({ Artifacts: { Type: 'S3', EncryptionDisabled: false } }),
          { resources: one(REPORTS, { ExportConfig: s3({ EncryptionDisabled: false }) }) },
        ],
        fail: [
          project({ Artifacts: { Type: 'S3', EncryptionDisabled: true } }),
          project({ Artifacts: { Type: 'NO_ARTIFACTS' }, SecondaryArtifacts: [{ Type: 'S3', EncryptionDisabled: 'true' }] }),
          project({ LogsConfig: { S3Logs: { Status: 'ENABLED', EncryptionDisabled: true } } }),
          { resources: one(REPORTS, { ExportConfig: s3({ EncryptionDisabled: true }) }) },
        ],
        unknown: [{ ...ON, ...project({ Artifacts: { Type: 'S3', EncryptionDisabled: { Ref: 'On' } } }) }],
      }),
      rule({
        on: CLUSTER,
        check: (one, graph) => {
          const named = one.at('SecurityConfiguration');
          if (named.isSet().verdict === 'fail') return named.asFailure();
          return graph.target(named, SECURITY)
            ? pass()
            : unknown('whether the cluster encrypts: its security configuration is declared elsewhere', named.path);
        },
        fix: 'Set SecurityConfiguration to an AWS::EMR::SecurityConfiguration that encrypts at rest and in transit.',
        pass: [cluster({ SecurityConfiguration: { Ref: 'Settings' } }, { Settings: { Type: SECURITY, Properties: {} } })],
        fail: [cluster({})],
        unknown: [cluster({ SecurityConfiguration: 'elsewhere' })],
      }),
      rule({
        on: SECURITY,
        check: (one) => known(one, encryptsAtRest),
        fix: 'Set EncryptionConfiguration.EnableAtRestEncryption to true, with S3EncryptionConfiguration and LocalDiskEncryptionConfiguration.',
        pass: [encrypting(AT_REST), security(JSON.stringify({ EncryptionConfiguration: AT_REST }))],
        fail: [
          security({}),
          encrypting({ ...AT_REST, EnableAtRestEncryption: false }),
          encrypting({
            EnableAtRestEncryption: true,
            AtRestEncryptionConfiguration: { S3EncryptionConfiguration: { EncryptionMode: 'SSE-S3' } },
          }),
        ],
        unknown: [{ ...ON, ...security({ Ref: 'On' }) }],
      }),
    ],
  },

  'TLS-06': {
    aws: [
      rule({
        on: SECURITY,
        check: (one) => known(one, encryptsInTransit),
        fix: 'Set EncryptionConfiguration.EnableInTransitEncryption to true, with a TLSCertificateConfiguration.',
        pass: [encrypting(IN_TRANSIT)],
        fail: [encrypting({ ...IN_TRANSIT, EnableInTransitEncryption: false }), encrypting({ EnableInTransitEncryption: true })],
        unknown: [{ ...ON, ...security({ Ref: 'On' }) }],
      }),
      rule({
        on: JOBS,
        severity: 'medium',
        check: (one) =>
          when(
            one.at('JobResources.ClusterConfig.InstanceCount').orDefault(1).isAtLeast(2),
            () => one.at('NetworkConfig.EnableInterContainerTrafficEncryption').orDefault(false).isTrue(),
            () => notApplicable('runs on one host'),
          ),
        fix: 'Set NetworkConfig.EnableInterContainerTrafficEncryption to true.',
        pass: [
          {
            resources: one(JOBS[0], {
              JobResources: { ClusterConfig: { InstanceCount: 2 } },
              NetworkConfig: { EnableInterContainerTrafficEncryption: true },
            }),
          },
        ],
        fail: [
          { resources: one(JOBS[0], { JobResources: { ClusterConfig: { InstanceCount: 2 } } }) },
          {
            resources: one(JOBS[1], {
              JobResources: { ClusterConfig: { InstanceCount: 2 } },
              NetworkConfig: { EnableInterContainerTrafficEncryption: false },
            }),
          },
        ],
        skip: [{ resources: one(JOBS[0], { JobResources: { ClusterConfig: { InstanceCount: 1 } } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
