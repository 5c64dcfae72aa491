import { describe, expect, it } from 'vitest';
import { IncidentRunbooks, type IncidentRunbooksArgs, InvestigationQueries, type Tier } from '../constructs/azure';
import { reaches } from '../constructs/contract';
import { surroundings } from './support/azure-components';
import { run } from './support/azure-program';
import { weakened } from './support/azure-weakened';

const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
const GROUPS = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;

const built = (tier: Tier, args: Partial<IncidentRunbooksArgs> = {}) =>
  run(() => {
    const { common, contacts, logs, network, vault, workspace } = surroundings(tier);
    return new IncidentRunbooks('runbooks', {
      ...common,
      workspace,
      subscriptionId: SUBSCRIPTION,
      containsGroupId: `${GROUPS}/cases`,
      evidenceGroupId: `${GROUPS}/evidence`,
      sentinelPrincipalId: '44444444-4444-4444-4444-444444444444',
      logs,
      alerts: contacts.id,
      ...(reaches(tier, 'moderate') ? { network, key: vault.key('evidence') } : {}),
      ...args,
    });
  });

describe('IncidentRunbooks', () => {
  it('start with an incident of Sentinel, as themselves, and leave no content behind', async () => {
    const { program } = await built('high');
    for (const name of ['freezeIdentity', 'isolateHost', 'closeStore']) {
      const { definition, identity, parameters, state } = program.named(`runbooks-${name}`).inputs;
      expect({ identity, state }).toEqual({ identity: { type: 'SystemAssigned' }, state: 'Enabled' });
      expect(definition.triggers.Microsoft_Sentinel_incident.runtimeConfiguration.secureData.properties).toEqual(['inputs', 'outputs']);
      expect(definition.actions.comment.inputs.path).toBe('/Incidents/Comment');
      expect(parameters.$connections.value.azuresentinel.connectionProperties).toEqual({
        authentication: { type: 'ManagedServiceIdentity' },
      });
    }
    expect(JSON.stringify(program.named('runbooks-connection').inputs.properties.template)).toContain('"parameterValueType":"Alternative"');
  });

  it('disable accounts, isolate machines after a snapshot, and close stores', async () => {
    const { program } = await built('moderate');
    const steps = (name: string) => program.named(`runbooks-${name}`).inputs.definition.actions.each.actions;
    expect(steps('freezeIdentity').disable.inputs).toMatchObject({ method: 'PATCH', body: { accountEnabled: false } });
    expect(steps('freezeIdentity').revoke.inputs.uri).toMatch(/\/revokeSignInSessions$/);
    expect(steps('isolateHost').preserve.inputs.body.properties).toMatchObject({
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccess: 'Disabled',
    });
    expect(steps('isolateHost').interfaces.runAfter).toEqual({ preserve: ['Succeeded', 'Failed', 'TimedOut'] });
    expect(steps('closeStore').close.inputs.body.properties).toMatchObject({
      publicNetworkAccess: 'Disabled',
      allowSharedKeyAccess: false,
    });
    expect(Object.keys(steps('closeStore')).sort()).toEqual(['close', 'key1', 'key2', 'links']);
    expect(steps('closeStore').key2.runAfter).toEqual({ key1: ['Succeeded'] });
    const rules = program.named('runbooks-quarantine').inputs.securityRules;
    expect(rules.map(({ access, direction }: { access: string; direction: string }) => `${access} ${direction}`)).toEqual([
      'Deny Inbound',
      'Deny Outbound',
    ]);
  });

  it('have a role each that can do just that, where it is needed', async () => {
    const { program } = await built('moderate');
    const roles = program.of('authorization:RoleDefinition').map(({ inputs, name }) => [name, inputs.permissions[0].actions, inputs.scope]);
    expect(roles.every(([, actions]) => (actions as string[]).every((action) => !action.includes('*')))).toBe(true);
    expect(program.named('runbooks-closeStore-contains-role').inputs.permissions[0].actions).toEqual([
      'Microsoft.Storage/storageAccounts/read',
      'Microsoft.Storage/storageAccounts/write',
      'Microsoft.Storage/storageAccounts/regenerateKey/action',
      'Microsoft.Storage/storageAccounts/revokeUserDelegationKeys/action',
    ]);
    expect(program.named('runbooks-isolateHost-evidence-right').inputs.scope).toBe(`${GROUPS}/evidence`);
    expect(program.named('runbooks-isolateHost-quarantine-right').inputs.scope).toContain('runbooks-quarantine');
    expect(program.named('runbooks-isolateHost-quarantine-role').inputs.assignableScopes).toEqual([`${GROUPS}/rg`]);
  });

  it('keep evidence that nobody changes, and make up an incident every quarter', async () => {
    const { program } = await built('high', { evidenceDays: 730 });
    expect(program.named('runbooks-evidence-account').inputs.immutableStorageWithVersioning.immutabilityPolicy).toMatchObject({
      immutabilityPeriodSinceCreationInDays: 730,
      state: 'Locked',
    });
    expect(program.named('runbooks-exercise').inputs.definition.triggers.schedule.recurrence).toMatchObject({
      frequency: 'Month',
      interval: 3,
    });
  });

  it('are deployed the first time with an unlocked policy, where that is said', async () => {
    const { program } = await built('moderate', { locked: false });
    expect(program.named('runbooks-evidence-account').inputs.immutableStorageWithVersioning.immutabilityPolicy.state).toBe('Unlocked');
  });

  it('refuse numbers that make no sense, in one line', async () => {
    await expect(built('low', { evidenceDays: 0 })).rejects.toThrow(/evidenceDays is 0; write a whole number from 1 to/);
    await expect(built('low', { exerciseEveryMonths: 13 })).rejects.toThrow(/exerciseEveryMonths is 13; write a whole number from 1 to 12/);
  });
});

describe('InvestigationQueries', () => {
  it('ask who, what, which record, when and from where, over every kind of store', async () => {
    const { program } = await run(() => {
      const { common, workspace } = surroundings('moderate');
      return new InvestigationQueries('questions', {
        ...common,
        workspace,
        askers: [{ principalId: '33333333-3333-3333-3333-333333333333', principalType: 'Group' }],
      });
    });
    const queries = program.of('operationalinsights:Query').map(({ inputs }) => inputs);
    expect(queries.map(({ displayName }) => displayName).sort()).toEqual([
      'WhatAnIdentityChanged',
      'WhatAnIdentityRead',
      'WhatCameFromAnAddress',
      'WhoReadInBulk',
      'WhoTouchedARecord',
      'WhoTouchedAStore',
    ]);
    const { body } = program.named('questions-WhoTouchedARecord').inputs;
    for (const table of ['StorageBlobLogs', 'CDBDataPlaneRequests', 'SQLSecurityAuditEvents', 'PGSQLServerLogs', 'AZKVAuditLogs'])
      expect(body).toContain(table);
    expect(body).toMatch(/project TimeGenerated, Who, Address, Store, What, Item, Result/);
    expect(program.named('questions-asker-1').inputs.scope).toContain('logs-workspace');
  });
});

describe('weakening response from outside', () => {
  it('is named by the rule of each promise', async () => {
    const failed = await weakened('response', {
      'logic:Workflow': { state: 'Disabled' },
      'storage:StorageAccount': { immutableStorageWithVersioning: undefined },
      'operationalinsights:Query': { queryPackName: 'another' },
    });
    expect(failed).toEqual(
      expect.arrayContaining([
        'INC-03.response on incidentrunbooks-freezeIdentity',
        'INC-09.response on incidentrunbooks-evidence-container-evidence',
        'INC-10.response on investigationqueries-pack',
      ]),
    );
  });
});
