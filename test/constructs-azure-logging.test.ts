import { describe, expect, it } from 'vitest';
import {
  diagnosticSettings,
  LogArchive,
  type LogArchiveArgs,
  SecureActivityLog,
  type SecureActivityLogArgs,
  SecureLogWorkspace,
  type SecureLogWorkspaceArgs,
  SecurityContacts,
  type Tier,
} from '../constructs/azure';
import { CLUSTER, surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const OPTIONS = { config: TODAY };
const READER = { principalId: 'group-3', principalType: 'Group' } as const;

describe('SecureLogWorkspace', () => {
  const built = (tier: Tier, args: Partial<SecureLogWorkspaceArgs> = {}) =>
    run(
      () => new SecureLogWorkspace('siem', { ...surroundings(tier).common, ...(tier === 'high' ? { clusterId: CLUSTER } : {}), ...args }),
      OPTIONS,
    );

  it('has no shared keys, no public network, no daily cap, and does not purge early', async () => {
    const { program } = await built('moderate');
    expect(program.named('siem-workspace').inputs).toMatchObject({
      retentionInDays: 365,
      sku: { name: 'PerGB2018' },
      workspaceCapping: { dailyQuotaGb: -1 },
      publicNetworkAccessForIngestion: 'Disabled',
      publicNetworkAccessForQuery: 'Disabled',
      features: {
        disableLocalAuth: true,
        enableDataExport: false,
        enableLogAccessUsingOnlyResourcePermissions: false,
        immediatePurgeDataOn30Days: false,
      },
    });
    expect(program.named('siem-workspace-lock').inputs.level).toBe('CanNotDelete');
    expect(program.named('siem-diagnostics').inputs.logs).toEqual([{ category: 'Audit', enabled: true }]);
  });

  it('keeps records searchable as long as the tier asks for, and at most as long as the service can', async () => {
    expect((await built('high')).program.named('siem-workspace').inputs.retentionInDays).toBe(730);
    await expect(built('low', { retention: 90 })).rejects.toThrow(
      /retention of 90 days at tier low breaks LOG-10.*at least 365, or relax: \[\{ control: 'LOG-10'/,
    );
    await expect(built('low', { retention: 900 })).rejects.toThrow(
      /retention is 900; Log Analytics keeps records searchable for 30 to 730 days/,
    );
    const { program } = await built('low', { retention: 90, relax: [relaxationOf('LOG-10')] });
    expect(program.named('siem-workspace').inputs.retentionInDays).toBe(90);
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'LOG-10',
      resource: expect.stringMatching(/::siem-workspace$/),
    });
  });

  it('is read over a private link only, by the readers that are named', async () => {
    const { program } = await run(() => {
      const { common, network } = surroundings('high');
      return new SecureLogWorkspace('siem', { ...common, clusterId: CLUSTER, network, readers: [READER] });
    });
    expect(program.named('siem-scope').inputs.accessModeSettings).toEqual({
      ingestionAccessMode: 'PrivateOnly',
      queryAccessMode: 'PrivateOnly',
      exclusions: [],
    });
    expect(program.named('siem-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['azuremonitor']);
    expect(program.named('siem-endpoint-dns').inputs.privateDnsZoneConfigs).toHaveLength(5);
    expect(program.named('siem-reader-1').inputs).toMatchObject({ ...READER, scope: expect.stringContaining('siem-workspace') });
  });

  it('is linked to a dedicated cluster at tier high, whose key then encrypts it', async () => {
    await expect(built('high', { clusterId: undefined })).rejects.toThrow(/tier high needs `clusterId` \(LOG-11\).*or relax LOG-11/);
    const { program } = await built('high', { clusterId: '/clusters/shared' });
    expect(program.named('siem-workspace').inputs.sku).toEqual({ name: 'LACluster' });
    expect(program.named('siem-cluster').inputs).toMatchObject({ linkedServiceName: 'Cluster', writeAccessResourceId: '/clusters/shared' });
  });
});

describe('relaxing a promise of a SecureLogWorkspace', () => {
  it('records the waiver of a key of the platform, and of an environment that comes and goes', async () => {
    const { program } = await run(
      () => new SecureLogWorkspace('siem', { ...surroundings('high').common, relax: [relaxationOf('LOG-11'), relaxationOf('DHC-10')] }),
      OPTIONS,
    );
    expect(program.named('siem-workspace').inputs.sku).toEqual({ name: 'PerGB2018' });
    expect(program.all.filter(({ name }) => name === 'siem-workspace-lock')).toEqual([]);
    expect(
      program
        .of('palisade:index:Waiver')
        .map(({ inputs }) => inputs.rule)
        .sort(),
    ).toEqual(['DHC-10', 'LOG-11']);
  });
});

describe('LogArchive', () => {
  const built = (tier: Tier, args: Partial<LogArchiveArgs> = {}) =>
    run(() => {
      const { common, network, vault, workspace } = surroundings(tier);
      const within = tier === 'low' ? {} : { key: vault.key('records'), network };
      return new LogArchive('records', { ...common, ...within, logs: workspace.sink, ...args });
    }, OPTIONS);

  it.each([
    ['low', 365],
    ['moderate', 365],
    ['high', 731],
  ] as const)('is write-once at tier %s for %i days, locked, while Azure Monitor can still append', async (tier, days) => {
    const { program } = await built(tier);
    expect(program.named('records-account').inputs).toMatchObject({
      immutableStorageWithVersioning: {
        enabled: true,
        immutabilityPolicy: { allowProtectedAppendWrites: true, immutabilityPeriodSinceCreationInDays: days, state: 'Locked' },
      },
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny', bypass: 'AzureServices' },
    });
    expect(program.named('records-lifecycle').inputs.policy.rules[0].definition.actions.version.delete.daysAfterCreationGreaterThan).toBe(
      days + 30,
    );
  });

  it('is encrypted with a key of its own from tier moderate', async () => {
    await expect(built('moderate', { key: undefined })).rejects.toThrow(/LogArchive "records": tier moderate needs `key` \(LOG-11\)/);
    const { program } = await built('moderate');
    expect(program.named('records-account').inputs.encryption.keyVaultProperties.keyName).toBe('records');
  });

  it('records its own reads in the workspace and never in itself', async () => {
    const { program } = await built('high', { logs: { workspaceId: '/w', workspaceLocation: 'westeurope', archiveId: '/itself' } });
    const { inputs } = program.named('records-blob-diagnostics');
    expect(inputs.logs).toContainEqual({ category: 'StorageRead', enabled: true });
    expect(inputs).toMatchObject({ workspaceId: '/w' });
    expect(inputs.storageAccountId).toBeUndefined();
  });

  it('is read by the readers that are named', async () => {
    const { program } = await built('high', { readers: [READER] });
    expect(program.named('records-reader-1').inputs).toMatchObject({ ...READER, scope: expect.stringContaining('records-account') });
  });

  it('cannot keep records for less than the tier asks for', async () => {
    await expect(built('high', { retention: 365 })).rejects.toThrow(
      /retention is 365; tier high keeps records for at least 731 days \(LOG-10\)/,
    );
  });

  it('is created unlocked by a relaxation that ends, because Azure creates no locked policy', async () => {
    const { program } = await built('high', { relax: [relaxationOf('LOG-08')] });
    expect(program.named('records-account').inputs.immutableStorageWithVersioning.immutabilityPolicy.state).toBe('Unlocked');
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'LOG-08',
      resource: expect.stringMatching(/::records-account$/),
    });
  });
});

describe('SecurityContacts', () => {
  it('tells every mailbox that is named, and refuses to tell nobody', async () => {
    const contacts = (emails: Record<string, string>) =>
      run(() => new SecurityContacts('watch', { ...surroundings('low').common, emails }));
    const { program } = await contacts({ soc: 'soc@example.com', duty: 'duty@example.com' });
    expect(program.named('watch-group').inputs).toMatchObject({ enabled: true, groupShortName: 'watch' });
    expect(program.named('watch-group').inputs.emailReceivers.map((receiver: { name: string }) => receiver.name)).toEqual(['soc', 'duty']);
    await expect(contacts({})).rejects.toThrow(/SecurityContacts "watch": emails is empty/);
  });
});

describe('SecureActivityLog', () => {
  const built = (args: Partial<SecureActivityLogArgs> = {}) =>
    run(() => {
      const { common, contacts, logs } = surroundings('high');
      return new SecureActivityLog('activity', { ...common, subscriptionId: 'sub-1', logs, alerts: contacts.id, ...args });
    }, OPTIONS);

  it('records every category of the control plane in the workspace and the archive', async () => {
    const { inputs } = (await built()).program.one('monitor:SubscriptionDiagnosticSetting');
    expect(inputs.logs.map(({ category }: { category: string }) => category).sort()).toEqual(
      ['Administrative', 'Alert', 'Autoscale', 'Policy', 'Recommendation', 'ResourceHealth', 'Security', 'ServiceHealth'].sort(),
    );
    expect(inputs.logs.every(({ enabled }: { enabled: boolean }) => enabled)).toBe(true);
    expect(inputs).toMatchObject({
      workspaceId: expect.stringContaining('logs-workspace'),
      storageAccountId: expect.stringContaining('archive-account'),
    });
  });

  it('alerts on the loss, the change and the silence of records in the whole subscription', async () => {
    const { program } = await built();
    const loss = program.named('activity-loss-alert').inputs;
    expect(loss.scopes).toEqual(['/subscriptions/sub-1']);
    for (const operation of [
      'Microsoft.Insights/diagnosticSettings/delete',
      'Microsoft.Network/networkWatchers/flowLogs/delete',
      'Microsoft.Authorization/locks/delete',
    ])
      expect(loss.condition.allOf[1].anyOf).toContainEqual({ field: 'operationName', equals: operation });
    expect(JSON.stringify(program.named('activity-opening-alert').inputs.condition)).toContain('securityRules/write');
    expect(JSON.stringify(program.named('activity-change-alert').inputs.condition)).toContain('diagnosticSettings/write');
    expect(program.named('activity-silence-alert').inputs).toMatchObject({
      evaluationFrequency: 'PT15M',
      criteria: { allOf: [{ query: 'AzureActivity | where SubscriptionId =~ "sub-1"', operator: 'LessThan', threshold: 1 }] },
    });
  });

  it('forbids the deletion of what records', async () => {
    const { program } = await built();
    expect(program.named('activity-guard-definition').inputs.policyRule).toEqual({
      if: {
        field: 'type',
        in: expect.arrayContaining(['Microsoft.Insights/diagnosticSettings', 'Microsoft.OperationalInsights/workspaces']),
      },
      // biome-ignore lint/suspicious/noThenProperty: the policy language calls it so
      then: { effect: 'denyAction', details: { actionNames: ['delete'] } },
    });
    expect(program.named('activity-guard').inputs).toMatchObject({
      enforcementMode: 'Default',
      scope: '/subscriptions/sub-1',
      notScopes: [],
    });
  });

  it('lets records move to another place, for a while and on record', async () => {
    const { program } = await built({ relax: [relaxationOf('LOG-15')] });
    expect(program.of('authorization:PolicyAssignment')).toEqual([]);
    expect(program.one('palisade:index:Waiver').inputs.rule).toBe('LOG-15');
  });
});

describe('diagnosticSettings', () => {
  it('sends everything that a resource records, unless categories are named', async () => {
    const { program } = await run(() => {
      const { logs } = surroundings('low');
      diagnosticSettings('all', { resourceId: '/gateway', logs });
      diagnosticSettings('some', { resourceId: '/gateway', logs, categories: ['Access'], metrics: [] });
    });
    expect(program.named('all').inputs).toMatchObject({
      resourceUri: '/gateway',
      logAnalyticsDestinationType: 'Dedicated',
      logs: [{ categoryGroup: 'allLogs', enabled: true }],
      metrics: [{ category: 'AllMetrics', enabled: true }],
    });
    expect(program.named('some').inputs).toMatchObject({ logs: [{ category: 'Access', enabled: true }], metrics: [] });
  });
});
