import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { Graph } from '../policies/graph';
import type { Node } from '../policies/node';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { gatherStatement } from './support/azure-gather';

type Properties = { readonly [name: string]: Node | undefined };

const JUDGED = RULES.filter(({ cloud, id }) => cloud === 'azure' && /\.(database|logging)$/.test(id));

let whole: Graph;
let before: readonly string[];
beforeAll(async () => {
  whole = (await gatherStatement(`load('test/support/azure-components.ts').everyComponent('high', ['database']);`)).graph;
  before = failing(whole);
});

const failing = (graph: Graph, rules = JUDGED): readonly string[] =>
  evaluate(graph, { rules })
    .findings.filter(({ verdict }) => verdict === 'fail')
    .map(({ resource, rule }) => `${rule} on ${resource.logicalId}`);

/** Where a rule fails once a resource is written otherwise, or taken away. */
function brokenBy(name: string, edit: Properties | 'removed', rule: string): readonly string[] {
  const [unit] = whole.units;
  const resources = [...whole.resources()];
  if (!unit || !resources.some(({ logicalId }) => logicalId === name)) throw new Error(`nothing is named ${name}`);
  const kept = resources.flatMap((one) => {
    if (one.logicalId !== name) return [one];
    if (edit === 'removed') return [];
    const { id, logicalId, names, options, parent, path, token, type } = one;
    const properties = { ...(one.properties as Properties), ...edit } as Node;
    return [new Resource({ id, logicalId, names, options, parent, path, token, type, properties }, unit)];
  });
  const graph = new Graph({ resources: kept, units: whole.units, worlds: whole.worlds });
  return failing(
    graph,
    JUDGED.filter(({ id }) => id === rule),
  );
}

describe('whoever weakens a hardened database is named', () => {
  it('of which nothing fails as it is made', () => {
    expect(before).toEqual([]);
  });

  it.each([
    ['sql-server', { publicNetworkAccess: 'Enabled' }, 'DID-05.database on sql-server'],
    ['sql-server', { minimalTlsVersion: '1.0' }, 'TLS-01.database on sql-server'],
    ['sql-server', { administrators: { azureADOnlyAuthentication: false, sid: 's' } }, 'LPA-14.database on sql-server'],
    ['sql-server', { restrictOutboundNetworkAccess: 'Disabled' }, 'EXP-04.database on sql-server'],
    ['sql-server-protector', { autoRotationEnabled: false }, 'ENC-03.database on sql-server-protector'],
    ['sql-server-audit', { state: 'Disabled' }, 'LOG-06.database on sql-server'],
    ['sql-server-audit', 'removed', 'LOG-06.database on sql-server'],
    ['sql-server-threats', { disabledAlerts: ['Sql_Injection'] }, 'MON-01.database on sql-server-threats'],
    ['sql-cases-encryption', { state: 'Disabled' }, 'ENC-01.database on sql-cases-encryption'],
    ['sql-cases-recovery', { retentionDays: 1 }, 'BCR-01.database on sql-cases-recovery'],
    ['sql-cases-database', { isLedgerOn: false }, 'LOG-05.database on sql-cases-database'],
    ['sql-cases-masking', { dataMaskingState: 'Disabled' }, 'FLS-05.database on sql-cases-masking'],
    ['sql-cases-failover', 'removed', 'LOC-05.database on sql-server'],
    ['postgres-server', { authConfig: { passwordAuth: 'Enabled' } }, 'LPA-14.database on postgres-server'],
    ['postgres-server', { network: { publicNetworkAccess: 'Enabled' } }, 'DID-05.database on postgres-server'],
    ['postgres-server', { dataEncryption: { type: 'SystemManaged' } }, 'ENC-02.database on postgres-server'],
    ['postgres-parameter-pgaudit-log', { value: 'DDL' }, 'LOG-06.database on postgres-server'],
    ['postgres-parameter-require-secure-transport', { value: 'OFF' }, 'TLS-05.database on postgres-parameter-require-secure-transport'],
    ['postgres-administrator', 'removed', 'IDA-01.database on postgres-server'],
    ['postgres-diagnostics', 'removed', 'LOG-04.logging on postgres-server'],
    ['mysql-parameter-aad-auth-only', { value: 'OFF' }, 'LPA-14.database on mysql-server'],
    ['mysql-parameter-audit-log-enabled', { value: 'OFF' }, 'LOG-06.database on mysql-server'],
    ['mysql-server', { backup: { backupRetentionDays: 1, geoRedundantBackup: 'Enabled' } }, 'BCR-01.database on mysql-server'],
    ['mysql-server', { highAvailability: { mode: 'Disabled' } }, 'BCR-06.database on mysql-server'],
    ['cosmos-account', { disableLocalAuth: false }, 'LPA-14.database on cosmos-account'],
    ['cosmos-account', { ipRules: [{ ipAddressOrRange: '0.0.0.0' }] }, 'DHC-05.database on cosmos-account'],
    ['cosmos-account', { backupPolicy: { type: 'Periodic' } }, 'BCR-01.database on cosmos-account'],
    ['cosmos-account', { enableAutomaticFailover: false }, 'LOC-05.database on cosmos-account'],
    ['cosmos-cases-open-container', { resource: { id: 'open', defaultTtl: -1 } }, 'DHC-06.database on cosmos-cases-open-container'],
    [
      'cosmos-grant-portal-role',
      { permissions: [{ dataActions: ['Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*'] }] },
      'LPA-02.database on cosmos-grant-portal-role',
    ],
    [
      'cosmos-grant-portal',
      { scope: '/subscriptions/s/providers/Microsoft.DocumentDB/databaseAccounts/a' },
      'LPA-09.database on cosmos-grant-portal',
    ],
    ['redis-database', { accessKeysAuthentication: 'Enabled' }, 'LPA-14.database on redis-database'],
    ['redis-database', { clientProtocol: 'Plaintext' }, 'TLS-05.database on redis-database'],
    ['redis-cluster', { highAvailability: 'Disabled' }, 'BCR-06.database on redis-cluster'],
    ['redis-cluster', { encryption: {} }, 'ENC-02.database on redis-cluster'],
    ['search-service', { disableLocalAuth: false }, 'LPA-14.database on search-service'],
    ['search-service', { encryptionWithCmk: { enforcement: 'Disabled' } }, 'ENC-02.database on search-service'],
    ['search-service', { publicNetworkAccess: 'Enabled' }, 'DID-05.database on search-service'],
    ['search-service', { dataExfiltrationProtections: null }, 'EXP-04.database on search-service'],
  ] as readonly (readonly [string, Properties | 'removed', string])[])('%s, as %j: %s', (name, edit, finding) => {
    expect(brokenBy(name, edit, finding.split(' ')[0] as string)).toContain(finding);
  });
});
