/** Kubernetes and OpenShift clusters, and their node pools. */
import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion } from '../../facts/azure';
import { kubernetesEndedOn } from '../../facts/azure-runtimes';
import { anyOf, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const CLUSTER = 'azure-native:containerservice:ManagedCluster';
const POOL = 'azure-native:containerservice:AgentPool';
const OPENSHIFT = 'azure-native:redhatopenshift:OpenShiftCluster';
const ANYWHERE = /^(0\.0\.0\.0\/0|::\/0|\*)$/;

const isPrivate = (cluster: Resource): Outcome =>
  anyOf(
    [cluster.at('apiServerAccessProfile.enablePrivateCluster').isTrue(), cluster.at('publicNetworkAccess').is('Disabled')],
    'the API server has a public address: apiServerAccessProfile.enablePrivateCluster is not true',
  );

/** The API server is private, or only listed networks reach it. */
function refusesStrangers(cluster: Resource): Outcome {
  const ranges = cluster.at('apiServerAccessProfile.authorizedIPRanges');
  const listed = ranges.isSet();
  const open = ranges.items().find((range) => ANYWHERE.test(range.string ?? ''));
  return anyOf(
    [isPrivate(cluster), open ? open.asFailure() : listed],
    'the API server answers everybody: it is not private, and apiServerAccessProfile.authorizedIPRanges is not set',
  );
}

/** People are known by the directory. */
const isGoverned = (cluster: Resource): Outcome =>
  anyOf(
    [cluster.at('aadProfile.managed').isTrue(), cluster.at('aadProfile.serverAppID').isSet()],
    'aadProfile is not set: the cluster does not know the directory',
  );

function isSupported(version: ReturnType<Resource['at']>): Outcome {
  if (version.state === 'absent') return notApplicable('takes the newest version');
  if (version.string === undefined) return version.asUnknown();
  const ended = kubernetesEndedOn(version.string);
  return ended ? fail(`${version.describe()}, which has had no support since ${ended}`, version.path) : pass();
}

const cluster = (properties: object) => ({ cluster: { type: CLUSTER, properties } });
const pool = (properties: object) => ({ pool: { type: POOL, properties } });
const api = (apiServerAccessProfile: object) => cluster({ apiServerAccessProfile });

export const AZURE_CLUSTERS = {
  'DID-15': {
    azure: [
      rule({
        on: CLUSTER,
        check: refusesStrangers,
        fix: 'Use SecureKubernetesCluster, or set apiServerAccessProfile.enablePrivateCluster: true; otherwise list authorizedIPRanges.',
        pass: [
          { resources: api({ enablePrivateCluster: true }) },
          { resources: api({ authorizedIPRanges: ['203.0.113.0/24'] }) },
          { resources: cluster({ publicNetworkAccess: 'Disabled' }) },
        ],
        fail: [
          { resources: cluster({}) },
          { resources: api({ enablePrivateCluster: false, authorizedIPRanges: [] }) },
          { resources: api({ authorizedIPRanges: ['0.0.0.0/0'] }) },
        ],
        unknown: [{ resources: api({ enablePrivateCluster: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: CLUSTER,
        check: (one) => (refusesStrangers(one).verdict === 'fail' ? notApplicable('is open to everybody') : isPrivate(one)),
        severity: 'medium',
        from: 'moderate',
        fix: 'Set apiServerAccessProfile.enablePrivateCluster: true.',
        pass: [{ resources: api({ enablePrivateCluster: true }) }, { resources: cluster({ publicNetworkAccess: 'Disabled' }) }],
        fail: [{ resources: api({ authorizedIPRanges: ['203.0.113.0/24'] }) }],
        skip: [{ resources: cluster({}) }],
      }),
      setting({
        on: CLUSTER,
        at: 'enableRBAC',
        is: [true],
        not: false,
        unset: true,
        fix: 'Set enableRBAC: true; it cannot be added later.',
      }),
      rule({
        on: CLUSTER,
        check: isGoverned,
        severity: 'medium',
        fix: 'Set aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs }.',
        pass: [{ resources: cluster({ aadProfile: { managed: true } }) }, { resources: cluster({ aadProfile: { serverAppID: 'a' } }) }],
        fail: [{ resources: cluster({}) }, { resources: cluster({ aadProfile: { managed: false } }) }],
        unknown: [{ resources: cluster({ aadProfile: { managed: { $unknown: 'config value' } } }) }],
      }),
      setting({
        on: CLUSTER,
        at: 'disableLocalAccounts',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set disableLocalAccounts: true, so that no certificate makes an administrator.',
      }),
      setting({
        on: CLUSTER,
        at: 'apiServerAccessProfile.enablePrivateClusterPublicFQDN',
        is: [false],
        not: true,
        where: { at: 'apiServerAccessProfile.enablePrivateCluster', is: [true] },
        unset: true,
        severity: 'low',
        from: 'high',
        fix: 'Set apiServerAccessProfile.enablePrivateClusterPublicFQDN: false.',
      }),
      setting({
        on: OPENSHIFT,
        at: 'apiserverProfile.visibility',
        is: ['Private'],
        not: 'Public',
        unset: 'Public',
        severity: 'medium',
        fix: "Set apiserverProfile.visibility: 'Private'.",
      }),
    ],
  },
  'DID-12': {
    azure: [
      setting({
        on: CLUSTER,
        at: 'addonProfiles.kubeDashboard.enabled',
        is: [false],
        not: true,
        unset: false,
        severity: 'high',
        fix: 'Set addonProfiles.kubeDashboard.enabled: false.',
      }),
      setting({
        on: CLUSTER,
        at: 'apiServerAccessProfile.disableRunCommand',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'high',
        fix: 'Set apiServerAccessProfile.disableRunCommand: true, so that nobody administers a private cluster from outside.',
      }),
    ],
  },
  'MON-01': {
    azure: setting({
      on: CLUSTER,
      at: 'securityProfile.defender.securityMonitoring.enabled',
      is: [true],
      not: false,
      unset: false,
      severity: 'medium',
      from: 'moderate',
      fix: 'Set securityProfile.defender: { logAnalyticsWorkspaceResourceId, securityMonitoring: { enabled: true } }.',
    }),
  },
  'IDA-10': {
    azure: [
      rule({
        on: CLUSTER,
        check: (one) => {
          const type = one.at('identity.type');
          if (type.state !== 'absent') return type.matches(/Assigned/i);
          const client = one.at('servicePrincipalProfile.clientId');
          return client.is('msi').verdict === 'pass'
            ? pass()
            : fail('identity is not set: the cluster keeps the password of a service principal', 'identity');
        },
        severity: 'medium',
        fix: "Set identity: { type: 'SystemAssigned' } (or UserAssigned) and remove servicePrincipalProfile.",
        pass: [
          { resources: cluster({ identity: { type: 'SystemAssigned' } }) },
          { resources: cluster({ servicePrincipalProfile: { clientId: 'msi' } }) },
        ],
        fail: [
          { resources: cluster({}) },
          { resources: cluster({ servicePrincipalProfile: { clientId: 'a', secret: { $secret: true } } }) },
          { resources: cluster({ identity: { type: 'None' } }) },
        ],
      }),
      setting({
        on: CLUSTER,
        at: 'securityProfile.workloadIdentity.enabled',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'moderate',
        fix: 'Set securityProfile.workloadIdentity.enabled and oidcIssuerProfile.enabled: true, so that pods need no keys.',
      }),
    ],
  },
  'IDA-12': {
    azure: setting({
      on: CLUSTER,
      at: 'addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation',
      is: ['true'],
      not: 'false',
      where: { at: 'addonProfiles.azureKeyvaultSecretsProvider.enabled', is: [true] },
      severity: 'medium',
      fix: "Set addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation: 'true'.",
    }),
  },
  'VUL-05': {
    azure: setting({
      on: CLUSTER,
      at: 'autoUpgradeProfile.nodeOSUpgradeChannel',
      is: ['NodeImage', 'SecurityPatch', 'Unmanaged'],
      not: 'None',
      unset: 'NodeImage',
      severity: 'medium',
      fix: "Set autoUpgradeProfile.nodeOSUpgradeChannel: 'SecurityPatch' or 'NodeImage'.",
    }),
  },
  'VUL-10': {
    azure: [
      rule({
        on: [CLUSTER, POOL],
        check: (one) => isSupported(one.at(one.type === CLUSTER ? 'kubernetesVersion' : 'orchestratorVersion')),
        fix: 'Name a supported minor version, or leave it out and set autoUpgradeProfile.upgradeChannel.',
        pass: [{ resources: cluster({ kubernetesVersion: '1.34' }) }, { resources: pool({ orchestratorVersion: '1.34.1' }) }],
        fail: [{ resources: cluster({ kubernetesVersion: '1.25.6' }) }, { resources: pool({ orchestratorVersion: '1.7.7' }) }],
        unknown: [{ resources: cluster({ kubernetesVersion: { $unknown: 'config value' } }) }],
        skip: [{ resources: cluster({}) }],
      }),
      setting({
        on: CLUSTER,
        at: 'autoUpgradeProfile.upgradeChannel',
        is: ['patch', 'stable', 'rapid', 'node-image'],
        not: 'none',
        severity: 'low',
        fix: "Set autoUpgradeProfile.upgradeChannel: 'patch' or 'stable'.",
      }),
    ],
  },
  'DHC-10': {
    azure: rule({
      on: CLUSTER,
      check: isGuardedFromDeletion,
      severity: 'low',
      from: 'moderate',
      fix: 'Use SecureKubernetesCluster, set protect: true on the resource, or add a CanNotDelete lock.',
      pass: [{ resources: { cluster: { type: CLUSTER, properties: {}, options: { protect: true } } } }],
      fail: [{ resources: cluster({}) }],
    }),
  },
  'LOG-13': {
    azure: setting({
      on: CLUSTER,
      at: 'addonProfiles.omsagent.enabled',
      is: [true],
      not: false,
      severity: 'low',
      from: 'moderate',
      fix: 'Set addonProfiles.omsagent.enabled: true with logAnalyticsWorkspaceResourceID, or collect container logs by a data collection rule.',
    }),
  },
  'LPA-01': {
    azure: setting({
      on: CLUSTER,
      at: 'aadProfile.enableAzureRBAC',
      is: [true],
      not: false,
      unset: false,
      where: { at: 'aadProfile.managed', is: [true] },
      severity: 'low',
      from: 'moderate',
      fix: 'Set aadProfile.enableAzureRBAC: true, so that rights in the cluster are role assignments that are reviewed like others.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
