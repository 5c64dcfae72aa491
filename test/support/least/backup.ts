import { BackupVault } from 'aws-cdk-lib/aws-backup';
import { RestoreTests, SecureBackupPlan, SecureBackupVault } from '../../../constructs/aws';
import type { Least } from './least';

const ELSEWHERE = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:cases';

export const backup: Least = {
  RestoreTests: (scope, id) => new RestoreTests(scope, id, { vaults: [new SecureBackupVault(scope, `${id}Vault`)] }),
  SecureBackupPlan: (scope, id) =>
    new SecureBackupPlan(scope, id, { copyTo: [BackupVault.fromBackupVaultArn(scope, `${id}Elsewhere`, ELSEWHERE)] }),
  SecureBackupVault: (scope, id) => new SecureBackupVault(scope, id),
};
