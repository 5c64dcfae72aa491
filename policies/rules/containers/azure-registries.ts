/** Container registries. */
import type { ControlId } from '../../../controls';
import {
  isClosedOrSelective,
  isClosedToNetworks,
  isGuardedFromDeletion,
  type NetworkShape,
  refusesUnlistedNetworks,
} from '../../facts/azure';
import { every, when } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const REGISTRY = 'azure-native:containerregistry:Registry';
const SCOPE_MAP = 'azure-native:containerregistry:ScopeMap';
const NETWORK: NetworkShape = { access: 'publicNetworkAccess', rules: 'networkRuleSet', range: 'iPAddressOrRange' };

const scope = (...actions: readonly string[]) => ({ map: { type: SCOPE_MAP, properties: { actions } } });

export const AZURE_REGISTRIES = {
  'LPA-14': {
    azure: [
      setting({
        on: REGISTRY,
        at: 'adminUserEnabled',
        is: [false],
        not: true,
        unset: false,
        fix: 'Use SecureRegistry, or set adminUserEnabled: false and give identities the role AcrPull or AcrPush.',
      }),
      setting({
        on: REGISTRY,
        at: 'anonymousPullEnabled',
        is: [false],
        not: true,
        unset: false,
        fix: 'Set anonymousPullEnabled: false.',
      }),
      setting({
        on: REGISTRY,
        at: 'policies.azureADAuthenticationAsArmPolicy.status',
        is: ['disabled'],
        not: 'enabled',
        unset: 'enabled',
        severity: 'low',
        from: 'high',
        fix: "Set policies.azureADAuthenticationAsArmPolicy.status: 'disabled', so that only tokens meant for the registry are taken.",
      }),
      rule({
        on: SCOPE_MAP,
        check: (map) => every(map.at('actions').items(), (action) => action.matches(/^[^*]+$/)),
        severity: 'medium',
        fix: 'Name the repositories in actions: repositories/<name>/content/read.',
        pass: [{ resources: scope('repositories/cases/content/read') }],
        fail: [{ resources: scope('repositories/*/content/read') }],
        unknown: [{ resources: scope({ $unknown: 'config value' } as unknown as string) }],
      }),
    ],
  },
  'DHC-05': {
    azure: rule({
      on: REGISTRY,
      check: (one) => isClosedOrSelective(one, NETWORK),
      severity: 'medium',
      fix: "Set publicNetworkAccess: 'Disabled' with a private endpoint, or networkRuleSet.defaultAction: 'Deny'; the SDK writes Enabled.",
      pass: [
        { resources: { one: { type: REGISTRY, properties: { publicNetworkAccess: 'Disabled' } } } },
        {
          resources: {
            one: {
              type: REGISTRY,
              properties: { networkRuleSet: { defaultAction: 'Deny', ipRules: [{ iPAddressOrRange: '203.0.113.0/24' }] } },
            },
          },
        },
      ],
      fail: [
        { resources: { one: { type: REGISTRY, properties: {} } } },
        {
          resources: {
            one: { type: REGISTRY, properties: { publicNetworkAccess: 'Enabled', networkRuleSet: { defaultAction: 'Allow' } } },
          },
        },
        {
          resources: {
            one: {
              type: REGISTRY,
              properties: { networkRuleSet: { defaultAction: 'Deny', ipRules: [{ iPAddressOrRange: '0.0.0.0/0' }] } },
            },
          },
        },
      ],
      unknown: [{ resources: { one: { type: REGISTRY, properties: { publicNetworkAccess: { $unknown: 'config value' } } } } }],
    }),
  },
  'DID-05': {
    azure: rule({
      on: REGISTRY,
      check: (one) => when(refusesUnlistedNetworks(one, NETWORK), () => isClosedToNetworks(one, NETWORK)),
      severity: 'low',
      from: 'moderate',
      fix: "Set publicNetworkAccess: 'Disabled' and let the listed networks in through private endpoints.",
      pass: [
        {
          resources: {
            one: { type: REGISTRY, properties: { publicNetworkAccess: 'Disabled', networkRuleSet: { defaultAction: 'Deny' } } },
          },
        },
      ],
      fail: [{ resources: { one: { type: REGISTRY, properties: { networkRuleSet: { defaultAction: 'Deny' } } } } }],
      skip: [{ name: 'open to everybody is another finding', resources: { one: { type: REGISTRY, properties: {} } } }],
    }),
  },
  'LPA-16': {
    azure: setting({
      on: REGISTRY,
      at: 'networkRuleBypassOptions',
      is: ['None'],
      not: 'AzureServices',
      unset: 'AzureServices',
      severity: 'low',
      from: 'high',
      fix: "Set networkRuleBypassOptions: 'None', so that services come through the private endpoint too; the SDK writes AzureServices.",
    }),
  },
  'EXP-01': {
    azure: setting({
      on: REGISTRY,
      at: 'policies.exportPolicy.status',
      is: ['disabled'],
      not: 'enabled',
      unset: 'enabled',
      severity: 'medium',
      from: 'moderate',
      fix: "Set policies.exportPolicy.status: 'disabled' and publicNetworkAccess: 'Disabled' (Premium).",
    }),
  },
  'SDC-14': {
    azure: [
      setting({
        on: REGISTRY,
        at: 'policies.quarantinePolicy.status',
        is: ['enabled'],
        not: 'disabled',
        unset: 'disabled',
        severity: 'low',
        from: 'high',
        fix: "Set policies.quarantinePolicy.status: 'enabled', so that images are pulled only after they were scanned; verify signatures by policy at the cluster.",
      }),
    ],
  },
  'ENC-02': {
    azure: [
      setting({
        on: REGISTRY,
        at: 'encryption.status',
        is: ['enabled'],
        not: 'disabled',
        unset: 'disabled',
        severity: 'medium',
        from: 'moderate',
        fix: "Set encryption: { status: 'enabled', keyVaultProperties } (Premium) with a key of the workload.",
      }),
    ],
  },
  'BCR-06': {
    azure: setting({
      on: REGISTRY,
      at: 'zoneRedundancy',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Disabled',
      where: { at: 'sku.name', is: ['Premium'] },
      severity: 'low',
      from: 'high',
      fix: "Set zoneRedundancy: 'Enabled'.",
    }),
  },
  'BCR-07': {
    azure: setting({
      on: REGISTRY,
      at: 'policies.softDeletePolicy.status',
      is: ['enabled'],
      not: 'disabled',
      unset: 'disabled',
      severity: 'low',
      from: 'high',
      fix: "Set policies.softDeletePolicy: { status: 'enabled', retentionDays }.",
    }),
  },
  'EXP-04': {
    azure: setting({
      on: REGISTRY,
      at: 'dataEndpointEnabled',
      is: [true],
      not: false,
      unset: false,
      where: { at: 'sku.name', is: ['Premium'] },
      severity: 'low',
      from: 'high',
      fix: 'Set dataEndpointEnabled: true, so that the firewall lets out to this registry only and not to all of blob storage.',
    }),
  },
  'DHC-10': {
    azure: rule({
      on: REGISTRY,
      check: isGuardedFromDeletion,
      severity: 'low',
      from: 'moderate',
      fix: 'Set protect: true on the resource, or add a CanNotDelete lock.',
      pass: [{ resources: { one: { type: REGISTRY, properties: {}, options: { protect: true } } } }],
      fail: [{ resources: { one: { type: REGISTRY, properties: {} } } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
