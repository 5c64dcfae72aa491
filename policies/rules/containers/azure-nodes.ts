/** Nodes, networks and keys of Kubernetes clusters. */
import type { ControlId } from '../../../controls';
import { every, fail, not, notApplicable } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { present, setting } from '../setting';

const CLUSTER = 'azure-native:containerservice:ManagedCluster';
const POOL = 'azure-native:containerservice:AgentPool';
/** Pools of a cluster, or the pool itself. */
const poolsOf = (resource: Resource) => (resource.type === CLUSTER ? resource.at('agentPoolProfiles').items() : [resource.all]);

const cluster = (properties: object) => ({ cluster: { type: CLUSTER, properties } });
const pool = (properties: object) => ({ pool: { type: POOL, properties } });

export const AZURE_NODES = {
  'ENC-02': {
    azure: [
      present({
        on: CLUSTER,
        at: 'diskEncryptionSetID',
        like: '/diskEncryptionSets/e',
        else: 'diskEncryptionSetID is not set: Microsoft holds the key of the disks of nodes and volumes',
        severity: 'medium',
        from: 'moderate',
        fix: 'Set diskEncryptionSetID to a DiskEncryptionSet whose key is the workload’s.',
      }),
      setting({
        on: CLUSTER,
        at: 'securityProfile.azureKeyVaultKms.enabled',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        from: 'high',
        fix: "Set securityProfile.azureKeyVaultKms: { enabled: true, keyId, keyVaultNetworkAccess: 'Private', keyVaultResourceId }, so that secrets in etcd have a key of the workload.",
      }),
    ],
  },
  'ENC-07': {
    azure: setting({
      on: CLUSTER,
      at: 'securityProfile.azureKeyVaultKms.keyVaultNetworkAccess',
      is: ['Private'],
      not: 'Public',
      unset: 'Public',
      where: { at: 'securityProfile.azureKeyVaultKms.enabled', is: [true] },
      severity: 'medium',
      from: 'moderate',
      fix: "Set securityProfile.azureKeyVaultKms.keyVaultNetworkAccess: 'Private' with keyVaultResourceId; the SDK writes Public.",
    }),
  },
  'ENC-01': {
    azure: rule({
      on: [CLUSTER, POOL],
      check: (one) => {
        const pools = poolsOf(one);
        if (pools.length === 0) return notApplicable('has no pools of its own');
        return every(pools, (each) => each.at('enableEncryptionAtHost').orDefault(false).isTrue());
      },
      severity: 'medium',
      from: 'moderate',
      fix: 'Set enableEncryptionAtHost: true for each node pool: temporary disks and caches are in clear otherwise.',
      pass: [
        { resources: cluster({ agentPoolProfiles: [{ name: 'a', enableEncryptionAtHost: true }] }) },
        { resources: pool({ enableEncryptionAtHost: true }) },
      ],
      fail: [{ resources: cluster({ agentPoolProfiles: [{ name: 'a' }] }) }, { resources: pool({ enableEncryptionAtHost: false }) }],
      unknown: [{ resources: pool({ enableEncryptionAtHost: { $unknown: 'config value' } }) }],
      skip: [{ resources: cluster({}) }],
    }),
  },
  'DID-04': {
    azure: rule({
      on: [CLUSTER, POOL],
      check: (one) =>
        every(poolsOf(one), (each) =>
          not(
            each.at('enableNodePublicIP').orDefault(false).isTrue(),
            `${each.at('enableNodePublicIP').path} gives nodes public addresses`,
          ),
        ),
      fix: 'Set enableNodePublicIP: false.',
      pass: [
        { resources: { pool: { type: POOL, properties: {} } } },
        { resources: pool({ enableNodePublicIP: false }) },
        { resources: cluster({ agentPoolProfiles: [{ name: 'a', enableNodePublicIP: false }] }) },
      ],
      fail: [
        { resources: cluster({ agentPoolProfiles: [{ name: 'a', enableNodePublicIP: true }] }) },
        { resources: pool({ enableNodePublicIP: true }) },
      ],
    }),
  },
  'DID-22': {
    azure: rule({
      on: [CLUSTER, POOL],
      check: (one) => {
        const pools = poolsOf(one);
        if (pools.length === 0) return notApplicable('has no pools of its own');
        return every(pools, (each) => {
          const subnet = each.at('vnetSubnetID').isSet();
          return subnet.verdict === 'fail'
            ? fail(`${each.at('vnetSubnetID').path} is not set: nodes stand in a network that the service makes`, each.path)
            : subnet;
        });
      },
      severity: 'medium',
      from: 'moderate',
      fix: 'Set vnetSubnetID of each node pool to a subnet of the workload.',
      pass: [
        { resources: cluster({ agentPoolProfiles: [{ name: 'a', vnetSubnetID: '/subnets/a' }] }) },
        { resources: pool({ vnetSubnetID: '/subnets/a' }) },
      ],
      fail: [{ resources: cluster({ agentPoolProfiles: [{ name: 'a' }] }) }, { resources: pool({}) }],
      skip: [{ resources: cluster({}) }],
    }),
  },
  'DID-23': {
    azure: setting({
      on: CLUSTER,
      at: 'networkProfile.networkPolicy',
      is: ['azure', 'calico', 'cilium'],
      not: 'none',
      severity: 'medium',
      fix: "Set networkProfile.networkPolicy: 'cilium' (or azure, calico), so that pods accept only named peers.",
    }),
  },
  'EXP-05': {
    azure: setting({
      on: CLUSTER,
      at: 'networkProfile.outboundType',
      is: ['userDefinedRouting', 'none', 'block', 'userAssignedNATGateway'],
      not: 'loadBalancer',
      unset: 'loadBalancer',
      severity: 'low',
      from: 'moderate',
      fix: "Set networkProfile.outboundType: 'userDefinedRouting' and route egress through the firewall.",
    }),
  },
  'DID-14': {
    azure: [
      setting({
        on: CLUSTER,
        at: 'addonProfiles.azurepolicy.enabled',
        is: [true],
        not: false,
        read: (one, path) => (one.at(path).state === 'absent' ? one.at('addonProfiles.azurePolicy.enabled') : one.at(path)),
        severity: 'medium',
        from: 'moderate',
        fix: 'Set addonProfiles.azurepolicy.enabled: true and assign the pod security baseline.',
      }),
      setting({
        on: CLUSTER,
        at: 'podIdentityProfile.allowNetworkPluginKubenet',
        is: [false],
        not: true,
        unset: false,
        severity: 'medium',
        fix: 'Leave podIdentityProfile.allowNetworkPluginKubenet false: with kubenet pods can take the identity of others.',
      }),
    ],
  },
  'DID-07': {
    azure: setting({
      on: CLUSTER,
      at: 'addonProfiles.httpApplicationRouting.enabled',
      is: [false],
      not: true,
      unset: false,
      severity: 'medium',
      fix: 'Set addonProfiles.httpApplicationRouting.enabled: false; it publishes services past every firewall and is retired.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
