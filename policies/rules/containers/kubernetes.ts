/** Kubernetes: the control plane, who governs it, and its nodes. */
import { isOwnKey } from '../../facts/keys';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';
import type { Value } from '../../value';

const CLUSTER = 'AWS::EKS::Cluster';
/** The first `eks.Cluster` of the CDK makes its cluster through a function, which takes the same settings in its own words. */
const CDK_CLUSTER = 'Custom::AWSCDK-EKS-Cluster';
const CLUSTERS = [CLUSTER, CDK_CLUSTER] as const;
const NODES = 'AWS::EKS::Nodegroup';

/** A setting of the cluster, written `ResourcesVpcConfig.EndpointPublicAccess` whichever type holds it. */
function setting(cluster: Resource, path: string): Value {
  if (cluster.type === CLUSTER) return cluster.at(path);
  return cluster.at(`Config.${path.replace(/(^|\.)([A-Z])/g, (_, dot: string, letter: string) => dot + letter.toLowerCase())}`);
}

const isPublic = (cluster: Resource): Outcome => setting(cluster, 'ResourcesVpcConfig.EndpointPublicAccess').orDefault(true).isTrue();

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** The public endpoint answers the whole internet, unless ranges are named. */
function answersEverybody(cluster: Resource): Outcome {
  const ranges = setting(cluster, 'ResourcesVpcConfig.PublicAccessCidrs');
  if (ranges.isSet().verdict === 'fail') return pass();
  return some(ranges.items(), (range) => range.isOneOf(EVERYWHERE), 'names its ranges');
}

const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** The kinds of records that are switched on; a list that is not known holds an unknown. */
function recordedTypes(cluster: Resource): readonly Value[] {
  if (cluster.type === CLUSTER)
    return cluster
      .at('Logging.ClusterLogging.EnabledTypes')
      .items()
      .map((entry) => entry.at('Type'));
  return cluster
    .at('Config.logging.clusterLogging')
    .items()
    .flatMap((entry) => (entry.at('enabled').isTrue().verdict === 'fail' ? [] : entry.at('types').items()));
}

const recordsEverything = (cluster: Resource): Outcome =>
  every(LOG_TYPES, (type) => some(recordedTypes(cluster), (recorded) => recorded.is(type), `records of type ${type} are not on`));

const encryptsSecrets = (cluster: Resource): Outcome =>
  some(
    setting(cluster, 'EncryptionConfig').items(),
    (entry) => {
      const [resources, key] = cluster.type === CLUSTER ? ['Resources', 'Provider.KeyArn'] : ['resources', 'provider.keyArn'];
      return allOf(
        // The list is going out of use: without it the key encrypts everything.
        entry.at(resources as string).state === 'absent'
          ? pass()
          : some(entry.at(resources as string).items(), (resource) => resource.is('secrets'), 'names no secrets'),
        isOwnKey(entry.at(key as string)),
      );
    },
    'EncryptionConfig names no key for secrets',
    setting(cluster, 'EncryptionConfig').path,
  );

/**
 * The oldest minor version in extended support and in standard support, by the release calendar of EKS: 1.30 left extended
 * support on 23 July 2026, 1.33 left standard support on 29 July 2026.
 */
const OLDEST = { extended: 31, standard: 34 } as const;

function isAtLeastMinor(version: Value, oldest: number): Outcome {
  if (version.state === 'absent') return notApplicable('takes the version that the service offers first');
  const minor = /^1\.(\d+)/.exec(version.string ?? '')?.[1];
  if (minor === undefined) return version.state === 'known' ? version.asFailure() : version.asUnknown();
  // Unquoted in YAML, 1.30 is the number 1.3; EKS began with 1.10.
  const number = minor.length === 1 ? Number(minor) * 10 : Number(minor);
  return number >= oldest ? pass() : version.asFailure();
}

const versionOf = (resource: Resource): Value => (resource.type === NODES ? resource.at('Version') : setting(resource, 'Version'));

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const cluster = (Properties: object): Example['resources'] => ({ Cluster: { Type: CLUSTER, Properties } });
const ofCdk = (Config: object): Example['resources'] => ({ Cluster: { Type: CDK_CLUSTER, Properties: { Config } } });
const reached = (ResourcesVpcConfig: object) => cluster({ ResourcesVpcConfig });
const nodes = (Properties: object): Example['resources'] => ({ Nodes: { Type: NODES, Properties } });
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const recording = (...types: readonly unknown[]) =>
  cluster({ Logging: { ClusterLogging: { EnabledTypes: types.map((Type) => ({ Type })) } } });
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';

export const controlPlanes = [
  rule({
    on: CLUSTERS,
    check: (resource) =>
      not(
        allOf(isPublic(resource), answersEverybody(resource)),
        'the public endpoint answers the whole internet: PublicAccessCidrs names no ranges',
      ),
    fix: 'Use SecureKubernetesCluster, or set EndpointPublicAccess: false and EndpointPrivateAccess: true (at least name PublicAccessCidrs).',
    pass: [
      { resources: reached({ EndpointPublicAccess: false, EndpointPrivateAccess: true }) },
      { resources: reached({ EndpointPublicAccess: true, PublicAccessCidrs: ['203.0.113.0/24'] }) },
      { resources: ofCdk({ resourcesVpcConfig: { endpointPublicAccess: false } }) },
      { resources: ofCdk({ resourcesVpcConfig: { publicAccessCidrs: ['203.0.113.0/24'] } }) },
    ],
    fail: [
      { resources: reached({}) },
      { resources: reached({ EndpointPublicAccess: 'true', PublicAccessCidrs: ['203.0.113.0/24', '0.0.0.0/0'] }) },
      { resources: ofCdk({ resourcesVpcConfig: { endpointPublicAccess: true } }) },
    ],
    unknown: [
      { parameters: parameter, resources: reached({ EndpointPublicAccess: VALUE }) },
      { parameters: parameter, resources: reached({ PublicAccessCidrs: [VALUE] }) },
    ],
  }),
  rule({
    on: CLUSTERS,
    severity: 'medium',
    check: (resource) =>
      when(not(allOf(isPublic(resource), answersEverybody(resource)), 'answers the whole internet, which is a finding of its own'), () =>
        allOf(
          not(isPublic(resource), 'the endpoint is public, though for named ranges only'),
          setting(resource, 'ResourcesVpcConfig.EndpointPrivateAccess').orDefault(false).isTrue(),
        ),
      ),
    fix: 'Use SecureKubernetesCluster, or set EndpointPublicAccess: false and EndpointPrivateAccess: true, and administer from within the network.',
    pass: [
      { resources: reached({ EndpointPublicAccess: false, EndpointPrivateAccess: true }) },
      { resources: ofCdk({ resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } }) },
    ],
    fail: [
      { resources: reached({ EndpointPublicAccess: true, EndpointPrivateAccess: true, PublicAccessCidrs: ['203.0.113.0/24'] }) },
      { resources: reached({ EndpointPublicAccess: false, EndpointPrivateAccess: false }) },
      { resources: ofCdk({ resourcesVpcConfig: { publicAccessCidrs: ['203.0.113.0/24'] } }) },
    ],
    unknown: [{ parameters: parameter, resources: reached({ EndpointPublicAccess: false, EndpointPrivateAccess: VALUE }) }],
    skip: [{ resources: reached({}) }],
  }),
  rule({
    on: CLUSTERS,
    severity: 'medium',
    check: recordsEverything,
    fix: `Use SecureKubernetesCluster, or switch on every type of Logging.ClusterLogging.EnabledTypes: ${LOG_TYPES.join(', ')}.`,
    pass: [
      { resources: recording(...LOG_TYPES) },
      { resources: ofCdk({ logging: { clusterLogging: [{ enabled: true, types: LOG_TYPES }] } }) },
    ],
    fail: [
      { resources: cluster({}) },
      { resources: recording('api', 'authenticator') },
      { resources: ofCdk({ logging: { clusterLogging: [{ enabled: false, types: LOG_TYPES }] } }) },
    ],
    unknown: [{ parameters: parameter, resources: recording('api', 'audit', 'authenticator', 'scheduler', VALUE) }],
  }),
  rule({
    on: CLUSTERS,
    check: encryptsSecrets,
    fix: "Use SecureKubernetesCluster, or set EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn } }] with a key of your own.",
    pass: [
      { resources: cluster({ EncryptionConfig: [{ Resources: ['secrets'], Provider: { KeyArn: KEY } }] }) },
      { resources: ofCdk({ encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: KEY } }] }) },
      { name: 'everything', resources: cluster({ EncryptionConfig: [{ Provider: { KeyArn: KEY } }] }) },
    ],
    fail: [
      { resources: cluster({}) },
      { resources: cluster({ EncryptionConfig: [{ Resources: ['secrets'], Provider: {} }] }) },
      { resources: cluster({ EncryptionConfig: [{ Resources: ['other'], Provider: { KeyArn: KEY } }] }) },
    ],
    unknown: [{ parameters: parameter, resources: cluster({ EncryptionConfig: [{ Resources: [VALUE], Provider: { KeyArn: KEY } }] }) }],
  }),
  rule({
    on: CLUSTERS,
    severity: 'low',
    check: (resource) =>
      allOf(
        setting(resource, 'AccessConfig.AuthenticationMode').orDefault('CONFIG_MAP').is('API'),
        setting(resource, 'AccessConfig.BootstrapClusterCreatorAdminPermissions').orDefault(true).isFalse(),
      ),
    fix: 'Use SecureKubernetesCluster, or set AccessConfig to AuthenticationMode API and BootstrapClusterCreatorAdminPermissions false, and name the administrators in access entries.',
    pass: [
      { resources: cluster({ AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false } }) },
      { resources: ofCdk({ accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false } }) },
    ],
    fail: [
      { name: 'who has access stands in a config map of the cluster', resources: cluster({}) },
      { resources: cluster({ AccessConfig: { AuthenticationMode: 'API' } }) },
      {
        resources: cluster({ AccessConfig: { AuthenticationMode: 'API_AND_CONFIG_MAP', BootstrapClusterCreatorAdminPermissions: false } }),
      },
    ],
    unknown: [
      {
        parameters: parameter,
        resources: cluster({ AccessConfig: { AuthenticationMode: VALUE, BootstrapClusterCreatorAdminPermissions: false } }),
      },
    ],
  }),
];

export const kubernetesVersions = [
  rule({
    on: [...CLUSTERS, NODES],
    check: (resource) => isAtLeastMinor(versionOf(resource), OLDEST.extended),
    fix: `Set Version to 1.${OLDEST.standard} or later.`,
    pass: [
      { resources: cluster({ Version: '1.34' }) },
      { resources: ofCdk({ version: '1.34' }) },
      { resources: nodes({ Version: '1.31' }) },
    ],
    fail: [
      { resources: cluster({ Version: '1.21' }) },
      { name: 'unquoted in YAML', resources: cluster({ Version: 1.3 }) },
      { resources: ofCdk({ version: '1.27' }) },
      { resources: nodes({ Version: '1.24' }) },
    ],
    unknown: [{ parameters: parameter, resources: cluster({ Version: VALUE }) }],
    skip: [{ resources: cluster({}) }],
  }),
  rule({
    on: [...CLUSTERS, NODES],
    severity: 'low',
    check: (resource) =>
      when(isAtLeastMinor(versionOf(resource), OLDEST.extended), () => {
        const standard = isAtLeastMinor(versionOf(resource), OLDEST.standard);
        return standard.verdict === 'fail' ? fail(`${versionOf(resource).describe()}, which is in extended support only`) : standard;
      }),
    fix: `Upgrade to 1.${OLDEST.standard} or later before extended support ends.`,
    pass: [{ resources: cluster({ Version: '1.34' }) }],
    fail: [{ resources: cluster({ Version: '1.32' }) }, { resources: nodes({ Version: '1.31' }) }],
    unknown: [{ parameters: parameter, resources: cluster({ Version: VALUE }) }],
    skip: [{ resources: cluster({ Version: '1.21' }) }],
  }),
  rule({
    on: NODES,
    severity: 'medium',
    check: (resource) => {
      const image = resource.at('AmiType');
      return image.state === 'absent'
        ? notApplicable('takes the image that the service offers first')
        : not(image.matches(/^AL2_/), `${image.describe()}: images of Amazon Linux 2 have had no updates since November 2025`);
    },
    fix: 'Set AmiType to AL2023_x86_64_STANDARD, AL2023_ARM_64_STANDARD or a Bottlerocket image.',
    pass: [{ resources: nodes({ AmiType: 'BOTTLEROCKET_x86_64' }) }],
    fail: [{ resources: nodes({ AmiType: 'AL2_x86_64' }) }],
    unknown: [{ parameters: parameter, resources: nodes({ AmiType: VALUE }) }],
    skip: [{ resources: nodes({}) }],
  }),
];

export const nodesTakeNoShell = rule({
  on: NODES,
  check: (resource) => {
    const access = resource.at('RemoteAccess');
    if (access.state === 'unknown') return unknown(access.describe(), access.path);
    if (access.state === 'absent') return pass();
    return access.at('SourceSecurityGroups').isSet().verdict === 'fail'
      ? fail('RemoteAccess opens port 22 of the nodes to the whole internet: SourceSecurityGroups is not set', 'RemoteAccess')
      : fail('RemoteAccess opens port 22 of the nodes, and gives them a key pair', 'RemoteAccess');
  },
  fix: 'Remove RemoteAccess; open shells on nodes through Session Manager.',
  pass: [{ resources: nodes({ NodeRole: 'arn:aws:iam::111122223333:role/nodes' }) }],
  fail: [
    { resources: nodes({ RemoteAccess: { Ec2SshKey: 'key' } }) },
    { resources: nodes({ RemoteAccess: { Ec2SshKey: 'key', SourceSecurityGroups: ['sg-1'] } }) },
  ],
});

const ENTRY = 'AWS::EKS::AccessEntry';
const grant = (PolicyArn: unknown, Type: unknown) => ({ PolicyArn, AccessScope: { Type } });
const entry = (...AccessPolicies: readonly object[]): Example['resources'] => ({ Entry: { Type: ENTRY, Properties: { AccessPolicies } } });
const ADMIN = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';

export const entriesAreNarrow = rule({
  on: ENTRY,
  // Somebody has to administer a cluster: who does is worth a look, not a refusal.
  severity: 'low',
  from: 'moderate',
  check: (resource) =>
    every(resource.at('AccessPolicies').items(), (policy) =>
      not(
        allOf(
          policy.at('PolicyArn').matches(/AmazonEKSClusterAdminPolicy$/),
          not(policy.at('AccessScope.Type').is('namespace'), 'is for namespaces'),
        ),
        `${policy.path} makes the principal administrator of the whole cluster`,
      ),
    ),
  fix: 'Grant AmazonEKSAdminPolicy or AmazonEKSEditPolicy on the namespaces that the principal needs (AccessScope Type namespace).',
  pass: [{ resources: entry(grant(ADMIN, 'namespace'), grant(ADMIN.replace('ClusterAdmin', 'View'), 'cluster')) }],
  fail: [{ resources: entry(grant(ADMIN, 'cluster')) }],
  unknown: [{ parameters: parameter, resources: entry(grant(VALUE, 'cluster')) }],
});

const ADDON = 'AWS::EKS::Addon';
const addon = (AddonName: string, ConfigurationValues?: unknown): Example['resources'] => ({
  Addon: { Type: ADDON, Properties: { AddonName, ...(ConfigurationValues === undefined ? {} : { ConfigurationValues }) } },
});

export const podsAreSeparated = rule({
  on: ADDON,
  severity: 'low',
  from: 'high',
  check: (resource) => {
    if (resource.at('AddonName').is('vpc-cni').verdict === 'fail') return notApplicable('does not connect pods');
    const values = resource.at('ConfigurationValues');
    if (values.state === 'unknown') return values.asUnknown();
    return anyOf([values.json().at('enableNetworkPolicy').isTrue()], 'ConfigurationValues does not say enableNetworkPolicy: "true"');
  },
  fix: 'Set ConfigurationValues to {"enableNetworkPolicy":"true"}, so that the network policies of the cluster are enforced.',
  pass: [{ resources: addon('vpc-cni', '{"enableNetworkPolicy":"true"}') }],
  fail: [{ resources: addon('vpc-cni') }, { resources: addon('vpc-cni', '{"enableNetworkPolicy":"false"}') }],
  unknown: [{ parameters: parameter, resources: addon('vpc-cni', VALUE) }],
  skip: [{ resources: addon('coredns') }],
});

export const clustersSurvive = rule({
  on: CLUSTER,
  severity: 'low',
  from: 'moderate',
  check: (resource) => resource.at('DeletionProtection').isTrue(),
  fix: 'Use SecureKubernetesCluster, or set DeletionProtection: true.',
  pass: [{ resources: cluster({ DeletionProtection: true }) }],
  fail: [{ resources: cluster({}) }, { resources: cluster({ DeletionProtection: false }) }],
  unknown: [{ parameters: parameter, resources: cluster({ DeletionProtection: VALUE }) }],
});
