import { secret } from '@pulumi/pulumi';
import {
  SecureCosmosAccount,
  SecureMySqlServer,
  SecurePostgresServer,
  SecureRedis,
  SecureSearchService,
  SecureSqlServer,
} from '../../../constructs/azure';
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
  SecureCosmosAccount: (around) => {
    const high = around.common.profile.tier === 'high';
    const account = new SecureCosmosAccount('cosmos', {
      ...least(around, 'cosmos'),
      ...(high ? { standbyLocations: ['northeurope'] } : {}),
    });
    account.database('cases');
    const container = account.container('open', {
      database: 'cases',
      partitionKey: '/id',
      retention: { atMostDays: 365 },
      ...(high ? { encrypted: { '/email': 'people' } } : {}),
    });
    account.grant('portal', { container, principalId: '33333333-3333-3333-3333-333333333333', rights: 'write' });
    return account;
  },
  SecureRedis: (around) => {
    const cache = new SecureRedis('redis', least(around, 'redis'));
    cache.grant('portal', { objectId: '33333333-3333-3333-3333-333333333333' });
    return cache;
  },
  SecureSearchService: (around) => {
    const service = new SecureSearchService('search', least(around, 'search'));
    const principal = { principalId: '33333333-3333-3333-3333-333333333333', principalType: 'ServicePrincipal' } as const;
    service.grant('portal', { index: 'cases', principal, rights: 'read' });
    return service;
  },
};
