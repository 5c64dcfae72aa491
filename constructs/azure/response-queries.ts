import * as operationalinsights from '@pulumi/azure-native/operationalinsights';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { BULK_READS } from './detection-queries';
import { assignRole, type Principal } from './identity-roles';
import type { SecureLogWorkspace } from './logging';
import { physicalUuid } from './naming';

/** What {@link InvestigationQueries} are made from. */
export interface InvestigationQueriesArgs extends Omit<SecureArgs, 'relax'> {
  /** Workspace that holds the records. */
  readonly workspace: SecureLogWorkspace;
  /** Who puts the questions: groups whose members come through PIM. @default nobody by this component */
  readonly askers?: readonly Principal[];
}

/** Every record of a read or an alteration of data, in the same words, whatever kept it. */
const ACCESS = [
  'let accesses = union isfuzzy=true',
  '(datatable(TimeGenerated: datetime, Who: string, Address: string, Store: string, What: string, Item: string, Result: string)[]),',
  '(union isfuzzy=true StorageBlobLogs, StorageFileLogs, StorageQueueLogs, StorageTableLogs | project TimeGenerated, Who = coalesce(RequesterUpn, RequesterObjectId, RequesterAppId), Address = tostring(split(CallerIpAddress, ":")[0]), Store = _ResourceId, What = OperationName, Item = ObjectKey, Result = StatusText),',
  '(CDBDataPlaneRequests | project TimeGenerated, Who = coalesce(AadPrincipalId, UserAgent), Address = ClientIpAddress, Store = _ResourceId, What = OperationName, Item = RequestResourceId, Result = StatusCode),',
  '(AzureDiagnostics | where Category == "SQLSecurityAuditEvents" | project TimeGenerated, Who = column_ifexists("server_principal_name_s", ""), Address = column_ifexists("client_ip_s", ""), Store = _ResourceId, What = column_ifexists("action_name_s", ""), Item = column_ifexists("statement_s", ""), Result = column_ifexists("succeeded_s", "")),',
  '(PGSQLServerLogs | where Message has "AUDIT:" | project TimeGenerated, Who = extract(@"user=([^,\\s]+)", 1, Message), Address = extract(@"client=([^,\\s]+)", 1, Message), Store = _ResourceId, What = extract(@"AUDIT: \\w+,\\d+,\\d+,(\\w+)", 1, Message), Item = Message, Result = ErrorLevel),',
  '(AZKVAuditLogs | project TimeGenerated, Who = tostring(parse_json(tostring(Identity)).claim["http://schemas.microsoft.com/identity/claims/objectidentifier"]), Address = CallerIpAddress, Store = _ResourceId, What = OperationName, Item = RequestUri, Result = ResultSignature);',
].join('\n');
const CONTROL =
  'AzureActivity | project TimeGenerated, Who = Caller, Address = CallerIpAddress, Store = _ResourceId, What = OperationNameValue, Item = tostring(Properties_d.entity), Result = ActivityStatusValue';
const WINDOW = 'let from = ago(30d); let to = now();';
const ANSWER = 'project TimeGenerated, Who, Address, Store, What, Item, Result | sort by TimeGenerated asc';

const within = (asked: string, source: string, filter: string): string =>
  `${WINDOW} ${asked}\n${source} | where TimeGenerated between (from .. to) and ${filter} | ${ANSWER}`;
const ofData = (asked: string, filter: string): string => `${ACCESS}\n${within(asked, 'accesses', filter)}`;

/** The questions; what is asked for stands in the first lines, to be written over. */
const QUESTIONS: Readonly<Record<string, { readonly asks: string; readonly body: string }>> = {
  WhoTouchedARecord: {
    asks: 'Who read or altered a record, and from where? Write its key, or a part of it, as record',
    body: ofData('let record = "case-0000";', 'Item contains record'),
  },
  WhoTouchedAStore: {
    asks: 'Who read or altered anything in a store, and from where? Write its resource id, or a part of it, as store',
    body: ofData('let store = "/storageAccounts/";', 'Store contains store'),
  },
  WhatAnIdentityRead: {
    asks: 'What did an identity read or alter, and from where? Write its sign-in name or object id as who',
    body: ofData('let who = "agent@example.com";', 'Who contains who'),
  },
  WhatAnIdentityChanged: {
    asks: 'What did an identity do to the control plane, and from where? Write its sign-in name or object id as who',
    body: within('let who = "admin@example.com";', CONTROL, 'Who contains who'),
  },
  WhatCameFromAnAddress: {
    asks: 'What was read or altered from an address? Write it as address',
    body: ofData('let address = "203.0.113.7";', 'Address == address'),
  },
  WhoReadInBulk: {
    asks: 'Who read how much of which store, from where? Write the least number of items as least',
    body: `${ACCESS}\n${WINDOW} let least = ${BULK_READS};\naccesses | where TimeGenerated between (from .. to) | summarize Items = dcount(Item), Earliest = min(TimeGenerated), Latest = max(TimeGenerated) by Who, Address, Store, What | where Items >= least | sort by Items desc`,
  },
};

/**
 * The questions of an investigation, ready to be put: who read or altered which record or store, what an identity did,
 * what came from an address, and who read in bulk; with the answer to who, what, when and from where. They go over the
 * records of every kind of store at once: storage, Cosmos DB, SQL, PostgreSQL and vaults.
 *
 * Guarantees from the moderate tier on INC-10. Nothing of it can be relaxed. Put each question quarterly on events that
 * you made for the purpose: that the answer comes within the hour is shown by doing it. Records that are older than the
 * workspace keeps them are in the archive.
 *
 * @example
 * new InvestigationQueries('questions', { profile, resourceGroupName, location, workspace, askers: [{ principalId, principalType: 'Group' }] });
 */
export class InvestigationQueries extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('InvestigationQueries', { control: 'INC-10', from: 'moderate' });

  /** The pack that holds the questions; the portal shows it beside the workspace. */
  readonly pack: operationalinsights.QueryPack;

  constructor(name: string, args: InvestigationQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = InvestigationQueries;
    super('palisade:azure:InvestigationQueries', { claims, families: ['response'], relaxable: {} }, name, args, opts);
    const { askers = [], resourceGroupName, workspace } = args;
    this.pack = new operationalinsights.QueryPack(
      `${name}-pack`,
      { resourceGroupName, location: this.location, tags: this.tags },
      { parent: this },
    );
    for (const [question, { asks, body }] of Object.entries(QUESTIONS))
      new operationalinsights.Query(
        `${name}-${question}`,
        {
          resourceGroupName,
          queryPackName: this.pack.name,
          id: physicalUuid(`${name}-${question}`),
          displayName: question,
          description: asks,
          body,
          related: { categories: ['security'], resourceTypes: ['microsoft.operationalinsights/workspaces'], solutions: [] },
          tags: { labels: ['palisade'] },
        },
        { parent: this },
      );
    for (const [index, principal] of askers.entries())
      assignRole(
        `${name}-asker-${index + 1}`,
        { role: 'Log Analytics Reader', principal, scope: workspace.id, why: 'Investigates' },
        { parent: this },
      );
    this.registerOutputs();
  }
}
