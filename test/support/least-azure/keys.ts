import { SecureManagedHsm } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import { TENANT } from '../azure-components';
import type { Least } from './least';

/** The vault is part of the surroundings. */
export const keys: Least = {
  SecureKeyVault: ({ vault }) => {
    vault.key('least');
    return vault;
  },
  SecureManagedHsm: ({ common, contacts, logs, network }, name) =>
    new SecureManagedHsm(name, {
      ...common,
      ...(reaches(common.profile.tier, 'moderate') ? { network } : {}),
      tenantId: TENANT,
      logs,
      alerts: contacts.id,
      administrators: ['44444444-4444-4444-4444-444444444441', '44444444-4444-4444-4444-444444444442'],
    }),
};
