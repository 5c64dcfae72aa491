import * as alertsmanagement from '@pulumi/azure-native/alertsmanagement';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { RECOVERY_DAYS, reaches, type Tier } from '../contract';
import type { SecureArgs } from './component';
import { activityAlert } from './detection-alerts';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import type { LogSink } from './logging-diagnostics';

/** What both kinds of vaults are made from. */
export interface BackupVaultCommon extends SecureArgs {
  /** Key that encrypts the backups and nothing else; obligatory from tier moderate (ENC-10). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where jobs and changes are recorded; obligatory from tier moderate (LOG-13). @default none */
  readonly logs?: LogSink;
  /** Action group that is told of failed jobs, of restores and of attempts to loosen the vault (BCR-10). */
  readonly alerts: pulumi.Input<string>;
  /**
   * Id of a `BackupGuard` of another team, without which nobody stops, shortens or removes backups; obligatory at tier
   * high unless BCR-05 is relaxed. @default none
   */
  readonly guardId?: pulumi.Input<string>;
  /** Name of the vault, 2 to 50 letters, digits and hyphens, a letter first. @default from the component's name, the stack and a suffix */
  readonly vaultName?: string;
  /** Days for which daily backups are kept, at least 35 from the moderate tier on (BCR-01). @default 35 */
  readonly dailyForDays?: number;
  /** Months for which the first backup of a month is kept. @default 13 */
  readonly monthlyForMonths?: number;
}

/** How long backups are kept. */
export interface BackupRetention {
  readonly dailyForDays: number;
  readonly monthlyForMonths: number;
}

/** Longest name that both kinds of vaults take. */
export const LONGEST_NAME = 50;
/** Days for which a backup that was deleted can be had back: the least that the service takes, and free of charge. */
export const SOFT_DELETE_DAYS = 14;
/** Fewest days for which the service keeps a daily backup. */
const LEAST_DAYS = 7;
/** Most days, and most months, that policies of the service take. */
const MOST = { dailyForDays: 3650, monthlyForMonths: 120 } as const;
/** A year and its last month. */
const MONTHS = 13;

/** The retention of backups. @throws RangeError where the tier or the service refuses it */
export function retentionOf(
  where: string,
  tier: Tier,
  { dailyForDays = RECOVERY_DAYS, monthlyForMonths = MONTHS }: BackupVaultCommon,
): BackupRetention {
  const least = { dailyForDays: reaches(tier, 'moderate') ? RECOVERY_DAYS : LEAST_DAYS, monthlyForMonths: 1 };
  for (const [name, value] of Object.entries({ dailyForDays, monthlyForMonths })) {
    const [from, to] = [least[name as keyof BackupRetention], MOST[name as keyof BackupRetention]];
    if (!Number.isInteger(value) || value < from || value > to)
      throw new RangeError(`${where}: ${name} is ${value}; write a whole number from ${from} to ${to} (BCR-01)`);
  }
  return { dailyForDays, monthlyForMonths };
}

/** Address of a key without its version, so that the vault follows the newest one. */
export const keyUriOf = ({ keyName, vaultUri }: EncryptionKey): pulumi.Output<string> =>
  pulumi.interpolate`${pulumi.output(vaultUri).apply((uri) => uri.replace(/\/+$/, ''))}/keys/${keyName}`;

/** An identity that may use one key: whatever the vault does with its key, it does as this one. */
export function keyIdentity(
  component: string,
  {
    key,
    ...place
  }: { readonly key: EncryptionKey; readonly resourceGroupName: pulumi.Input<string>; readonly location: pulumi.Input<string> },
  tags: Readonly<Record<string, pulumi.Input<string>>>,
  parent: pulumi.Resource,
): { readonly identity: managedidentity.UserAssignedIdentity; readonly use: pulumi.Resource } {
  const identity = new managedidentity.UserAssignedIdentity(`${component}-identity`, { ...place, tags }, { parent });
  return { identity, use: allowEncryption(`${component}-key-use`, { key, principalId: identity.principalId }, { parent }) };
}

/** Tells an action group of failed jobs, of restores, and of attempts to loosen a vault (BCR-05, BCR-08, BCR-10). */
export function watchVault(
  component: string,
  args: {
    readonly vaultId: pulumi.Output<string>;
    readonly resourceGroupName: pulumi.Input<string>;
    readonly alerts: pulumi.Input<string>;
    readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
    readonly tampering: readonly string[];
    readonly restores: readonly string[];
  },
  parent: pulumi.Resource,
): void {
  const { alerts, resourceGroupName, tags, vaultId } = args;
  const common = { resourceGroupName, alerts, tags, scopes: [vaultId] };
  new alertsmanagement.AlertProcessingRuleByName(
    `${component}-failures`,
    {
      alertProcessingRuleName: pulumi.interpolate`palisade-${component}`,
      resourceGroupName,
      location: 'Global',
      properties: {
        description: 'Tells of every alert that the vault raises: failed jobs, and deleted backups.',
        enabled: true,
        scopes: [vaultId],
        actions: [{ actionType: 'AddActionGroups', actionGroupIds: [alerts] }],
      },
      tags: { ...tags },
    },
    { parent },
  );
  activityAlert(
    `${component}-tampering-alert`,
    { ...common, description: 'A backup is removed, or what protects it is loosened.', operations: args.tampering },
    { parent },
  );
  activityAlert(
    `${component}-restore-alert`,
    { ...common, description: 'Data is restored from a backup: look who asked for it, and where to.', operations: args.restores },
    { parent },
  );
}
