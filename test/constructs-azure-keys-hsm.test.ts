import { describe, expect, it } from 'vitest';
import { SecureManagedHsm, type SecureManagedHsmArgs, type Tier } from '../constructs/azure';
import { evaluate } from '../policies/evaluate';
import { Graph } from '../policies/graph';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { surroundings, TENANT, TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const hsm = (tier: Tier, args: Partial<SecureManagedHsmArgs> = {}) =>
  run(
    () => {
      const { common, contacts, logs, network } = surroundings(tier);
      const within = tier === 'low' ? {} : { network };
      return new SecureManagedHsm('modules', {
        ...common,
        ...within,
        tenantId: TENANT,
        logs,
        alerts: contacts.id,
        administrators: ['admin-1', 'admin-2'],
        ...args,
      });
    },
    { config: TODAY },
  );

describe('SecureManagedHsm', () => {
  it('is private, cannot be purged, and keeps what is deleted for 90 days, at every tier', async () => {
    for (const tier of ['low', 'moderate', 'high'] as const) {
      const { inputs } = (await hsm(tier)).program.named('modules-hsm');
      expect(inputs.name).toMatch(/^modules[0-9a-f]{8}$/);
      expect(inputs.sku).toEqual({ family: 'B', name: 'Standard_B1' });
      expect(inputs.properties).toEqual({
        tenantId: TENANT,
        createMode: 'default',
        initialAdminObjectIds: ['admin-1', 'admin-2'],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        publicNetworkAccess: 'Disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [], virtualNetworkRules: [] },
      });
    }
  });

  it.each([[[]], [['admin-1']], [['admin-1', 'admin-1']]])('needs two different administrators, not %j', async (administrators) => {
    await expect(hsm('low', { administrators })).rejects.toThrow(
      /SecureManagedHsm "modules": administrators names \d of at least 2 different people/,
    );
  });

  it('is reached at a private address from tier moderate', async () => {
    await expect(hsm('moderate', { network: undefined })).rejects.toThrow(/tier moderate needs `network` \(DID-05\)/);
    const { program } = await hsm('moderate');
    expect(program.named('modules-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['managedhsm']);
    expect(program.named('modules-endpoint-dns').inputs.privateDnsZoneConfigs[0].name).toBe('privatelink-managedhsm-azure-net');
  });

  it('records every use, and alerts on deletion of the module and destruction of its keys', async () => {
    const { program } = await hsm('low');
    expect(program.named('modules-diagnostics').inputs.logs).toEqual([{ category: 'AuditEvent', enabled: true }]);
    expect(JSON.stringify(program.named('modules-deletion-alert').inputs.condition)).toContain('Microsoft.KeyVault/managedHSMs/delete');
    expect(program.named('modules-destruction-alert').inputs.criteria.allOf[0].query).toMatch(/modules-hsm.*"KeyDelete", "KeyPurge"/);
  });

  it('is locked, unless that is relaxed under a waiver', async () => {
    expect((await hsm('low')).program.named('modules-hsm-lock').inputs.level).toBe('CanNotDelete');
    const { program } = await hsm('low', { relax: [relaxationOf('DHC-10')] });
    expect(program.all.filter(({ name }) => name === 'modules-hsm-lock')).toEqual([]);
    expect(program.named('modules-waiver-dhc-10').inputs.ticket).toBe('SEC-1201');
  });

  it('does not let purge protection be relaxed', async () => {
    await expect(hsm('low', { relax: [relaxationOf('ENC-05')] })).rejects.toThrow(
      /ENC-05 cannot be relaxed on SecureManagedHsm: purge protection/,
    );
  });
});

describe('what somebody weakens later', () => {
  const gathered = gatherStatement(`load('test/support/azure-components.ts').everyComponent('high', ['keys']);`);

  it.each<readonly [change: Record<string, unknown>, rule: string]>([
    [{ enablePurgeProtection: false }, 'ENC-05.keys'],
    [{ softDeleteRetentionInDays: 7 }, 'ENC-05.keys'],
    [{ publicNetworkAccess: 'Enabled' }, 'ENC-07.keys'],
  ])('is named: %j', async (change, rule) => {
    const { graph } = await gathered;
    const weaken = ({ id, logicalId, type, token, names, path, parent, options, properties, unit }: Resource) => {
      const own = (properties as { readonly properties: object }).properties;
      const init = { id, logicalId, type, token, names, path, parent, options };
      return new Resource({ ...init, properties: { properties: { ...own, ...change } } as never }, unit);
    };
    const resources = [...graph.resources()].map((one) => (one.logicalId === 'securemanagedhsm-hsm' ? weaken(one) : one));
    const { findings } = evaluate(new Graph({ resources, units: graph.units }), { rules: RULES.filter(({ id }) => id === rule) });
    expect(findings.filter(({ verdict }) => verdict === 'fail').map(({ resource }) => resource.logicalId)).toContain(
      'securemanagedhsm-hsm',
    );
  });
});
