/** Where clusters fetch from what they run, and what registries outside Azure write down. */
import type { ControlId } from '../../../controls';
import type { PerCloud } from '../../rule';
import { setting } from '../setting';

export const AZURE_SOURCES = {
  'SDC-14': {
    azure: setting({
      on: 'azure-native:kubernetesconfiguration:FluxConfiguration',
      at: 'bucket.insecure',
      is: [false],
      not: true,
      unset: true,
      where: { at: 'sourceKind', is: ['Bucket'], unset: 'GitRepository' },
      fix: 'Set bucket.insecure: false (the SDK writes true): whoever is on the way can change what the cluster runs otherwise.',
    }),
  },
  'LOG-13': {
    azure: setting({
      on: 'azure-native:containerregistry:ConnectedRegistry',
      at: 'logging.auditLogStatus',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Disabled',
      severity: 'medium',
      fix: "Set logging.auditLogStatus: 'Enabled' (the SDK writes Disabled), so that pulls and pushes on site are recorded.",
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
