import { describe, expect, it } from 'vitest';
import {
  DedicatedLogCluster,
  SecureDataCollection,
  type SecureDataCollectionArgs,
  SecureLogWorkspace,
  type Tier,
} from '../constructs/azure';
import { CLUSTER, surroundings } from './support/azure-components';
import { run } from './support/azure-program';
import { weakened } from './support/azure-weakened';

const MACHINE = '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/virtualMachines/desk-1';

describe('a SecureDataCollection', () => {
  const built = (tier: Tier, args: Partial<SecureDataCollectionArgs> = {}) =>
    run(() => {
      const { common, network } = surroundings(tier);
      const workspace = new SecureLogWorkspace('siem', { ...common, network, ...(tier === 'high' ? { clusterId: CLUSTER } : {}) });
      const collection = new SecureDataCollection('machines', { ...common, workspace, ...args });
      collection.collectFrom('desk', MACHINE);
      return collection;
    });

  it('collects what has to be collected, over the private network of the workspace alone', async () => {
    const { program } = await built('moderate');
    expect(program.named('machines-endpoint').inputs.networkAcls).toEqual({ publicNetworkAccess: 'Disabled' });
    expect(program.named('machines-scope-member').inputs).toMatchObject({ scopeName: 'siem-scope' });
    const { dataFlows, dataSources, destinations } = program.named('machines-rule').inputs;
    expect(dataSources.syslog[0].facilityNames).toEqual(expect.arrayContaining(['auth', 'authpriv']));
    expect(dataSources.windowsEventLogs[0].xPathQueries).toContain('Security!*');
    expect(destinations.logAnalytics[0].workspaceResourceId).toContain('siem-workspace');
    expect(dataFlows.every(({ transformKql }: { transformKql: string }) => transformKql === 'source')).toBe(true);
    expect(program.named('machines-desk-endpoint').inputs).toMatchObject({
      resourceUri: MACHINE,
      associationName: 'configurationAccessEndpoint',
    });
  });

  it('keeps each table as long as the class of its records asks, in the steps that the service knows', async () => {
    const { program } = await built('high', { tables: { CaseService_CL: 'operations' } });
    expect(program.named('machines-table-Syslog').inputs).toMatchObject({ retentionInDays: 730, totalRetentionInDays: 1095 });
    expect(program.named('machines-table-CaseService_CL').inputs).toMatchObject({ retentionInDays: 180, totalRetentionInDays: 180 });
  });

  it('refuses a class that there is not', async () => {
    await expect(built('low', { tables: { Syslog: 'debug' as 'operations' } })).rejects.toThrow(
      /tables\.Syslog is "debug"; write security/,
    );
  });
});

describe('a DedicatedLogCluster', () => {
  it('encrypts twice, with the newest version of its own key, in every zone', async () => {
    const { program } = await run(() => {
      const { common, vault } = surroundings('high');
      return new DedicatedLogCluster('records', { ...common, key: vault.key('records') });
    });
    expect(program.named('records-cluster').inputs).toMatchObject({
      sku: { name: 'CapacityReservation', capacity: 100 },
      isAvailabilityZonesEnabled: true,
      isDoubleEncryptionEnabled: true,
      identity: { type: 'UserAssigned' },
      keyVaultProperties: { keyName: 'records', keyVersion: '' },
    });
    expect(program.named('records-cluster-lock').inputs.level).toBe('CanNotDelete');
  });

  it('refuses an amount that is not sold', async () => {
    await expect(
      run(() => {
        const { common, vault } = surroundings('low');
        return new DedicatedLogCluster('records', { ...common, key: vault.key('records'), capacity: 150 });
      }),
    ).rejects.toThrow(/capacity is 150; write one that the service sells: 100, 200/);
  });
});

describe('weakening them from outside', () => {
  it('is named by the rule of each promise', async () => {
    const failed = await weakened('logging', {
      'operationalinsights:Cluster': { keyVaultProperties: undefined },
      'operationalinsights:Table': { totalRetentionInDays: 90 },
      'monitor:DiagnosticSetting': { logs: [] },
    });
    expect(failed).toEqual(
      expect.arrayContaining([
        'LOG-10.logging on securedatacollection-table-Syslog',
        'LOG-11.logging on dedicatedlogcluster-cluster',
        'LOG-13.logging on securedatacollection-rule',
      ]),
    );
  });
});
