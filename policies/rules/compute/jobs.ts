/** Builds, batch jobs, notebooks, models and clusters: encrypted, unprivileged, inside the network, recorded. */
import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { allOf, every, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';

const PROJECT = 'AWS::CodeBuild::Project';
const REPORTS = 'AWS::CodeBuild::ReportGroup';
const BATCH = 'AWS::Batch::JobDefinition';
const CLUSTER = 'AWS::EMR::Cluster';
const SECURITY = 'AWS::EMR::SecurityConfiguration';
const SERVERLESS = 'AWS::EMRServerless::Application';
const NOTEBOOK = 'AWS::SageMaker::NotebookInstance';
const DOMAIN = 'AWS::SageMaker::Domain';
const ENDPOINT = 'AWS::SageMaker::EndpointConfig';
const MODEL = 'AWS::SageMaker::Model';
const SYNC = 'AWS::SSM::ResourceDataSync';
const JOBS = [
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

const settingsOf = (configuration: Resource): Value => configuration.at('SecurityConfiguration').json();
const encryptionOf = (configuration: Resource): Value => settingsOf(configuration).at('EncryptionConfiguration');

const known = (configuration: Resource, judge: (encryption: Value) => Outcome): Outcome => {
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

// ── Networks ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names its subnets. */
const SUBNETS: Readonly<Record<string, string>> = {
  [NOTEBOOK]: 'SubnetId',
  [MODEL]: 'VpcConfig.Subnets',
  [SERVERLESS]: 'NetworkConfiguration.SubnetIds',
  ...Object.fromEntries(JOBS.map((type) => [type, 'NetworkConfig.VpcConfig.Subnets'])),
};

function staysInNetwork(resource: Resource): Outcome {
  const inside = resource.at(SUBNETS[resource.type] as string).isSet();
  return resource.type === NOTEBOOK ? allOf(inside, resource.at('DirectInternetAccess').orDefault('Enabled').is('Disabled')) : inside;
}

// ── Privileges ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** The containers of a job, however it is run. */
function containersOf(job: Resource): readonly Value[] {
  const ecs = (properties: Value) =>
    properties
      .at('TaskProperties')
      .items()
      .flatMap((task) => task.at('Containers').items());
  const nodes = job.at('NodeProperties.NodeRangeProperties').items();
  return [
    job.at('ContainerProperties'),
    ...nodes.map((node) => node.at('Container')),
    ...[job.at('EcsProperties'), ...nodes.map((node) => node.at('EcsProperties'))].flatMap(ecs),
    ...job
      .at('EksProperties.PodProperties.Containers')
      .items()
      .map((container) => container.at('SecurityContext')),
  ];
}

const one = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ One: { Type, Properties }, ...rest });
const ON = { parameters: { On: { Type: 'String' } } } as const;
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const project = (properties: object) => ({ resources: one(PROJECT, { ServiceRole: 'builder', ...properties }) });
const batch = (properties: object) => ({ resources: one(BATCH, { Type: 'container', ...properties }) });
const notebook = (properties: object) => ({ resources: one(NOTEBOOK, { InstanceType: 'ml.t3.medium', ...properties }) });
const cluster = (properties: object, rest: object = {}) => ({ resources: one(CLUSTER, { Name: 'cases', ...properties }, rest) });
const security = (settings: unknown) => ({ resources: one(SECURITY, { SecurityConfiguration: settings }) });
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

export const jobs = {
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

  'DID-11': {
    aws: [
      rule({
        on: NOTEBOOK,
        severity: 'medium',
        check: (one) => one.at('InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion').orDefault('1').is('2'),
        fix: "Set InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion to '2'.",
        pass: [notebook({ InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2 } })],
        fail: [notebook({}), notebook({ InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: '1' } })],
      }),
      rule({
        on: SECURITY,
        severity: 'medium',
        check: (one) =>
          known(one, () =>
            settingsOf(one).at('InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion').orDefault(1).is(2),
          ),
        fix: 'Set InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion to 2.',
        pass: [security({ InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 2 } })],
        fail: [security({}), security({ InstanceMetadataServiceConfiguration: { MinimumInstanceMetadataServiceVersion: 1 } })],
      }),
    ],
  },

  'DID-14': {
    aws: [
      rule({
        on: BATCH,
        check: (one) => every(containersOf(one), (container) => container.at('Privileged').orDefault(false).isFalse()),
        fix: 'Remove Privileged, or set it to false.',
        pass: [batch({ ContainerProperties: { Image: 'cases', Privileged: 'False' } })],
        fail: [
          batch({ ContainerProperties: { Image: 'cases', Privileged: 'TRUE' } }),
          batch({ NodeProperties: { NodeRangeProperties: [{ TargetNodes: '0:', Container: { Privileged: true } }] } }),
          batch({
            NodeProperties: { NodeRangeProperties: [{ EcsProperties: { TaskProperties: [{ Containers: [{ Privileged: true }] }] } }] },
          }),
          batch({ EcsProperties: { TaskProperties: [{ Containers: [{ Privileged: true }] }] } }),
          batch({ EksProperties: { PodProperties: { Containers: [{ SecurityContext: { Privileged: true } }] } } }),
        ],
        unknown: [{ ...ON, ...batch({ ContainerProperties: { Privileged: { Ref: 'On' } } }) }],
      }),
      rule({
        // Building container images needs it, unless the build uses a builder that does without.
        on: PROJECT,
        severity: 'medium',
        check: (one) => one.at('Environment.PrivilegedMode').orDefault(false).isFalse(),
        fix: 'Remove PrivilegedMode, or set it to false; build images with a builder that needs no daemon.',
        pass: [project({ Environment: { PrivilegedMode: false } })],
        fail: [project({ Environment: { PrivilegedMode: true } })],
        unknown: [{ ...ON, ...project({ Environment: { PrivilegedMode: { Ref: 'On' } } }) }],
      }),
      rule({
        on: NOTEBOOK,
        severity: 'medium',
        check: (one) => one.at('RootAccess').orDefault('Enabled').is('Disabled'),
        fix: "Set RootAccess to 'Disabled'.",
        pass: [notebook({ RootAccess: 'Disabled' })],
        fail: [notebook({}), notebook({ RootAccess: 'Enabled' })],
      }),
    ],
  },

  'DID-22': {
    aws: [
      rule({
        on: Object.keys(SUBNETS),
        check: staysInNetwork,
        fix: "Name private subnets (SubnetId, VpcConfig, NetworkConfiguration); set DirectInternetAccess of a notebook to 'Disabled'.",
        pass: [
          notebook({ SubnetId: 'subnet-1', DirectInternetAccess: 'Disabled' }),
          { resources: one(MODEL, { VpcConfig: { Subnets: ['subnet-1'] } }) },
          { resources: one(SERVERLESS, { NetworkConfiguration: { SubnetIds: ['subnet-1'] } }) },
          { resources: one(JOBS[0], { NetworkConfig: { VpcConfig: { Subnets: ['subnet-1'] } } }) },
        ],
        fail: [notebook({ SubnetId: 'subnet-1' }), notebook({ DirectInternetAccess: 'Disabled' }), { resources: one(MODEL, {}) }],
      }),
      rule({
        on: DOMAIN,
        check: (one) => one.at('AppNetworkAccessType').orDefault('PublicInternetOnly').is('VpcOnly'),
        fix: "Set AppNetworkAccessType to 'VpcOnly'.",
        pass: [{ resources: one(DOMAIN, { AppNetworkAccessType: 'VpcOnly' }) }],
        fail: [{ resources: one(DOMAIN, {}) }, { resources: one(DOMAIN, { AppNetworkAccessType: 'PublicInternetOnly' }) }],
      }),
      rule({
        on: ['AWS::AppStream::Fleet', 'AWS::AppStream::ImageBuilder'],
        check: (one) => one.at('EnableDefaultInternetAccess').orDefault(false).isFalse(),
        fix: 'Set EnableDefaultInternetAccess to false, and VpcConfig to private subnets.',
        pass: [{ resources: one('AWS::AppStream::Fleet', { EnableDefaultInternetAccess: false }) }],
        fail: [{ resources: one('AWS::AppStream::ImageBuilder', { EnableDefaultInternetAccess: true }) }],
      }),
      rule({
        // Most builds see sources, not customers' data: advice.
        on: PROJECT,
        severity: 'low',
        check: (one) => one.at('VpcConfig.Subnets').isSet(),
        fix: 'Set VpcConfig where a build reaches customer data or private systems.',
        pass: [project({ VpcConfig: { VpcId: 'vpc-1', Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } })],
        fail: [project({})],
      }),
    ],
  },

  'DID-04': {
    aws: rule({
      on: BATCH,
      check: (one) =>
        every(containersOf(one), (container) => container.at('NetworkConfiguration.AssignPublicIp').orDefault('DISABLED').is('DISABLED')),
      fix: "Set NetworkConfiguration.AssignPublicIp to 'DISABLED', and run the job in private subnets.",
      pass: [batch({ ContainerProperties: { NetworkConfiguration: { AssignPublicIp: 'DISABLED' } } })],
      fail: [batch({ ContainerProperties: { NetworkConfiguration: { AssignPublicIp: 'ENABLED' } } })],
    }),
  },

  'EXP-05': {
    aws: rule({
      on: MODEL,
      severity: 'low',
      check: (one) => one.at('EnableNetworkIsolation').orDefault(false).isTrue(),
      fix: 'Set EnableNetworkIsolation to true, so that the container of the model can call nothing.',
      pass: [{ resources: one(MODEL, { EnableNetworkIsolation: true }) }],
      fail: [{ resources: one(MODEL, {}) }, { resources: one(MODEL, { EnableNetworkIsolation: false }) }],
    }),
  },

  'SDC-16': {
    aws: rule({
      on: PROJECT,
      check: (one) => one.at('Visibility').orDefault('PRIVATE').is('PRIVATE'),
      fix: "Remove Visibility, or set it to 'PRIVATE': logs and artefacts of a public project can be read by anybody.",
      pass: [project({ Visibility: 'PRIVATE' })],
      fail: [project({ Visibility: 'PUBLIC_READ' })],
      unknown: [{ ...ON, ...project({ Visibility: { Ref: 'On' } }) }],
    }),
  },

  'TLS-01': {
    aws: rule({
      on: PROJECT,
      check: (one) =>
        every([one.at('Source'), ...one.at('SecondarySources').items()], (source) => source.at('InsecureSsl').orDefault(false).isFalse()),
      fix: 'Remove InsecureSsl: it accepts any certificate of the source.',
      pass: [project({ Source: { Type: 'GITHUB_ENTERPRISE', InsecureSsl: false } })],
      fail: [
        project({ Source: { Type: 'GITHUB_ENTERPRISE', InsecureSsl: true } }),
        project({ SecondarySources: [{ Type: 'GITHUB_ENTERPRISE', InsecureSsl: true }] }),
      ],
    }),
  },

  'LOG-19': {
    aws: rule({
      on: PROJECT,
      check: (one) =>
        some(
          [one.at('LogsConfig.CloudWatchLogs.Status').orDefault('ENABLED'), one.at('LogsConfig.S3Logs.Status').orDefault('DISABLED')],
          (status) => status.is('ENABLED'),
          'what builds print is recorded nowhere',
        ),
      fix: "Remove LogsConfig.CloudWatchLogs.Status, or set it to 'ENABLED'.",
      pass: [
        project({ LogsConfig: { CloudWatchLogs: { Status: 'ENABLED' } } }),
        project({ LogsConfig: { CloudWatchLogs: { Status: 'DISABLED' }, S3Logs: { Status: 'ENABLED' } } }),
      ],
      fail: [project({ LogsConfig: { CloudWatchLogs: { Status: 'DISABLED' } } })],
    }),
  },

  'LOG-18': {
    aws: rule({
      on: CLUSTER,
      check: (one) => one.at('LogUri').isSet(),
      fix: 'Set LogUri to a bucket of your own, and LogEncryptionKmsKeyId to a key: the hosts and their records go with the cluster.',
      pass: [cluster({ LogUri: 's3://records/emr/' })],
      fail: [cluster({})],
    }),
  },

  'LPA-14': {
    aws: rule({
      on: CLUSTER,
      severity: 'low',
      from: 'moderate',
      check: (one) => one.at('KerberosAttributes').isSet(),
      fix: 'Set KerberosAttributes, with a security configuration that turns Kerberos on, so that users of the cluster sign in.',
      pass: [cluster({ KerberosAttributes: { Realm: 'CASES.INTERNAL' } })],
      fail: [cluster({})],
    }),
  },

  'DHC-05': {
    aws: [
      rule({
        on: 'AWS::Lightsail::Bucket',
        check: (one) =>
          allOf(
            one.at('AccessRules.GetObject').orDefault('private').is('private'),
            one.at('AccessRules.AllowPublicOverrides').orDefault(false).isFalse(),
          ),
        fix: "Set AccessRules.GetObject to 'private' and AllowPublicOverrides to false.",
        pass: [{ resources: one('AWS::Lightsail::Bucket', { AccessRules: { GetObject: 'private', AllowPublicOverrides: false } }) }],
        fail: [
          { resources: one('AWS::Lightsail::Bucket', { AccessRules: { GetObject: 'public' } }) },
          { resources: one('AWS::Lightsail::Bucket', { AccessRules: { AllowPublicOverrides: true } }) },
        ],
      }),
      rule({
        on: 'AWS::Lightsail::Database',
        check: (one) => one.at('PubliclyAccessible').orDefault(false).isFalse(),
        fix: 'Set PubliclyAccessible to false.',
        pass: [{ resources: one('AWS::Lightsail::Database', { PubliclyAccessible: false }) }],
        fail: [{ resources: one('AWS::Lightsail::Database', { PubliclyAccessible: true }) }],
        unknown: [{ ...ON, resources: one('AWS::Lightsail::Database', { PubliclyAccessible: { Ref: 'On' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
