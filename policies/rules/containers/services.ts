/** ECS services and clusters: where tasks run, who can open a shell in them, and how they talk to each other. */
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type RuleContext, rule } from '../../rule';
import type { Value } from '../../value';
import { TASK } from './tasks';

const SERVICE = 'AWS::ECS::Service';
const TASK_SET = 'AWS::ECS::TaskSet';
const CLUSTER = 'AWS::ECS::Cluster';

/** Where each starter of tasks says how they are connected; `[]` stands for every entry of a list. */
const PUBLIC_ADDRESS: Readonly<Record<string, string>> = {
  [SERVICE]: 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
  [TASK_SET]: 'NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp',
  'AWS::Events::Rule': 'Targets[].EcsParameters.NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp',
  'AWS::Scheduler::Schedule': 'Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
  'AWS::Pipes::Pipe': 'TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
};

function addressesOf(starter: Resource): readonly Value[] {
  const [first = '', rest] = (PUBLIC_ADDRESS[starter.type] ?? '').split('[].');
  const found =
    rest === undefined
      ? [starter.at(first)]
      : starter
          .at(first)
          .items()
          .map((item) => item.at(rest));
  const runsTasks = (value: Value) => starter.type === SERVICE || starter.type === TASK_SET || value.state !== 'absent';
  return found.filter(runsTasks);
}

function haveNoPublicAddress(starter: Resource): Outcome {
  const addresses = addressesOf(starter);
  if (addresses.length === 0) return notApplicable('starts no task in a network of its own');
  return every(addresses, (address) => address.orDefault('DISABLED').is('DISABLED'));
}

/** The session is recorded: not switched off at the cluster, and at the high tier encrypted with a key of one's own. */
function recordsShells(service: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  return when(service.at('EnableExecuteCommand').isTrue(), () => {
    const cluster = graph.target(service.at('Cluster'), CLUSTER);
    if (!cluster) return notApplicable('its cluster is not in the input');
    const command = cluster.at('Configuration.ExecuteCommandConfiguration');
    return allOf(
      not(
        command.at('Logging').is('NONE'),
        `shells in the tasks are not recorded: ${command.at('Logging').describe()} in ${cluster.logicalId}`,
      ),
      tier === 'high' ? named(isOwnKey(command.at('KmsKeyId')), cluster) : pass(),
    );
  });
}

const named = (outcome: Outcome, cluster: Resource): Outcome =>
  outcome.verdict === 'fail'
    ? fail(`${outcome.saw} in ${cluster.logicalId}: shells in the tasks are not encrypted with a key of your own`)
    : outcome;

const RETIRED = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];

function runsCurrentPlatform(service: Resource, graph: Graph): Outcome {
  const platform = service.at('PlatformVersion');
  if (platform.state === 'absent') return notApplicable('takes the latest platform version');
  const definition = graph.target(service.at('TaskDefinition'), TASK);
  if (definition?.at('RuntimePlatform.OperatingSystemFamily').matches(/^WINDOWS/).verdict === 'pass')
    return notApplicable('runs Windows, whose only platform version is 1.0.0');
  return platform.isNoneOf(RETIRED);
}

function connectsByTls(service: Resource): Outcome {
  const connect = service.at('ServiceConnectConfiguration');
  return when(connect.at('Enabled').isTrue(), () => {
    const offered = connect.at('Services').items();
    if (offered.length === 0) return notApplicable('offers no service to others');
    return every(offered, (one) => one.at('Tls.IssuerCertificateAuthority.AwsPcaAuthorityArn').isSet());
  });
}

const volumesOf = (service: Resource): readonly Value[] =>
  service
    .at('VolumeConfigurations')
    .items()
    .map((volume) => volume.at('ManagedEBSVolume'))
    .filter(({ state }) => state !== 'absent');

function onVolumes(service: Resource, check: (volume: Value) => Outcome): Outcome {
  const volumes = volumesOf(service);
  return volumes.length === 0 ? notApplicable('has no volumes of its own') : every(volumes, check);
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const service = (Properties: object): Example['resources'] => ({ Service: { Type: SERVICE, Properties } });
const cluster = (Properties: object): Example['resources'] => ({ Cluster: { Type: CLUSTER, Properties } });
const addressed = (AssignPublicIp: unknown) => service({ NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp } } });
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const shell = (command: object, enabled: unknown = true) => ({
  ...service({ EnableExecuteCommand: enabled, Cluster: { Ref: 'Cluster' } }),
  ...cluster({ Configuration: { ExecuteCommandConfiguration: command } }),
});
const connect = (...Services: readonly object[]) => service({ ServiceConnectConfiguration: { Enabled: true, Services } });
const TLS = {
  Tls: { IssuerCertificateAuthority: { AwsPcaAuthorityArn: 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/ca' } },
};
const ebs = (ManagedEBSVolume: object) => service({ VolumeConfigurations: [{ Name: 'data', ManagedEBSVolume }] });
const insights = (Value: unknown) => cluster({ ClusterSettings: [{ Name: 'containerInsights', Value }] });
const rulesTarget = (AssignPublicIp: string) => ({
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { Targets: [{ EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: { AssignPublicIp } } } }] },
  },
});

export const tasksStayInside = rule({
  on: Object.keys(PUBLIC_ADDRESS),
  check: haveNoPublicAddress,
  fix: 'Use SecureFargateService, or set AssignPublicIp: DISABLED and reach images and services through private endpoints.',
  pass: [{ resources: addressed('DISABLED') }, { resources: service({}) }, { resources: rulesTarget('DISABLED') }],
  fail: [
    { resources: addressed('ENABLED') },
    { resources: rulesTarget('ENABLED') },
    {
      resources: {
        Tasks: { Type: TASK_SET, Properties: { NetworkConfiguration: { AwsVpcConfiguration: { AssignPublicIp: 'ENABLED' } } } },
      },
    },
    {
      resources: {
        Nightly: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: { Target: { EcsParameters: { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } } } },
        },
      },
    },
    {
      resources: {
        Pipe: {
          Type: 'AWS::Pipes::Pipe',
          Properties: {
            TargetParameters: { EcsTaskParameters: { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } } },
          },
        },
      },
    },
  ],
  unknown: [{ parameters: parameter, resources: addressed(VALUE) }],
  skip: [
    { resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'arn:aws:sns:eu-west-1:111122223333:t' }] } } } },
  ],
});

export const shellsAreRecorded = rule({
  on: SERVICE,
  severity: 'medium',
  from: 'moderate',
  check: recordsShells,
  fix: 'Use SecureCluster, or set ExecuteCommandConfiguration of the cluster to Logging OVERRIDE with a LogConfiguration and KmsKeyId; or leave EnableExecuteCommand out.',
  pass: [
    { resources: shell({ Logging: 'OVERRIDE', KmsKeyId: KEY }) },
    { name: 'by the log driver of the container', tier: 'moderate', resources: shell({}) },
  ],
  fail: [
    { tier: 'moderate', resources: shell({ Logging: 'NONE' }) },
    { name: 'without a key', resources: shell({ Logging: 'OVERRIDE' }) },
  ],
  unknown: [{ parameters: parameter, resources: shell({ Logging: VALUE, KmsKeyId: KEY }) }],
  skip: [{ resources: shell({ Logging: 'NONE' }, false) }, { resources: service({ EnableExecuteCommand: true }) }],
});

export const platformIsCurrent = rule({
  on: SERVICE,
  severity: 'medium',
  check: runsCurrentPlatform,
  fix: 'Set PlatformVersion to LATEST or 1.4.0, or leave it out.',
  pass: [{ resources: service({ PlatformVersion: 'LATEST' }) }, { resources: service({ PlatformVersion: '1.4.0' }) }],
  fail: [{ resources: service({ PlatformVersion: '1.3.0' }) }],
  unknown: [{ parameters: parameter, resources: service({ PlatformVersion: VALUE }) }],
  skip: [
    { resources: service({}) },
    {
      resources: {
        ...service({ PlatformVersion: '1.0.0', TaskDefinition: { Ref: 'Task' } }),
        Task: { Type: TASK, Properties: { RuntimePlatform: { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } } },
      },
    },
  ],
});

export const servicesProveThemselves = rule({
  on: SERVICE,
  from: 'high',
  check: connectsByTls,
  fix: 'Set Tls with an IssuerCertificateAuthority on every entry of ServiceConnectConfiguration.Services.',
  pass: [{ resources: connect(TLS) }],
  fail: [{ resources: connect({ PortName: 'http' }) }],
  unknown: [
    { parameters: parameter, resources: service({ ServiceConnectConfiguration: { Enabled: VALUE, Services: [{ PortName: 'http' }] } }) },
  ],
  skip: [{ resources: service({}) }, { resources: connect() }],
});

export const volumesAreEncrypted = rule({
  on: SERVICE,
  check: (resource) => onVolumes(resource, (volume) => volume.at('Encrypted').isTrue()),
  fix: 'Set ManagedEBSVolume.Encrypted: true.',
  pass: [{ resources: ebs({ Encrypted: true }) }],
  fail: [{ resources: ebs({ SizeInGiB: 20 }) }, { resources: ebs({ Encrypted: false }) }],
  unknown: [{ parameters: parameter, resources: ebs({ Encrypted: VALUE }) }],
  skip: [{ resources: service({}) }],
});

export const storageHasOwnKey = [
  rule({
    on: SERVICE,
    check: (resource) => onVolumes(resource, (volume) => isOwnKey(volume.at('KmsKeyId'))),
    fix: 'Set ManagedEBSVolume.KmsKeyId to a key of your own.',
    pass: [{ resources: ebs({ KmsKeyId: KEY }) }],
    fail: [{ resources: ebs({}) }, { resources: ebs({ KmsKeyId: 'alias/aws/ebs' }) }],
    unknown: [{ parameters: parameter, resources: ebs({ KmsKeyId: VALUE }) }],
    skip: [{ resources: service({}) }],
  }),
  rule({
    // What a task writes beside its volumes is gone with it, and encrypted with a key of the provider in any case.
    on: CLUSTER,
    severity: 'low',
    from: 'high',
    check: (resource) => isOwnKey(resource.at('Configuration.ManagedStorageConfiguration.FargateEphemeralStorageKmsKeyId')),
    fix: 'Use SecureCluster, or set Configuration.ManagedStorageConfiguration.FargateEphemeralStorageKmsKeyId.',
    pass: [{ resources: cluster({ Configuration: { ManagedStorageConfiguration: { FargateEphemeralStorageKmsKeyId: 'key-id' } } }) }],
    fail: [{ resources: cluster({}) }],
    unknown: [
      {
        parameters: parameter,
        resources: cluster({ Configuration: { ManagedStorageConfiguration: { FargateEphemeralStorageKmsKeyId: VALUE } } }),
      },
    ],
  }),
];

export const clustersAreObserved = rule({
  on: CLUSTER,
  check: (resource) =>
    some(
      resource.at('ClusterSettings').items(),
      (entry) => allOf(entry.at('Name').is('containerInsights'), entry.at('Value').isOneOf(['enabled', 'enhanced'])),
      'ClusterSettings does not switch on containerInsights',
    ),
  fix: "Use SecureCluster, or set ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }].",
  pass: [{ resources: insights('enabled') }, { resources: insights('enhanced') }],
  fail: [{ resources: cluster({}) }, { resources: insights('disabled') }],
  unknown: [{ parameters: parameter, resources: insights(VALUE) }],
});

export const noFaultsInjected = rule({
  on: TASK,
  severity: 'low',
  check: (resource) =>
    not(resource.at('EnableFaultInjection').isTrue(), 'EnableFaultInjection lets requests to the task agent break the task'),
  fix: 'Remove EnableFaultInjection outside of tests.',
  pass: [{ resources: { Task: { Type: TASK, Properties: { EnableFaultInjection: false } } } }],
  fail: [{ resources: { Task: { Type: TASK, Properties: { EnableFaultInjection: true } } } }],
  unknown: [{ parameters: parameter, resources: { Task: { Type: TASK, Properties: { EnableFaultInjection: VALUE } } } }],
});
