/** Vaults of Azure that keep backups: nobody shortens, empties or reads them unasked. */
import type { ControlId } from '../../../controls';

import { belongingTo, isGuardedFromDeletion } from '../../facts/azure';
import { pairIsPromised } from '../../facts/azure-regions';
import { isClassified, residencyOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, type RuleSpec, rule } from '../../rule';
import { doorRules } from '../azure-reach';
import { unlessOnePlace } from '../azure-settings';
import { present, setting } from '../setting';

/** Backs up machines, SQL in machines and file shares … */
export const RECOVERY_VAULT = 'azure-native:recoveryservices:Vault';
/** … and blobs, disks, PostgreSQL and clusters. */
export const BACKUP_VAULT = 'azure-native:dataprotection:BackupVault';
const VAULTS = [RECOVERY_VAULT, BACKUP_VAULT] as const;
const GUARD = 'azure-native:dataprotection:ResourceGuard';
/** What puts a vault under a guard: operations on it then need somebody of another team. */
const PROXIES: Readonly<Record<string, string>> = {
  [RECOVERY_VAULT]: 'azure-native:recoveryservices:ResourceGuardProxy',
  [BACKUP_VAULT]: 'azure-native:dataprotection:DppResourceGuardProxy',
};

/** Days for which what was deleted can be had back: the least that the service takes. */
const LEAST_DAYS = 14;
const DAYS: Readonly<Record<string, string>> = {
  [RECOVERY_VAULT]: 'softDeleteRetentionPeriodInDays',
  [BACKUP_VAULT]: 'retentionDurationInDays',
};
const SOFT_DELETE = 'properties.securitySettings.softDeleteSettings';

const isGuarded = (vault: Resource, graph: Graph): Outcome =>
  belongingTo(vault, PROXIES[vault.type] as string, 'vaultName', graph).length > 0
    ? pass()
    : fail('no resource guard: whoever administers the vault also stops its backups');

const it = (type: string, properties: object = {}, rest: object = {}) => ({
  resources: { it: { type, properties: { properties } }, ...rest },
});
const softDeleted = (type: string, settings: object) => it(type, { securitySettings: { softDeleteSettings: settings } });
const proxy = (type: string) => ({ proxy: { type: PROXIES[type], properties: { vaultName: { $ref: 'it.name' } } } });
const stored = (type: unknown) => it(BACKUP_VAULT, { storageSettings: [{ datastoreType: 'VaultStore', type }] });

const COPIES: readonly RuleSpec[] = [
  setting({
    on: RECOVERY_VAULT,
    at: 'properties.redundancySettings.standardTierStorageRedundancy',
    is: ['GeoRedundant'],
    not: 'LocallyRedundant',
    unset: 'GeoRedundant',
    fix: "Set redundancySettings.standardTierStorageRedundancy: 'GeoRedundant' and crossRegionRestore: 'Enabled' before the first backup.",
  }),
  setting({
    on: RECOVERY_VAULT,
    at: 'properties.redundancySettings.crossRegionRestore',
    is: ['Enabled'],
    not: 'Disabled',
    unset: 'Disabled',
    severity: 'low',
    fix: "Set redundancySettings.crossRegionRestore: 'Enabled', so that the copy can be restored while the first region is away.",
  }),
  setting({
    on: BACKUP_VAULT,
    at: 'properties.featureSettings.crossRegionRestoreSettings.state',
    is: ['Enabled'],
    not: 'Disabled',
    unset: 'Disabled',
    severity: 'low',
    fix: "Set featureSettings.crossRegionRestoreSettings.state: 'Enabled', so that the copy can be restored while the first region is away.",
  }),
  rule({
    on: BACKUP_VAULT,
    check: (vault) => {
      const settings = vault.at('properties.storageSettings');
      return settings.items().length === 0
        ? notApplicable('says nothing of its storage')
        : every(settings.items(), (one) => one.at('type').is('GeoRedundant'));
    },
    fix: "Set storageSettings[].type: 'GeoRedundant' when the vault is made.",
    pass: [stored('GeoRedundant')],
    fail: [stored('LocallyRedundant'), stored('ZoneRedundant')],
    unknown: [stored({ $unknown: 'config value' })],
    skip: [it(BACKUP_VAULT)],
  }),
];

/** A geo-redundant vault is copied to the region that Azure pairs with its own. */
function copiesStay(vault: Resource): Outcome {
  const places = residencyOf(vault);
  if (!places) return notApplicable('the data profile promises no place');
  const settings =
    vault.type === RECOVERY_VAULT
      ? [vault.at('properties.redundancySettings.standardTierStorageRedundancy').orDefault('GeoRedundant')]
      : vault
          .at('properties.storageSettings')
          .items()
          .map((one) => one.at('type'));
  const redundancy = settings.find((one) => one.isOneOf(['LocallyRedundant', 'ZoneRedundant']).verdict !== 'pass');
  if (redundancy === undefined) return pass();
  if (redundancy.string === undefined) return redundancy.asUnknown();
  const leaves = `${redundancy.describe()}: a copy goes to the paired region`;
  return pairIsPromised(leaves, vault.at('location').string, places, redundancy.path);
}

const GERMANY = { profile: { residency: ['germanywestcentral'] } };
const TWO_PLACES = { profile: { residency: ['westeurope', 'northeurope'] } };
const geo = (location: string) => ({ resources: { it: { type: RECOVERY_VAULT, properties: { location } } } });
const redundant = (standardTierStorageRedundancy: unknown) => it(RECOVERY_VAULT, { redundancySettings: { standardTierStorageRedundancy } });

const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};
const lock = (level: string) => ({
  lock: { type: 'azure-native:authorization:ManagementLockByScope', properties: { level, scope: { $ref: 'it' } } },
});

export const AZURE_VAULTS = {
  'BCR-02': {
    azure: setting({
      on: VAULTS,
      at: 'properties.securitySettings.immutabilitySettings.state',
      is: ['Locked'],
      not: 'Unlocked',
      fix: "Set securitySettings.immutabilitySettings.state: 'Locked'; try with 'Unlocked' first, since a lock cannot be taken back.",
    }),
  },
  'BCR-03': { azure: COPIES.map(unlessOnePlace) },
  'BCR-05': {
    azure: [
      rule({
        on: VAULTS,
        from: 'high',
        severity: 'medium',
        check: isGuarded,
        fix: 'Add a ResourceGuard in a subscription of the security team, and a proxy (ResourceGuardProxy, DppResourceGuardProxy) on the vault.',
        pass: VAULTS.map((type) => it(type, {}, proxy(type))),
        fail: VAULTS.map((type) => it(type)),
      }),
      rule({
        on: GUARD,
        check: (guard) => {
          const excluded = guard.at('properties.vaultCriticalOperationExclusionList');
          return excluded.items().length === 0 ? pass() : fail(`${excluded.describe()}: these operations need nobody else`, excluded.path);
        },
        fix: 'Leave vaultCriticalOperationExclusionList empty.',
        pass: [it(GUARD, { vaultCriticalOperationExclusionList: [] })],
        fail: [it(GUARD, { vaultCriticalOperationExclusionList: ['Microsoft.RecoveryServices/vaults/backupconfig/write'] })],
      }),
    ],
  },
  'BCR-08': {
    azure: [
      setting({
        on: RECOVERY_VAULT,
        at: `${SOFT_DELETE}.softDeleteState`,
        is: ['Enabled', 'AlwaysON'],
        not: 'Disabled',
        unset: 'Enabled',
        fix: "Set softDeleteSettings.softDeleteState: 'AlwaysON'.",
      }),
      setting({
        on: BACKUP_VAULT,
        at: `${SOFT_DELETE}.state`,
        is: ['On', 'AlwaysOn'],
        not: 'Off',
        unset: 'On',
        fix: "Set softDeleteSettings.state: 'AlwaysOn'.",
      }),
      setting({
        on: RECOVERY_VAULT,
        at: `${SOFT_DELETE}.softDeleteState`,
        is: ['AlwaysON'],
        not: 'Enabled',
        from: 'moderate',
        severity: 'medium',
        fix: "Set softDeleteSettings.softDeleteState: 'AlwaysON', which nobody can switch off again.",
      }),
      setting({
        on: BACKUP_VAULT,
        at: `${SOFT_DELETE}.state`,
        is: ['AlwaysOn'],
        not: 'On',
        from: 'moderate',
        severity: 'medium',
        fix: "Set softDeleteSettings.state: 'AlwaysOn', which nobody can switch off again.",
      }),
      rule({
        on: VAULTS,
        severity: 'medium',
        check: (vault) => vault.at(`${SOFT_DELETE}.${DAYS[vault.type]}`).orDefault(LEAST_DAYS).isAtLeast(LEAST_DAYS),
        fix: `Keep what was deleted for at least ${LEAST_DAYS} days.`,
        pass: VAULTS.map((type) => softDeleted(type, { [DAYS[type] as string]: LEAST_DAYS })),
        fail: VAULTS.map((type) => softDeleted(type, { [DAYS[type] as string]: LEAST_DAYS - 1 })),
        unknown: [softDeleted(RECOVERY_VAULT, { softDeleteRetentionPeriodInDays: { $unknown: 'config value' } })],
      }),
    ],
  },
  'BCR-10': {
    azure: setting({
      on: VAULTS,
      at: 'properties.monitoringSettings.azureMonitorAlertSettings.alertsForAllJobFailures',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Enabled',
      fix: "Set monitoringSettings.azureMonitorAlertSettings.alertsForAllJobFailures: 'Enabled', and let an action group hear the alerts.",
    }),
  },
  'ENC-10': {
    azure: [
      present({
        on: RECOVERY_VAULT,
        at: 'properties.encryption.keyVaultProperties.keyUri',
        like: 'https://v.vault.azure.net/keys/backup',
        else: 'its backups are encrypted with a key of the provider: encryption.keyVaultProperties is not set',
        from: 'moderate',
        severity: 'medium',
        fix: 'Set encryption.keyVaultProperties.keyUri and kekIdentity before the first backup.',
      }),
      present({
        on: BACKUP_VAULT,
        at: 'properties.securitySettings.encryptionSettings.keyVaultProperties.keyUri',
        like: 'https://v.vault.azure.net/keys/backup',
        else: 'its backups are encrypted with a key of the provider: securitySettings.encryptionSettings is not set',
        from: 'moderate',
        severity: 'medium',
        fix: "Set securitySettings.encryptionSettings with state 'Enabled', keyVaultProperties.keyUri and kekIdentity.",
      }),
      setting({
        on: RECOVERY_VAULT,
        at: 'properties.encryption.infrastructureEncryption',
        is: ['Enabled'],
        not: 'Disabled',
        unset: 'Disabled',
        from: 'high',
        severity: 'low',
        fix: "Set encryption.infrastructureEncryption: 'Enabled' for a second layer, together with a key of your own.",
      }),
    ],
  },
  'EXP-03': {
    azure: [
      setting({
        on: RECOVERY_VAULT,
        at: 'properties.restoreSettings.crossSubscriptionRestoreSettings.crossSubscriptionRestoreState',
        is: ['Disabled', 'PermanentlyDisabled'],
        not: 'Enabled',
        unset: 'Enabled',
        from: 'high',
        severity: 'low',
        fix: "Set restoreSettings.crossSubscriptionRestoreSettings.crossSubscriptionRestoreState: 'Disabled', so that no copy is restored into another subscription.",
      }),
      setting({
        on: BACKUP_VAULT,
        at: 'properties.featureSettings.crossSubscriptionRestoreSettings.state',
        is: ['Disabled', 'PermanentlyDisabled'],
        not: 'Enabled',
        unset: 'Enabled',
        from: 'high',
        severity: 'low',
        fix: "Set featureSettings.crossSubscriptionRestoreSettings.state: 'Disabled', so that no copy is restored into another subscription.",
      }),
    ],
  },
  'DID-05': {
    azure: doorRules(
      { [RECOVERY_VAULT]: { access: 'properties.publicNetworkAccess' } },
      "Set publicNetworkAccess: 'Disabled' on the vault, and add a private endpoint (AzureBackup) with its DNS zone group.",
    ),
  },
  'DHC-01': {
    azure: rule({
      on: VAULTS,
      check: isClassified,
      fix: 'Set the tags palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume, or declare the data profile of the program.',
      pass: VAULTS.map((type) => ({ resources: { it: { type, properties: { tags: LABELLED } } } })),
      fail: [
        ...VAULTS.map((type) => it(type)),
        { resources: { it: { type: BACKUP_VAULT, properties: { tags: { ...LABELLED, 'palisade:owner': '' } } } } },
      ],
      unknown: [{ resources: { it: { type: BACKUP_VAULT, properties: { tags: { $unknown: 'tags of the project' } } } } }],
    }),
  },
  'DHC-10': {
    azure: rule({
      on: VAULTS,
      severity: 'low',
      check: isGuardedFromDeletion,
      fix: "Put a ManagementLockByScope with level 'CanNotDelete' on it or on its resource group, or set the resource option protect: true.",
      pass: [
        ...VAULTS.map((type) => ({ resources: { it: { type, options: { protect: true } } } })),
        it(BACKUP_VAULT, {}, lock('CanNotDelete')),
      ],
      fail: [...VAULTS.map((type) => it(type)), it(RECOVERY_VAULT, {}, lock('NotSpecified'))],
    }),
  },
  'LOC-02': {
    azure: rule({
      on: VAULTS,
      check: copiesStay,
      fix: "Set redundancySettings.standardTierStorageRedundancy, or storageSettings[].type of a Backup vault, to 'ZoneRedundant'.",
      pass: [
        { unit: GERMANY, ...redundant('ZoneRedundant') },
        { unit: GERMANY, ...stored('ZoneRedundant') },
        { name: 'the paired region is promised too', unit: TWO_PLACES, ...geo('West Europe') },
      ],
      fail: [
        { unit: GERMANY, ...redundant('GeoRedundant') },
        { unit: GERMANY, ...stored('GeoRedundant') },
        { unit: GERMANY, ...it(RECOVERY_VAULT) },
        { name: 'the paired region is none of several promised ones', unit: TWO_PLACES, ...geo('uksouth') },
      ],
      unknown: [
        { unit: TWO_PLACES, ...redundant('GeoRedundant') },
        { unit: GERMANY, ...redundant({ $unknown: 'config value' }) },
        { unit: GERMANY, ...stored({ $unknown: 'config value' }) },
      ],
      skip: [redundant('GeoRedundant')],
    }),
  },
  'DHC-05': { azure: gap('Vaults give nothing to anonymous callers; from which networks they are reached is judged as DID-05.') },
  'DHC-06': { azure: gap('How long backups are kept stands in their policies; that it is long enough is judged as BCR-01.') },
  'ENC-02': { azure: gap('Keys of vaults are judged as ENC-10, since what they hold are copies.') },
  'EXP-02': {
    azure: gap('Recovery points leave a vault by a restore, judged as EXP-03 and BCR-05; snapshots of disks are EXP-02.compute.'),
  },
  'LPA-10': { azure: gap('Vaults have no policy of their own that could let other tenants in; rights are role assignments.') },
  'LOC-05': { azure: gap('Whether a copy lies in another region is judged as BCR-03.') },
  'BCR-04': {
    azure: gap('Azure has no resource that restores for a test; a schedule of your own does it, and its record is evidence.'),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
