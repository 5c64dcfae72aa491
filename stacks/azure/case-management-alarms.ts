import * as pulumi from '@pulumi/pulumi';
import {
  type DecidedProfile,
  IncidentRunbooks,
  InvestigationQueries,
  type Principal,
  SecureResourceGroup,
  type SecureVirtualNetwork,
  SecurityAlarms,
} from '../../constructs/azure';
import { queryAlert } from '../../constructs/azure/detection-alerts';
import { BULK_READS } from '../../constructs/azure/detection-queries';
import { tagsOf } from '../../constructs/contract';
import type { CaseData } from './case-management-data';
import type { CaseLogs } from './case-management-logs';
import { type CaseWeb, INTERFACE } from './case-management-web';

/** Sentinel of the organisation, whose incidents start playbooks. */
export interface OrganisationSentinel {
  /** Resource id of its workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Object id of the service principal "Azure Security Insights". */
  readonly principalId: string;
}

/** What is watched. */
export interface CaseAlarmsArgs {
  readonly profile: DecidedProfile;
  readonly location: string;
  readonly subscriptionId: string;
  readonly logs: CaseLogs;
  readonly network: SecureVirtualNetwork;
  readonly networkGroup: SecureResourceGroup;
  readonly data: CaseData;
  readonly web: CaseWeb;
  readonly investigators: Principal;
  readonly sentinel: OrganisationSentinel;
  readonly evidenceLocked: boolean;
}

/** Refusals from one address within an hour, after which it is no mistake any more: one every six minutes. */
const REFUSALS = 10;

/** One row for each event; a table exists only once its first record has arrived. */
const rows = (query: string): string => `union isfuzzy=true (datatable(TimeGenerated: datetime)[]), (${query})`;

/** What deserves a look in this environment, beside what the landing zone looks for in every one. */
function queries({ data, web }: CaseAlarmsArgs): Readonly<Record<string, { readonly what: string; readonly query: pulumi.Input<string> }>> {
  const calls = `ApiManagementGatewayLogs | where ApiId == "${INTERFACE}"`;
  const actors = pulumi
    .all([...Object.values(data.actors).map(({ clientId }) => clientId), web.service.identity.clientId])
    .apply((ids) => ids.map((id) => `"${id}"`).join(', '));
  return {
    'mass-reading': {
      what: 'Somebody reads more records by the interface than work on cases explains.',
      query: rows(
        `${calls} and Method == "GET" and ResponseCode == 200 | summarize TimeGenerated = max(TimeGenerated), Calls = count() by CallerIpAddress | where Calls >= ${BULK_READS}`,
      ),
    },
    'denied-fields': {
      what: 'Somebody asks again and again for what the role has no right to: fields, purposes, other cases, or data before the notice.',
      query: rows(
        `${calls} and ResponseCode in (403, 404, 428) | summarize TimeGenerated = max(TimeGenerated), Refusals = count() by CallerIpAddress | where Refusals >= ${REFUSALS}`,
      ),
    },
    'direct-access': {
      what: 'Somebody else than the service asked the database: no person has a reason to.',
      query: pulumi.interpolate`union isfuzzy=true (datatable(TimeGenerated: datetime)[]), (AzureDiagnostics | where Category == "SQLSecurityAuditEvents" and column_ifexists("action_name_s", "") == "BATCH COMPLETED" | extend Who = tostring(split(column_ifexists("server_principal_name_s", ""), "@")[0]) | where isnotempty(Who) and Who !in~ (${actors}))`,
    },
    deletion: {
      what: 'A file of a case was deleted: none is before its time, and then by the rule of the store itself.',
      query: pulumi.interpolate`union isfuzzy=true (datatable(TimeGenerated: datetime)[]), (StorageBlobLogs | where Category == "StorageDelete" and StatusText =~ "Success" and AccountName =~ "${data.attachments.accountName}")`,
    },
  };
}

/** Who is told of what, who asks what happened, and what contains it. */
export function caseAlarms(args: CaseAlarmsArgs): { readonly runbooks: IncidentRunbooks } {
  const { data, evidenceLocked, investigators, location, logs, network, networkGroup, profile, sentinel, subscriptionId } = args;
  const place = logs.place;
  const alerts = logs.contacts.id;
  new SecurityAlarms('alarms', { ...place, subscriptionId, logs: network.logs, alerts });
  for (const [name, { query, what }] of Object.entries(queries(args)))
    queryAlert(
      `cases-${name}`,
      {
        resourceGroupName: logs.group.name,
        location,
        alerts,
        tags: tagsOf(profile),
        workspaceId: logs.workspace.id,
        description: what,
        query,
        fires: { operator: 'GreaterThan', threshold: 0 },
        every: 'PT15M',
        window: 'PT1H',
        severity: 1,
      },
      {},
    );
  new InvestigationQueries('questions', { ...place, workspace: logs.workspace, askers: [investigators] });
  const evidence = new SecureResourceGroup('response-group', { profile, location, resourceGroupName: 'case-management-response' });
  const runbooks = new IncidentRunbooks('runbooks', {
    profile,
    location,
    resourceGroupName: evidence.name,
    workspace: { id: pulumi.output(sentinel.workspaceId) },
    subscriptionId,
    containsGroupId: data.group.id,
    networkGroupId: networkGroup.id,
    evidenceGroupId: evidence.id,
    sentinelPrincipalId: sentinel.principalId,
    logs: network.logs,
    alerts,
    key: logs.vault.key('evidence'),
    network,
    locked: evidenceLocked,
  });
  return { runbooks };
}
