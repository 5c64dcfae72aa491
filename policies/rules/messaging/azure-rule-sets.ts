/** The network rules of a broker stand beside it, with a switch of their own that the SDK opens. */
import type { ControlId } from '../../../controls';
import { anyOf, fail } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const SETS = ['azure-native:eventhub:NamespaceNetworkRuleSet', 'azure-native:servicebus:NamespaceNetworkRuleSet'] as const;
const set = (properties: object, type: string = SETS[0]) => ({ set: { type, properties: { namespaceName: 'events', ...properties } } });

export const AZURE_RULE_SETS = {
  'BCR-06': {
    azure: setting({
      on: 'azure-native:notificationhubs:Namespace',
      at: 'zoneRedundancy',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Disabled',
      severity: 'low',
      from: 'high',
      fix: "Set zoneRedundancy: 'Enabled' (the SDK writes Disabled), in a region with zones.",
    }),
  },
  'DID-05': {
    azure: rule({
      on: [...SETS],
      severity: 'medium',
      check: (one) => {
        const access = one.at('publicNetworkAccess');
        const decided = anyOf([access.isOneOf(['Disabled', 'SecuredByPerimeter']), one.at('defaultAction').orDefault('Allow').is('Deny')]);
        return decided.verdict === 'fail' ? fail(`${access.describe()}, and defaultAction is not Deny`, access) : decided;
      },
      fix: "Set publicNetworkAccess: 'Disabled' (the SDK writes Enabled on event hubs) and defaultAction: 'Deny'.",
      pass: [
        ...SETS.map((type) => ({ resources: set({ publicNetworkAccess: 'Disabled' }, type) })),
        { resources: set({ publicNetworkAccess: 'SecuredByPerimeter' }) },
        { resources: set({ publicNetworkAccess: 'Enabled', defaultAction: 'Deny' }) },
      ],
      fail: [{ resources: set({}) }, ...SETS.map((type) => ({ resources: set({ publicNetworkAccess: 'Enabled' }, type) }))],
      unknown: [{ resources: set({ publicNetworkAccess: { $unknown: 'config value' } }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
