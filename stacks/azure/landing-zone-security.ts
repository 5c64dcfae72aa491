import * as securityinsights from '@pulumi/azure-native/securityinsights';
import type * as pulumi from '@pulumi/pulumi';
import {
  BackupGuard,
  IncidentRunbooks,
  InvestigationQueries,
  type Principal,
  SecureDataCollection,
  SecureResourceGroup,
  SecureSentinel,
  SecurityAlarms,
} from '../../constructs/azure';
import { queryAlert } from '../../constructs/azure/detection-alerts';
import { roleGuid } from '../../constructs/azure/identity-roles';
import { physicalUuid } from '../../constructs/azure/naming';
import type { Records } from './landing-zone-management';
import type { Place } from './landing-zone-place';
import { subscriptionsOf } from './landing-zone-settings';
import type { Watch } from './landing-zone-subscription';

/** What {@link answerIncidents} needs besides the place. */
export interface SecurityArgs {
  readonly records: Records;
  readonly watch: Watch;
  /** Group that works on incidents; its members come through an access package. */
  readonly responders: Principal;
}

/** What other subscriptions build on. */
export interface Security {
  readonly sentinel: SecureSentinel;
  readonly runbooks: IncidentRunbooks;
  /** Without its consent nobody removes a backup; vaults of workloads name it as `guardId`. */
  readonly guard: BackupGuard;
  /** What machines of every subscription send. */
  readonly collection: SecureDataCollection;
}

/** Operations, anywhere below the landing zone, by which guardrails are moved, opened or taken off. */
const OPENINGS = [
  'Microsoft.Authorization/policyAssignments/delete',
  'Microsoft.Authorization/policyAssignments/write',
  'Microsoft.Authorization/policyDefinitions/write',
  'Microsoft.Authorization/policyExemptions/write',
  'Microsoft.Authorization/policySetDefinitions/write',
  'Microsoft.Authorization/roleManagementPolicies/write',
  'Microsoft.Management/managementGroups/delete',
  'Microsoft.Management/managementGroups/subscriptions/delete',
  'Microsoft.Management/managementGroups/subscriptions/write',
];

/**
 * Watching and answering, in the management subscription: Sentinel over the records of every subscription, playbooks and
 * evidence, the questions of investigators, alarms, and the guard of everybody's backups.
 */
export function answerIncidents({ profile, providers, settings }: Place, args: SecurityArgs): Security {
  const { records, responders, watch } = args;
  const { location, prefix, subscriptions, tenantId } = settings;
  const opts = { provider: providers.management as pulumi.ProviderResource };
  const group = (purpose: string) =>
    new SecureResourceGroup(purpose, { profile, location, resourceGroupName: `${prefix}-${purpose}` }, opts);
  const [inResponse, inEvidence, inGuard] = [group('response'), group('evidence'), group('backup-guard')];
  const at = ({ name }: SecureResourceGroup) => ({ profile, location, resourceGroupName: name });
  const common = { workspace: records.workspace, subscriptionId: subscriptions.management, alerts: watch.contacts.id };

  const runbooks = new IncidentRunbooks(
    'runbooks',
    {
      ...at(inResponse),
      ...common,
      containsGroupId: records.networkGroup.id,
      evidenceGroupId: inEvidence.id,
      sentinelPrincipalId: settings.sentinelPrincipalId,
      logs: records.logs,
      network: records.network,
      key: records.vault.key('evidence'),
      locked: settings.evidenceLocked,
    },
    opts,
  );
  const sentinel = new SecureSentinel(
    'sentinel',
    {
      ...at(records.group),
      ...common,
      tenantId,
      responders: [responders],
      playbooks: {
        freezeIdentity: { workflowId: runbooks.playbooks.freezeIdentity.id, starts: ['bulkReads', 'impossibleTravel'] },
        isolateHost: { workflowId: runbooks.playbooks.isolateHost.id },
        closeStore: { workflowId: runbooks.playbooks.closeStore.id, starts: ['exports'] },
      },
      closedRoles: closedRoles(),
      emergencyAccounts: settings.people.emergencyNames,
    },
    opts,
  );
  // Its own subscription is connected by the component.
  for (const [name, subscriptionId] of subscriptionsOf(settings))
    if (subscriptionId !== subscriptions.management)
      new securityinsights.ASCDataConnector(
        `sentinel-defender-${name}`,
        {
          resourceGroupName: records.group.name,
          workspaceName: records.workspace.workspace.name,
          dataConnectorId: physicalUuid(`sentinel-defender-${name}`),
          kind: 'AzureSecurityCenter',
          subscriptionId,
          dataTypes: { alerts: { state: 'Enabled' } },
        },
        { ...opts, dependsOn: [sentinel.onboarding] },
      );
  new InvestigationQueries('questions', { ...at(records.group), workspace: records.workspace }, opts);
  new SecurityAlarms('alarms', { ...at(records.group), ...common, logs: records.logs, sentinel: true }, opts);
  queryAlert(
    'guardrails-alert',
    {
      resourceGroupName: records.group.name,
      location,
      alerts: watch.contacts.id,
      tags: {},
      workspaceId: records.workspace.id,
      description: 'A policy, an exemption, a rule of activation, or the place of a subscription was changed.',
      query: `AzureActivity | where ActivityStatusValue in~ ("Success", "Succeeded") and OperationNameValue in~ (${OPENINGS.map((operation) => `"${operation}"`).join(', ')})`,
      fires: { operator: 'GreaterThan', threshold: 0 },
      every: 'PT5M',
      window: 'PT10M',
      severity: 1,
    },
    opts,
  );
  const guard = new BackupGuard('backups', { ...at(inGuard), alerts: watch.contacts.id }, opts);
  const collection = new SecureDataCollection('machines', { ...at(records.group), workspace: records.workspace }, opts);
  return { sentinel, runbooks, guard, collection };
}

/** Built-in roles that the stacks give. */
const GIVEN = [
  'Disk Backup Reader',
  'Key Vault Crypto Service Encryption User',
  'Key Vault Secrets User',
  'Log Analytics Reader',
  'Microsoft Sentinel Automation Contributor',
  'Microsoft Sentinel Responder',
  'Reader',
  'Storage Blob Data Contributor',
  'Storage Blob Data Reader',
] as const;

/** Roles that may be given; every other one raises an incident, so that a workload asks for its own to be added. */
const closedRoles = (): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(GIVEN.map((role) => [role, roleGuid(role)])),
  'Network operator': physicalUuid('network-operator-definition'),
});
