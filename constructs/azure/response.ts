import * as authorization from '@pulumi/azure-native/authorization';
import * as logic from '@pulumi/azure-native/logic';
import * as network from '@pulumi/azure-native/network';
import * as resources from '@pulumi/azure-native/resources';
import type * as storage from '@pulumi/azure-native/storage';
import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert, queryAlert } from './detection-alerts';
import { assignRole } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import type { SecureLogWorkspace } from './logging';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { hardenedDefinition, type WorkflowDefinition } from './messaging-workflow-definition';
import { physicalUuid } from './naming';
import type { EndpointNetwork } from './network-endpoints';
import { SecureStorageAccount } from './object-storage';
import { closeStore, exercise, freezeIdentity, isolateHost, playbook, type Steps } from './response-steps';
import { whole } from './whole';

/** What {@link IncidentRunbooks} are made from. */
export interface IncidentRunbooksArgs extends Omit<SecureArgs, 'relax' | 'location'> {
  /** Azure location, as a string: the connection to Sentinel carries it. */
  readonly location: string;
  /** Workspace on which Sentinel runs. */
  readonly workspace: Pick<SecureLogWorkspace, 'id'>;
  /** Subscription that the program deploys to. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Resource group whose machines and stores the playbooks may contain: its id. */
  readonly containsGroupId: pulumi.Input<string>;
  /** Resource group of their network, where it is another one: its id. @default containsGroupId */
  readonly networkGroupId?: pulumi.Input<string>;
  /** Resource group in which snapshots are kept as evidence: its id; nobody of the workload has a right on it. */
  readonly evidenceGroupId: pulumi.Input<string>;
  /** Object id of the service principal "Azure Security Insights" in the directory: it starts playbooks. */
  readonly sentinelPrincipalId: pulumi.Input<string>;
  /** Where every run is recorded. */
  readonly logs: LogSink;
  /** Action group that is told of each run, and when a playbook is changed. */
  readonly alerts: pulumi.Input<string>;
  /** Key that encrypts the evidence and nothing else; obligatory from tier moderate. @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Network from which investigators reach the evidence; obligatory from tier moderate. @default none */
  readonly network?: EndpointNetwork;
  /** Days for which nobody can change or delete evidence (INC-09). @default 365 */
  readonly evidenceDays?: number;
  /**
   * Whether the days of the evidence can no longer be shortened. Azure creates only unlocked policies: deploy once with
   * `false`, then for good without. @default true
   */
  readonly locked?: boolean;
  /** Months between exercises, 1 to 12. @default 3 */
  readonly exerciseEveryMonths?: number;
}

/** Days for which evidence is kept, unless somebody says otherwise. */
const EVIDENCE_DAYS = 365;
/** Days after which evidence goes that nobody can change any longer: half a year to decide that it is still needed. */
const DECISION_DAYS = 183;
/** Longest time that the service takes, in days: 400 years. */
const LONGEST_DAYS = 146_000;

const NOBODY = { allowedCallerIpAddresses: [{ addressRange: '0.0.0.0-0.0.0.0' }] };

/** Names of the playbooks. */
export type RunbookName = 'freezeIdentity' | 'isolateHost' | 'closeStore';

/**
 * Containment, one action away: playbooks of Sentinel that disable an account and end its sessions, take evidence of a
 * machine and cut it off, and close a store and rotate what opens it. Each has an identity and a role of its own that can
 * do just that, so that responders need no standing rights; each run is told, and commented in the incident. Evidence goes
 * into a container that nobody can change. Every quarter an incident is made up, so that people go through all of it.
 *
 * Guarantees from the moderate tier on INC-03 and INC-09. Nothing of it can be relaxed. To disable accounts, the identity
 * of `freezeIdentity` needs the permissions User.EnableDisableAccount.All and User.RevokeSessions.All of Microsoft Graph,
 * which the directory grants. Workflows of this kind take no customer key and no private network: they hold no secret,
 * reach nothing but the control plane, and leave no content in the history of their runs.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a number of days or months makes no sense
 * @example
 * const runbooks = new IncidentRunbooks('runbooks', {
 *   profile, resourceGroupName, location, workspace, subscriptionId, logs, network, key: vault.key('evidence'), alerts: contacts.id,
 *   containsGroupId: `/subscriptions/${subscriptionId}/resourceGroups/cases`,
 *   evidenceGroupId: `/subscriptions/${subscriptionId}/resourceGroups/evidence`,
 *   sentinelPrincipalId: principalId,
 * });
 */
export class IncidentRunbooks extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('IncidentRunbooks', { control: 'INC-03', from: 'moderate' }, { control: 'INC-09', from: 'moderate' });

  /** The playbooks by what they do; what `SecureSentinel` starts. */
  readonly playbooks: Readonly<Record<RunbookName, logic.Workflow>>;
  /** Write-once container for what is found. */
  readonly evidence: storage.BlobContainer;
  /** Security group without a rule that lets anything through. */
  readonly quarantine: network.NetworkSecurityGroup;
  readonly #args: IncidentRunbooksArgs;

  constructor(name: string, args: IncidentRunbooksArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = IncidentRunbooks;
    super('palisade:azure:IncidentRunbooks', { claims, families: ['response'], relaxable: {} }, name, args, opts);
    this.#args = args;
    const { evidenceDays = EVIDENCE_DAYS, evidenceGroupId, exerciseEveryMonths = 3, subscriptionId, workspace } = args;
    this.#checkNumber('evidenceDays', evidenceDays, LONGEST_DAYS - DECISION_DAYS);
    this.#checkNumber('exerciseEveryMonths', exerciseEveryMonths, 12);
    if (typeof args.location !== 'string')
      throw new RangeError(`${this.where}: location has to be a string; the connection to Sentinel carries it`);
    this.evidence = this.#keepEvidence(evidenceDays);
    this.quarantine = this.#quarantine();
    const connection = this.#connect(pulumi.interpolate`/subscriptions/${subscriptionId}`);
    const known = { evidenceGroupId, quarantineId: this.quarantine.id };
    const made = (step: RunbookName, steps: Steps) => this.#playbook(step, steps, connection, known);
    this.playbooks = {
      freezeIdentity: made('freezeIdentity', freezeIdentity),
      isolateHost: made('isolateHost', isolateHost),
      closeStore: made('closeStore', closeStore),
    };
    const drill = this.#workflow('exercise', exercise(exerciseEveryMonths), { workspaceId: { type: 'String', value: workspace.id } });
    this.#respond('exercise', drill, 'Makes up an incident');
    this.#letSentinelStart();
    this.#tell([...Object.values(this.playbooks), drill]);
    this.registerOutputs();
  }

  #checkNumber(what: string, value: number, most: number): void {
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new RangeError(`${this.where}: ${what} is ${value}; write a whole number from 1 to ${most} (INC-09)`);
  }

  #keepEvidence(days: number): storage.BlobContainer {
    const { key, locked = true, logs, network: from, resourceGroupName, tags } = this.#args;
    const account = new SecureStorageAccount(
      `${this.label}-evidence`,
      {
        profile: this.decided,
        resourceGroupName,
        location: this.location,
        ...(tags ? { tags } : {}),
        ...(key ? { key } : {}),
        ...(from ? { network: from } : {}),
        logs,
        locked,
        retention: { atLeastDays: days, atMostDays: days + DECISION_DAYS },
      },
      { parent: this },
    );
    return account.container('evidence');
  }

  #quarantine(): network.NetworkSecurityGroup {
    const refuse = (direction: 'Inbound' | 'Outbound') => ({
      name: `Refuse${direction}`,
      description: 'Cuts a machine off, for an incident.',
      direction,
      access: 'Deny',
      priority: 100,
      protocol: '*',
      sourceAddressPrefix: '*',
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: '*',
    });
    const group = new network.NetworkSecurityGroup(
      `${this.label}-quarantine`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        location: this.location,
        flushConnection: true,
        securityRules: [refuse('Inbound'), refuse('Outbound')],
        tags: this.tags,
      },
      { parent: this },
    );
    diagnosticSettings(
      `${this.label}-quarantine-diagnostics`,
      { resourceId: group.id, logs: this.#args.logs, metrics: [] },
      { parent: this },
    );
    return group;
  }

  /** The SDK has no property for a connection that signs in with the identity of its workflow; a template has. */
  #connect(subscription: pulumi.Output<string>): { readonly value: object; readonly made: pulumi.Resource } {
    const { location, resourceGroupName } = this.#args;
    const place = location.toLowerCase().replaceAll(' ', '');
    const connectionName = `${this.label}-sentinel`;
    const api = pulumi.interpolate`${subscription}/providers/Microsoft.Web/locations/${place}/managedApis/azuresentinel`;
    const made = new resources.Deployment(
      `${this.label}-connection`,
      {
        resourceGroupName,
        deploymentName: connectionName,
        properties: {
          mode: 'Incremental',
          template: {
            $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
            contentVersion: '1.0.0.0',
            resources: [
              {
                type: 'Microsoft.Web/connections',
                apiVersion: '2016-06-01',
                kind: 'V1',
                name: connectionName,
                location: place,
                tags: this.tags,
                properties: { displayName: connectionName, customParameterValues: {}, parameterValueType: 'Alternative', api: { id: api } },
              },
            ],
          },
        },
      },
      { parent: this },
    );
    const connectionId = pulumi.interpolate`${subscription}/resourceGroups/${resourceGroupName}/providers/Microsoft.Web/connections/${connectionName}`;
    const connectionProperties = { authentication: { type: 'ManagedServiceIdentity' } };
    return { made, value: { azuresentinel: { connectionId, connectionName, id: api, connectionProperties } } };
  }

  #playbook(
    name: RunbookName,
    steps: Steps,
    connection: { readonly value: object; readonly made: pulumi.Resource },
    known: Readonly<Record<string, pulumi.Input<string>>>,
  ): logic.Workflow {
    const parameters = {
      $connections: { type: 'Object', value: connection.value },
      ...Object.fromEntries((steps.reads ?? []).map((read) => [read, { type: 'String', value: known[read] }])),
    };
    const workflow = this.#workflow(name, playbook(steps), parameters, connection.made);
    this.#respond(name, workflow, steps.what);
    if (steps.actions.length > 0) this.#allow(name, workflow, steps);
    return workflow;
  }

  #workflow(
    name: string,
    definition: WorkflowDefinition,
    parameters: Exclude<logic.WorkflowArgs['parameters'], undefined>,
    after?: pulumi.Resource,
  ): logic.Workflow {
    const child = `${this.label}-${name}`;
    const args: logic.WorkflowArgs = {
      resourceGroupName: this.#args.resourceGroupName,
      location: this.location,
      state: 'Enabled',
      definition: hardenedDefinition(`${this.where} ${name}`, definition),
      identity: { type: 'SystemAssigned' },
      // The connector of Sentinel calls back; what a run moved is shown to nobody.
      accessControl: { contents: NOBODY, actions: NOBODY },
      parameters,
      tags: this.tags,
    };
    const workflow = new logic.Workflow(
      child,
      args,
      whole(child, args, ['accessControl', 'identity'], { parent: this, ...(after ? { dependsOn: [after] } : {}) }),
    );
    diagnosticSettings(`${child}-diagnostics`, { resourceId: workflow.id, logs: this.#args.logs }, { parent: this });
    return workflow;
  }

  /** It reads the incident, and comments what it did. */
  #respond(name: string, workflow: logic.Workflow, why: string): void {
    assignRole(
      `${this.label}-${name}-incidents`,
      { role: 'Microsoft Sentinel Responder', principal: identityOf(workflow), scope: this.#args.workspace.id, why },
      { parent: this },
    );
  }

  /** A role that can do what the playbook does, and nothing else. */
  #allow(name: RunbookName, workflow: logic.Workflow, { actions, what }: Steps): void {
    const { containsGroupId, evidenceGroupId, networkGroupId = containsGroupId, resourceGroupName, subscriptionId } = this.#args;
    const own = pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`;
    const give = (suffix: string, scope: pulumi.Input<string>, allowed: readonly string[], group: pulumi.Input<string> = scope) => {
      const child = `${this.label}-${name}-${suffix}`;
      const uuid = physicalUuid(child);
      const role = new authorization.RoleDefinition(
        `${child}-role`,
        {
          scope: group,
          roleDefinitionId: uuid,
          // Names of roles are unique in the directory.
          roleName: `${child} (${uuid.slice(0, 8)})`,
          roleType: 'CustomRole',
          description: what,
          assignableScopes: [group],
          permissions: [{ actions: [...allowed], notActions: [], dataActions: [], notDataActions: [] }],
        },
        { parent: this },
      );
      const roleDefinitionId = pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${uuid}`;
      new authorization.RoleAssignment(
        `${child}-right`,
        { ...identityOf(workflow), scope, roleDefinitionId, description: what },
        { parent: this, dependsOn: [role] },
      );
    };
    give('contains', containsGroupId, actions);
    if (name !== 'isolateHost') return;
    // To take a snapshot is to read the disk: the role is the one with which backups are taken, and the snapshot itself
    // can be read by nobody who has only these.
    assignRole(
      `${this.label}-${name}-disks`,
      { role: 'Disk Backup Reader', principal: identityOf(workflow), scope: containsGroupId, why: what },
      { parent: this },
    );
    give('evidence', evidenceGroupId, ['Microsoft.Compute/snapshots/read', 'Microsoft.Compute/snapshots/write']);
    give('network', networkGroupId, ['Microsoft.Network/virtualNetworks/subnets/join/action']);
    // Roles are defined for resource groups at least, and given for less.
    give('quarantine', this.quarantine.id, ['Microsoft.Network/networkSecurityGroups/join/action'], own);
  }

  #letSentinelStart(): void {
    const { resourceGroupName, sentinelPrincipalId, subscriptionId } = this.#args;
    assignRole(
      `${this.label}-start`,
      {
        role: 'Microsoft Sentinel Automation Contributor',
        principal: { principalId: sentinelPrincipalId, principalType: 'ServicePrincipal' },
        scope: pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroupName}`,
        why: 'Sentinel starts the playbooks',
      },
      { parent: this },
    );
  }

  #tell(workflows: readonly logic.Workflow[]): void {
    const { alerts, logs, resourceGroupName } = this.#args;
    const common = { resourceGroupName, alerts, tags: this.tags };
    activityAlert(
      `${this.label}-change-alert`,
      {
        ...common,
        description: 'A playbook was changed, switched off, removed, or started past Sentinel.',
        scopes: workflows.map(({ id }) => id),
        operations: [
          'Microsoft.Logic/workflows/write',
          'Microsoft.Logic/workflows/delete',
          'Microsoft.Logic/workflows/disable/action',
          'Microsoft.Logic/workflows/triggers/run/action',
        ],
      },
      { parent: this },
    );
    const ids = pulumi.all(workflows.map(({ id }) => id)).apply((all) => all.map((id) => `"${id}"`).join(', '));
    queryAlert(
      `${this.label}-run-alert`,
      {
        ...common,
        location: logs.workspaceLocation,
        workspaceId: logs.workspaceId,
        description: 'A playbook was started: somebody, or something, is being contained.',
        query: pulumi.interpolate`union isfuzzy=true (datatable(TimeGenerated: datetime)[]), (LogicAppWorkflowRuntime | where _ResourceId in~ (${ids}) and OperationName has "WorkflowRunStarted" | project TimeGenerated)`,
        fires: { operator: 'GreaterThan', threshold: 0 },
        every: 'PT5M',
        window: 'PT5M',
        severity: 1,
      },
      { parent: this },
    );
  }
}

const identityOf = (workflow: logic.Workflow) => ({
  principalId: workflow.identity.apply((identity) => identity?.principalId ?? ''),
  principalType: 'ServicePrincipal' as const,
});
