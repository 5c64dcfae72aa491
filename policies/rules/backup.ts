import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { PLAN_RULES } from './backup/plans';
import { RESTORE_RULES } from './backup/restores';
import { SNAPSHOT_RULES } from './backup/snapshots';
import { VAULT_RULES } from './backup/vaults';

export const backup = rulesOf('backup', CONTROLS, {
  ...VAULT_RULES,
  ...RESTORE_RULES,
  ...PLAN_RULES,
  'ENC-10': SNAPSHOT_RULES['ENC-10'],
  'EXP-02': SNAPSHOT_RULES['EXP-02'],
  // Both the plans and the snapshot policies keep these.
  'BCR-01': { aws: [...PLAN_RULES['BCR-01'].aws, SNAPSHOT_RULES['BCR-01'].aws] },
  'LOC-02': { aws: [PLAN_RULES['LOC-02'].aws, SNAPSHOT_RULES['LOC-02'].aws] },
});
