/** Keys, passwords and local accounts that services accept beside the directory. */
import type { ControlId } from '../../../controls';
import { anyOf, notApplicable } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const STORAGE = 'azure-native:storage:StorageAccount';
const CONFIGURATION = 'azure-native:appconfiguration:ConfigurationStore';
const COGNITIVE = 'azure-native:cognitiveservices:Account';
const SIGNALR = 'azure-native:signalrservice:SignalR';
const WEB_PUBSUB = 'azure-native:webpubsub:WebPubSub';
const MAPS = 'azure-native:maps:Account';

const account = (properties: object) => ({ account: { type: STORAGE, properties } });

export const AZURE_LOCAL = {
  'LPA-14': {
    azure: [
      setting({
        on: CONFIGURATION,
        at: 'disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set disableLocalAuth: true and give identities a data role; the SDK writes false.',
      }),
      setting({
        on: [COGNITIVE, MAPS],
        at: 'properties.disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set properties.disableLocalAuth: true and give identities a data role.',
      }),
      setting({
        on: [SIGNALR, WEB_PUBSUB],
        at: 'disableAadAuth',
        is: [false],
        not: true,
        unset: false,
        severity: 'medium',
        fix: 'Set disableAadAuth: false, so that callers can prove themselves by the directory.',
      }),
    ],
  },
  'IDA-05': {
    azure: rule({
      on: STORAGE,
      check: (one) => {
        if (one.at('allowSharedKeyAccess').isFalse().verdict === 'pass') return notApplicable('takes no keys');
        const days = one.at('keyPolicy.keyExpirationPeriodInDays');
        return anyOf(
          [days.isAtMost(90)],
          days.state === 'absent' ? 'keyPolicy.keyExpirationPeriodInDays is not set: account keys never grow old' : days.describe(),
        );
      },
      severity: 'low',
      fix: 'Set allowSharedKeyAccess: false; where keys must stay, set keyPolicy.keyExpirationPeriodInDays to 90 at most.',
      pass: [{ resources: account({ keyPolicy: { keyExpirationPeriodInDays: 90 } }) }],
      fail: [{ resources: account({}) }, { resources: account({ keyPolicy: { keyExpirationPeriodInDays: 365 } }) }],
      unknown: [{ resources: account({ keyPolicy: { keyExpirationPeriodInDays: { $unknown: 'config value' } } }) }],
      skip: [{ resources: account({ allowSharedKeyAccess: false }) }],
    }),
  },
  'IDA-01': {
    azure: setting({
      on: 'azure-native:machinelearningservices:Compute',
      at: 'properties.properties.enableSSO',
      is: [true],
      not: false,
      unset: true,
      where: { at: 'properties.computeType', is: ['ComputeInstance'] },
      severity: 'medium',
      fix: 'Leave properties.properties.enableSSO true, so that people are known by the directory.',
    }),
  },
  'DID-05': {
    azure: [
      setting({
        on: CONFIGURATION,
        at: 'publicNetworkAccess',
        is: ['Disabled'],
        not: 'Enabled',
        severity: 'medium',
        from: 'moderate',
        fix: "Set publicNetworkAccess: 'Disabled' and add a private endpoint; the SDK writes Enabled.",
      }),
      setting({
        on: COGNITIVE,
        at: 'properties.publicNetworkAccess',
        is: ['Disabled'],
        not: 'Enabled',
        unset: 'Enabled',
        severity: 'medium',
        from: 'moderate',
        fix: "Set properties.publicNetworkAccess: 'Disabled' and add a private endpoint.",
      }),
    ],
  },
  'ENC-05': {
    azure: setting({
      on: CONFIGURATION,
      at: 'enablePurgeProtection',
      is: [true],
      not: false,
      unset: false,
      severity: 'low',
      from: 'moderate',
      fix: 'Set enablePurgeProtection: true and softDeleteRetentionInDays; the SDK writes false.',
    }),
  },
  'ENC-02': {
    azure: [
      setting({
        on: COGNITIVE,
        at: 'properties.encryption.keySource',
        is: ['Microsoft.KeyVault'],
        not: 'Microsoft.CognitiveServices',
        unset: 'Microsoft.CognitiveServices',
        severity: 'medium',
        from: 'moderate',
        fix: "Set properties.encryption: { keySource: 'Microsoft.KeyVault', keyVaultProperties } with a key of the workload.",
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
