/** What takes alerts knows that they come from Azure Monitor. */
import type { ControlId } from '../../../controls';
import type { PerCloud } from '../../rule';
import { setting } from '../setting';

export const AZURE_WEBHOOKS = {
  'TLS-07': {
    azure: setting({
      on: 'azure-native:monitor:ActionGroup',
      at: 'webhookReceivers[].useAadAuth',
      is: [true],
      not: false,
      unset: false,
      severity: 'low',
      fix: 'Set useAadAuth: true with objectId, identifierUri and tenantId: whoever knows the address can raise or bury alerts otherwise.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
