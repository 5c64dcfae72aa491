import { BackupGuard, SecureBackupVault, SecureRecoveryVault } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

const guardOf = ({ common, contacts }: Surroundings, name: string) => new BackupGuard(name, { ...common, alerts: contacts.id });

/** What the tier of the surroundings asks of a vault. */
function due(around: Surroundings, name: string) {
  const { common, contacts, logs, vault } = around;
  const { tier } = common.profile;
  return {
    ...common,
    alerts: contacts.id,
    ...(reaches(tier, 'moderate') ? { key: vault.key(name), logs } : {}),
    ...(reaches(tier, 'high') ? { guardId: guardOf(around, `${name}-team`).id } : {}),
  };
}

export const backup: Least = {
  BackupGuard: guardOf,
  SecureBackupVault: (around, name) => {
    const vault = new SecureBackupVault(name, due(around, name));
    vault.protectPostgres('answers', '/subscriptions/s/resourceGroups/data/providers/Microsoft.DBforPostgreSQL/flexibleServers/answers');
    return vault;
  },
  SecureRecoveryVault: (around, name) => {
    const vault = new SecureRecoveryVault(name, due(around, name));
    vault.protectMachine('desk', '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/virtualMachines/desk');
    return vault;
  },
};
