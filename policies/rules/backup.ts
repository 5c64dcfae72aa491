import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { AZURE_COVERAGE } from './backup/azure-coverage';
import { AZURE_VAULTS } from './backup/azure-vaults';
import { PLAN_RULES } from './backup/plans';
import { RESTORE_RULES } from './backup/restores';
import { SNAPSHOT_RULES } from './backup/snapshots';
import { VAULT_RULES } from './backup/vaults';

// Both the plans and the snapshot policies keep BCR-01 and LOC-02.
const AWS = merged(VAULT_RULES, RESTORE_RULES, PLAN_RULES, SNAPSHOT_RULES);

export const backup = rulesOf('backup', CONTROLS, merged(AWS, AZURE_VAULTS, AZURE_COVERAGE));
