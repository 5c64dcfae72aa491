import { secret } from '@pulumi/pulumi';
import { SecureMySqlServer, SecurePostgresServer, SecureSqlServer } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import { fieldCatalogue } from '../../../constructs/fields';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

/** What every hardened database needs at the tier of its surroundings. */
const least = ({ common, contacts, logs, network, vault }: Surroundings, key: string) => ({
  ...common,
  ...(reaches(common.profile.tier, 'moderate') ? { alerts: contacts.id, key: vault.key(key), logs, network } : {}),
});

const administrators = {
  name: 'database-administrators',
  objectId: '22222222-2222-2222-2222-222222222222',
  tenantId: '11111111-1111-1111-1111-111111111111',
};

const catalogue = fieldCatalogue({
  records: {
    Case: {
      key: 'id',
      reach: { supervisor: 'all' },
      purposes: ['resolveCase'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['supervisor'] },
        email: { type: 'email', sensitivity: 'confidential', masked: { supervisor: 'domain' } },
      },
    },
  },
});

/** Backups of a flexible server that lie elsewhere have a key of their own. */
const flexible = (around: Surroundings, key: string) => ({
  ...least(around, key),
  ...(reaches(around.common.profile.tier, 'moderate') ? { backupKey: around.vault.key(`${key}-backups`) } : {}),
});

export const database: Least = {
  SecureSqlServer: (around) => {
    const { tier } = around.common.profile;
    const server = new SecureSqlServer('sql', {
      ...least(around, 'sql'),
      administrators,
      ...(tier === 'high' ? { standbyLocation: 'northeurope' } : {}),
    });
    server.database('cases', reaches(tier, 'moderate') ? { catalogue } : {});
    return server;
  },
  SecurePostgresServer: (around) => {
    const server = new SecurePostgresServer('postgres', { ...flexible(around, 'postgres'), administrators });
    server.database('cases');
    return server;
  },
  SecureMySqlServer: (around) => {
    const server = new SecureMySqlServer('mysql', { ...flexible(around, 'mysql'), administrators, firstPassword: secret('used once') });
    server.database('cases');
    return server;
  },
};
