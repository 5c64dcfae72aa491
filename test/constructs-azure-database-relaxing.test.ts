import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';

const JUDGED = RULES.filter(({ cloud, id }) => cloud === 'azure' && /\.(database|logging)$/.test(id));

describe('databases that are relaxed in every way there is', () => {
  it('break exactly those controls, each under its own waiver, and none is kept for nothing', async () => {
    const { graph, waivers } = await gatherStatement("load('test/support/azure-databases.ts').relaxedDatabases();", TODAY);
    const judged = evaluate(graph, { rules: JUDGED, waivers, today: new Date('2026-11-22T00:00:00Z') });
    const seen = judged.findings.map(({ control, resource, waiver }) => `${control} on ${resource.logicalId}: ${waiver?.ticket}`);
    const servers = ['postgres-server', 'mysql-server'];
    expect([...new Set(seen)].sort()).toEqual(
      [
        ...['BCR-03', 'BCR-06', 'DHC-04', 'DHC-10', 'LOG-05'].map((control) => `${control} on sql-cases-database: SEC-1201`),
        ...['DHC-10', 'LOC-05'].map((control) => `${control} on sql-server: SEC-1201`),
        ...servers.flatMap((name) => ['BCR-03', 'BCR-06', 'DHC-10'].map((control) => `${control} on ${name}: SEC-1201`)),
        ...['BCR-06', 'DHC-10', 'LOC-05'].map((control) => `${control} on cosmos-account: SEC-1201`),
        'FLS-06 on cosmos-cases-open-container: SEC-1201',
        ...['BCR-06', 'DHC-10'].map((control) => `${control} on redis-cluster: SEC-1201`),
        ...['BCR-06', 'DHC-10', 'EXP-04'].map((control) => `${control} on search-service: SEC-1201`),
      ].sort(),
    );
    expect(judged.waivers.map(({ message }) => message)).toEqual([]);
  });
});

describe('databases of a system that promises to stay in two paired places', () => {
  it('keep every copy there, for all that can be told before they are deployed', async () => {
    const { graph } = await gatherStatement("load('test/support/azure-databases.ts').residentDatabases();");
    const { findings } = evaluate(graph, { rules: JUDGED, passes: true });
    expect(findings.filter(({ verdict }) => verdict !== 'pass').map(({ message, rule }) => `${rule}: ${message}`)).toEqual([]);
    const staying = findings.filter(({ control }) => control === 'LOC-02').map(({ resource }) => resource.logicalId);
    expect([...new Set(staying)].sort()).toEqual(['cosmos-account', 'postgres-server', 'sql-cases-database']);
  });
});
