/** Builds, batch jobs, notebooks, models and clusters: unprivileged, inside the network, recorded. */
import type { ControlId } from '../../../controls';
import { allOf, every, type Outcome, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

import {
  CLUSTER,
  cluster,
  DOMAIN,
  JOBS,
  known,
  NOTEBOOK,
  ON,
  one,
  PROJECT,
  project,
  SECURITY,
  security,
  settingsOf,
} from './job-encryption';

const BATCH = 'AWS::Batch::JobDefinition';
const SERVERLESS = 'AWS::EMRServerless::Application';
const MODEL = 'AWS::SageMaker::Model';

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

const batch = (properties: object) => ({ resources: one(BATCH, { Type: 'container', ...properties }) });
const notebook = (properties: object) => ({ resources: one(NOTEBOOK, { InstanceType: 'ml.t3.medium', ...properties }) });

export const jobs = {
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
        // Building container images needs it, unless the build uses a builder that does without: advice.
        on: PROJECT,
        severity: 'low',
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
