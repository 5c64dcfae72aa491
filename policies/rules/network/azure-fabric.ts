/** Access lists of networks that Azure manages on the operator's own hardware. */
import type { ControlId } from '../../../controls';
import type { PerCloud } from '../../rule';
import { setting } from '../setting';

export const azureFabric = {
  'DID-23': {
    azure: setting({
      on: 'azure-native:managednetworkfabric:AccessControlList',
      at: 'defaultAction',
      is: ['Deny'],
      not: 'Permit',
      unset: 'Permit',
      fix: "Set defaultAction: 'Deny' (the SDK writes Permit), and name in matchConfigurations what may pass.",
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
