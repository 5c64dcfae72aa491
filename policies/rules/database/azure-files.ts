/** Volumes of NetApp Files: who is root on them, and what elastic ones say on the wire. */
import type { ControlId } from '../../../controls';
import { notApplicable } from '../../outcome';
import { type Example, type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const ELASTIC = 'azure-native:netapp:ElasticVolume';
const elastic = (smbProperties: object): Example => ({
  resources: { volume: { type: ELASTIC, properties: { properties: { smbProperties } } } },
});

export const AZURE_FILES = {
  'TLS-05': {
    azure: rule({
      on: ELASTIC,
      check: (volume) => {
        const shared = volume.at('properties.smbProperties');
        return shared.state === 'absent'
          ? notApplicable('is not shared over SMB')
          : shared.at('smbEncryption').orDefault('Disabled').is('Enabled');
      },
      fix: "Set properties.smbProperties.smbEncryption: 'Enabled' (the SDK writes Disabled).",
      pass: [elastic({ smbEncryption: 'Enabled' })],
      fail: [elastic({ smbEncryption: 'Disabled' }), elastic({})],
      unknown: [elastic({ smbEncryption: { $unknown: 'config value' } })],
      skip: [{ resources: { volume: { type: ELASTIC, properties: { properties: {} } } } }],
    }),
  },
  'LPA-01': {
    azure: setting({
      on: 'azure-native:netapp:CapacityPoolVolume',
      at: 'exportPolicy.rules[].hasRootAccess',
      is: [false],
      not: true,
      unset: true,
      severity: 'medium',
      fix: 'Set hasRootAccess: false in every rule of exportPolicy: the root of any client machine owns every file otherwise.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
