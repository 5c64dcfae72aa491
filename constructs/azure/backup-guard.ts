import * as dataprotection from '@pulumi/azure-native/dataprotection';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert } from './detection-alerts';
import type { Promises } from './relax';

/** What a {@link BackupGuard} is made from. */
export interface BackupGuardArgs extends SecureArgs {
  /** Action group that is told when the guard is changed, or removed from a vault (BCR-08). */
  readonly alerts: pulumi.Input<string>;
}

/** Operations that open, weaken or take off a guard. */
const OPENINGS = [
  'Microsoft.DataProtection/resourceGuards/write',
  'Microsoft.DataProtection/resourceGuards/delete',
  'Microsoft.RecoveryServices/vaults/backupResourceGuardProxies/delete',
  'Microsoft.RecoveryServices/vaults/backupResourceGuardProxies/unlockDelete/action',
  'Microsoft.DataProtection/backupVaults/backupResourceGuardProxies/delete',
  'Microsoft.DataProtection/backupVaults/backupResourceGuardProxies/unlockDelete/action',
];

/**
 * Multi-user authorisation for backups: what shortens, stops or removes a backup needs somebody who has a right on the
 * guard as well, and no operation is exempt. Put it into a resource group, better a subscription, of the security team;
 * whoever administers vaults has no right on it, and gets the role Backup MUA Operator there through PIM, for one task.
 *
 * Guarantees from the moderate tier on BCR-05.
 *
 * @example
 * const guard = new BackupGuard('guard', { profile, resourceGroupName, location, alerts: contacts.id });
 */
export class BackupGuard extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('BackupGuard', { control: 'BCR-05', from: 'moderate' });

  /** The guard itself. */
  readonly guard: dataprotection.ResourceGuard;
  /** Resource id of the guard; what vaults take as `guardId`. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: BackupGuardArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:BackupGuard', GUARD_PROMISES, name, args, opts);
    const { alerts, resourceGroupName } = args;
    this.guard = new dataprotection.ResourceGuard(
      `${name}-guard`,
      { resourceGroupName, location: this.location, properties: { vaultCriticalOperationExclusionList: [] }, tags: this.tags },
      { parent: this, protect: true },
    );
    this.id = this.guard.id;
    this.lock('guard', this.id, 'Without the guard, one person alone removes backups.');
    activityAlert(
      `${name}-opening-alert`,
      {
        resourceGroupName,
        alerts,
        tags: this.tags,
        description: 'The guard of the backups was changed, removed, or taken off a vault.',
        scopes: [this.id.apply((id) => id.slice(0, id.indexOf('/resourceGroups/')))],
        operations: OPENINGS,
      },
      { parent: this },
    );
    this.registerOutputs({ id: this.id });
  }
}

const GUARD_PROMISES: Promises = {
  claims: BackupGuard.claims,
  families: ['backup'],
  relaxable: {},
  firm: { 'BCR-05': 'leave the guard out, and relax BCR-05 on the vaults' },
};
