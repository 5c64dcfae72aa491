import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { LIFECYCLE } from './keys/lifecycle';
import { POLICY } from './keys/policy';
import { SHARING } from './keys/sharing';
import { VAULTS } from './keys/vault';

export const keys = rulesOf('keys', CONTROLS, {
  ...POLICY,
  ...LIFECYCLE,
  ...SHARING,
  // On AWS the key's policy decides, on Azure the vault and its role assignments.
  'ENC-04': { ...POLICY['ENC-04'], ...VAULTS['ENC-04'] },
  'ENC-06': { ...POLICY['ENC-06'], ...VAULTS['ENC-06'] },
  'ENC-07': { ...POLICY['ENC-07'], ...VAULTS['ENC-07'] },
});
