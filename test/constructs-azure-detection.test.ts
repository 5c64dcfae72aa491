import { describe, expect, it } from 'vitest';
import {
  ContinuousExport,
  SecureSentinel,
  type SecureSentinelArgs,
  SecurityAlarms,
  SecurityContacts,
  ThreatDetection,
  type Tier,
} from '../constructs/azure';
import { surroundings } from './support/azure-components';
import { run } from './support/azure-program';
import { weakened } from './support/azure-weakened';

const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
const TENANT = '11111111-1111-1111-1111-111111111111';
const TEAM = { principalId: '33333333-3333-3333-3333-333333333333', principalType: 'Group' } as const;
const FREEZE = '/subscriptions/s/resourceGroups/response/providers/Microsoft.Logic/workflows/freeze';

const watching = (tier: Tier) => {
  const { common, contacts, logs, workspace } = surroundings(tier);
  return { common: { ...common, subscriptionId: SUBSCRIPTION, alerts: contacts.id }, logs, workspace };
};
const operationsOf = (alert: {
  readonly inputs: { readonly condition: { readonly allOf: readonly { readonly anyOf?: readonly { equals: string }[] }[] } };
}) => alert.inputs.condition.allOf.flatMap(({ anyOf = [] }) => anyOf.map(({ equals }) => equals));

describe('ThreatDetection', () => {
  const built = () =>
    run(() => new ThreatDetection('threats', { ...watching('high').common, emails: ['soc@example.com', 'duty@example.com'] }));

  it('switches on every plan that is alive, with what belongs to it', async () => {
    const { program } = await built();
    const plans = program.of('security:Pricing');
    expect(plans.map(({ inputs }) => inputs.pricingName).sort()).toEqual(
      [
        ...['AI', 'Api', 'AppServices', 'Arm', 'CloudPosture', 'Containers', 'CosmosDbs', 'KeyVaults', 'OpenSourceRelationalDatabases'],
        ...['SqlServerVirtualMachines', 'SqlServers', 'StorageAccounts', 'VirtualMachines'],
      ].sort(),
    );
    expect(plans.every(({ inputs }) => inputs.pricingTier === 'Standard' && inputs.scopeId === `subscriptions/${SUBSCRIPTION}`)).toBe(true);
    expect(program.named('threats-VirtualMachines').inputs).toMatchObject({ subPlan: 'P2', enforce: 'True' });
    expect(program.named('threats-StorageAccounts').inputs.extensions).toEqual([
      { name: 'OnUploadMalwareScanning', isEnabled: 'True', additionalExtensionProperties: { CapGBPerMonthPerStorageAccount: '-1' } },
      { name: 'SensitiveDataDiscovery', isEnabled: 'True' },
    ]);
  });

  it('sends findings to people, and tells who weakens it', async () => {
    const { program } = await built();
    expect(program.named('threats-contact').inputs).toMatchObject({
      securityContactName: 'default',
      emails: 'soc@example.com;duty@example.com',
      isEnabled: true,
      notificationsByRole: { state: 'On', roles: ['Owner'] },
    });
    expect(operationsOf(program.named('threats-weakening-alert'))).toEqual(
      expect.arrayContaining(['Microsoft.Security/pricings/write', 'Microsoft.Security/pricings/delete']),
    );
  });

  it('refuses to be without a mailbox', async () => {
    await expect(run(() => new ThreatDetection('threats', { ...watching('low').common, emails: [] }))).rejects.toThrow(/emails is empty/);
  });
});

describe('SecurityContacts', () => {
  it('tell services only with a token, and never in clear text', async () => {
    const webhook = {
      serviceUri: 'https://tickets.example.com',
      objectId: TEAM.principalId,
      identifierUri: 'api://tickets',
      tenantId: TENANT,
    };
    const built = (serviceUri: string) =>
      run(
        () =>
          new SecurityContacts('duty', {
            ...surroundings('low').common,
            emails: { soc: 'soc@example.com' },
            webhooks: { tickets: { ...webhook, serviceUri } },
          }),
      );
    const { program } = await built(webhook.serviceUri);
    expect(program.named('duty-group').inputs.webhookReceivers).toEqual([
      { name: 'tickets', ...webhook, useAadAuth: true, useCommonAlertSchema: true },
    ]);
    await expect(built('http://tickets.example.com')).rejects.toThrow(/serviceUri of the webhook "tickets" is .* starts with https/);
  });
});

describe('ContinuousExport', () => {
  it('sends everything that Defender knows of the subscription to the workspace', async () => {
    const { program } = await run(() => {
      const { common, logs } = watching('moderate');
      return new ContinuousExport('findings', { ...common, logs });
    });
    const { actions, isEnabled, scopes, sources } = program.named('findings-export').inputs;
    expect({ isEnabled, actions }).toEqual({
      isEnabled: true,
      actions: [{ actionType: 'Workspace', workspaceResourceId: expect.stringContaining('logs-workspace') }],
    });
    expect(scopes[0].scopePath).toBe(`/subscriptions/${SUBSCRIPTION}`);
    expect(sources.map(({ eventSource }: { eventSource: string }) => eventSource)).toEqual(
      expect.arrayContaining(['Alerts', 'Assessments', 'SubAssessments', 'SecureScores', 'RegulatoryComplianceAssessment']),
    );
  });
});

describe('SecurityAlarms', () => {
  const built = (sentinel: boolean) =>
    run(() => {
      const { common, logs } = watching('moderate');
      return new SecurityAlarms('alarms', { ...common, logs, sentinel });
    });

  it('tell of removed safeguards, and when no record arrives for an hour', async () => {
    const { program } = await built(true);
    expect(operationsOf(program.named('alarms-removal-alert'))).toEqual(
      expect.arrayContaining([
        'Microsoft.Authorization/locks/delete',
        'Microsoft.Authorization/policyAssignments/delete',
        'Microsoft.Insights/diagnosticSettings/delete',
        'Microsoft.Security/pricings/delete',
        'Microsoft.SecurityInsights/alertRules/delete',
      ]),
    );
    expect(program.named('alarms-silence-alert').inputs).toMatchObject({
      windowSize: 'PT1H',
      criteria: { allOf: [{ operator: 'LessThan', threshold: 1 }] },
    });
    expect(program.of('monitor:ScheduledQueryRule').filter(({ name }) => name.startsWith('alarms-'))).toHaveLength(1);
  });

  it('put the questions of Sentinel where there is none, but for those that need a watchlist', async () => {
    const { program } = await built(false);
    const names = program.of('monitor:ScheduledQueryRule').map(({ name }) => name);
    expect(names).toContain('alarms-bulkReads');
    expect(names).not.toContain('alarms-emergencySignIn');
    const { query } = program.named('alarms-recordsStopped').inputs.criteria.allOf[0];
    expect(query).toMatch(/^union isfuzzy=true \(datatable\(.*\)\[\]\), \(AzureActivity \| where ingestion_time\(\) > ago\(5m\)/);
  });
});

describe('SecureSentinel', () => {
  const built = (tier: Tier, args: Partial<SecureSentinelArgs> = {}) =>
    run(() => {
      const { common, workspace } = watching(tier);
      return new SecureSentinel('sentinel', {
        ...common,
        workspace,
        tenantId: TENANT,
        responders: [TEAM],
        closedRoles: { 'Support, engineers': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
        emergencyAccounts: ['emergency-1@example.com'],
        playbooks: { freeze: { workflowId: FREEZE, starts: ['bulkReads'] }, close: { workflowId: `${FREEZE}-2` } },
        ...args,
      });
    });

  it('has detections with tactics, techniques, entities and grouped incidents', async () => {
    const { program } = await built('high');
    const rules = program.of('securityinsights:ScheduledAlertRule').map(({ inputs }) => inputs);
    expect(rules).toHaveLength(14);
    for (const rule of rules) {
      expect(rule, rule.displayName).toMatchObject({ enabled: true, kind: 'Scheduled', incidentConfiguration: { createIncident: true } });
      expect(rule.tactics, rule.displayName).toHaveLength(1);
      expect(rule.techniques[0], rule.displayName).toMatch(/^T\d{4}$/);
      expect(rule.entityMappings.map(({ entityType }: { entityType: string }) => entityType)).toEqual(['Account', 'IP', 'AzureResource']);
      expect(rule.query, rule.displayName).toMatch(/project TimeGenerated, Who, WhoId, Address, Resource, Times\)$/);
    }
    expect(program.named('sentinel-otherRoles').inputs.query).toContain('_GetWatchlist("palisade-closed-roles")');
  });

  it('knows who is who, what is usual, and its own health', async () => {
    const { program } = await built('high');
    expect(program.named('sentinel-onboarding').inputs).toMatchObject({ sentinelOnboardingStateName: 'default', customerManagedKey: true });
    expect(program.named('sentinel-behaviour').inputs.dataSources).toEqual(['AuditLogs', 'AzureActivity', 'SecurityEvent', 'SigninLogs']);
    expect(program.named('sentinel-health').inputs.resourceUri).toMatch(/Microsoft\.SecurityInsights\/settings\/SentinelHealth$/);
    expect(program.named('sentinel-roles').inputs.rawContent).toBe(
      'RoleDefinitionId,Role\n2a2b9908-6ea1-4ae2-8e65-a410df84e7d1,"Support, engineers"',
    );
  });

  it('starts a playbook with the incidents that it is told, and only then', async () => {
    const { program } = await built('moderate');
    const { actions, triggeringLogic } = program.named('sentinel-start-freeze').inputs;
    expect(actions).toEqual([
      { actionType: 'RunPlaybook', order: 1, actionConfiguration: { logicAppResourceId: FREEZE, tenantId: TENANT } },
    ]);
    expect(triggeringLogic.conditions[0].conditionProperties).toMatchObject({
      propertyName: 'IncidentRelatedAnalyticRuleIds',
      propertyValues: [expect.stringContaining('sentinel-bulkReads')],
    });
    expect(
      program
        .of('securityinsights:AutomationRule')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['sentinel-start-freeze', 'sentinel-tasks']);
  });

  it('refuses what leaves nobody to answer, in one line', async () => {
    await expect(built('low', { responders: [] })).rejects.toThrow(/responders is empty.*INC-11/);
    await expect(built('moderate', { playbooks: { freeze: { workflowId: FREEZE } } })).rejects.toThrow(
      /no playbook starts by itself.*INC-03/,
    );
    await expect(built('low', { closedRoles: { Reader: 'Reader' } })).rejects.toThrow(/closedRoles\."Reader" is "Reader"; write the GUID/);
    await expect(built('low', { emergencyAccounts: [] })).rejects.toThrow(/emergencyAccounts is empty/);
  });
});

describe('weakening detection from outside', () => {
  it('is named by the rule of each promise', async () => {
    const failed = await weakened('detection', {
      'security:Pricing': { pricingTier: 'Free' },
      'security:Automation': { isEnabled: false },
      'security:SecurityContact': { isEnabled: false },
      'securityinsights:ScheduledAlertRule': { enabled: false, 'incidentConfiguration.createIncident': false },
      'securityinsights:AutomationRule': { actions: [] },
      'securityinsights:Ueba': { dataSources: [] },
      'monitor:ActionGroup': { emailReceivers: [] },
    });
    expect(failed).toEqual(
      expect.arrayContaining([
        'INC-02.response on securesentinel-bulkReads',
        'INC-02.response on securesentinel-tasks',
        'INC-03.response on securesentinel-onboarding',
        'MON-01.detection on threatdetection-KeyVaults',
        'MON-02.detection on continuousexport-export',
        'MON-05.detection on contacts-group',
        'MON-05.detection on threatdetection-contact',
        'MON-07.detection on securesentinel-behaviour',
        'MON-08.detection on securesentinel-keysDestroyed',
        'MON-09.detection on threatdetection-CloudPosture',
      ]),
    );
  });
});
