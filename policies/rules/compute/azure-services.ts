/** Services around compute that the SDK leaves open: devices, bots, models, attestation, nodes of Service Fabric. */
import type { ControlId } from '../../../controls';
import type { PerCloud } from '../../rule';
import { type Door, doorRules } from '../azure-reach';
import { present, setting } from '../setting';

const BATCH = 'azure-native:batch:BatchAccount';
const BOT = 'azure-native:botservice:Bot';
const MODEL = 'azure-native:machinelearningservices:OnlineEndpoint';
const DEPLOYMENT = 'azure-native:machinelearningservices:OnlineDeployment';
const NODES = 'azure-native:servicefabric:NodeType';

export const DOORS: Readonly<Record<string, Door>> = {
  [BATCH]: {
    access: 'publicNetworkAccess',
    unlisted: (account) => account.at('networkProfile.accountAccess.defaultAction').orDefault('Allow').is('Deny'),
    limited: { properties: { networkProfile: { accountAccess: { defaultAction: 'Deny' } } } },
  },
  'azure-native:deviceupdate:Account': { access: 'publicNetworkAccess' },
  'azure-native:attestation:AttestationProvider': { access: 'properties.publicNetworkAccess' },
  [BOT]: { access: 'properties.publicNetworkAccess' },
  [MODEL]: { access: 'properties.publicNetworkAccess' },
};

export const AZURE_SERVICES = {
  'DID-05': {
    azure: doorRules(
      DOORS,
      "Set publicNetworkAccess: 'Disabled' (the SDK writes Enabled), and add a private endpoint with its DNS zone group.",
    ),
  },
  'EXP-05': {
    azure: setting({
      on: DEPLOYMENT,
      at: 'properties.egressPublicNetworkAccess',
      is: ['Disabled'],
      not: 'Enabled',
      unset: 'Enabled',
      severity: 'medium',
      fix: "Set properties.egressPublicNetworkAccess: 'Disabled', so that the model reaches only the private endpoints of its workspace.",
    }),
  },
  'ENC-01': {
    azure: [
      setting({
        on: NODES,
        at: 'enableEncryptionAtHost',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set enableEncryptionAtHost: true (the SDK writes false): temporary disks and caches are in clear otherwise.',
      }),
      setting({
        on: 'azure-native:hdinsight:Cluster',
        at: 'properties.diskEncryptionProperties.encryptionAtHost',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set properties.diskEncryptionProperties.encryptionAtHost: true (the SDK writes false).',
      }),
    ],
  },
  'DID-13': {
    azure: ['securityProfile.enableTPM', 'securityProfile.uefiSettings.secureBootEnabled'].map((at) =>
      setting({
        on: 'azure-native:azurestackhci:VirtualMachineInstance',
        at,
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: `Set ${at}: true (the SDK writes false), so that what starts is what was signed.`,
      }),
    ),
  },
  'ENC-02': {
    azure: present({
      on: BOT,
      at: 'properties.cmekKeyVaultUrl',
      like: 'https://v.vault.azure.net/keys/bot',
      else: 'properties.cmekKeyVaultUrl is not set: Microsoft holds the key',
      severity: 'medium',
      fix: 'Set properties.isCmekEnabled: true (the SDK writes false) and properties.cmekKeyVaultUrl.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
