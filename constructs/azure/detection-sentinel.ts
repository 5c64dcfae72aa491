import * as securityinsights from '@pulumi/azure-native/securityinsights';
import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert } from './detection-alerts';
import { DETECTIONS, type Detection, type DetectionName, queryOf, WATCHLISTS } from './detection-queries';
import { assignRole, type Principal } from './identity-roles';
import type { SecureLogWorkspace } from './logging';
import { diagnosticSettings } from './logging-diagnostics';
import { physicalUuid } from './naming';

/** A workflow that answers incidents, and those that it answers by itself. */
export interface Playbook {
  /** Resource id of the workflow; it starts with the incident trigger of Sentinel. */
  readonly workflowId: pulumi.Input<string>;
  /** Detections whose incidents start it at once. @default none: responders start it, from the incident */
  readonly starts?: readonly DetectionName[];
}

/** What {@link SecureSentinel} is made from. */
export interface SecureSentinelArgs extends Omit<SecureArgs, 'relax'> {
  /** The workspace in which all mandatory records meet (MON-03). */
  readonly workspace: SecureLogWorkspace;
  /** Directory whose people are watched. */
  readonly tenantId: pulumi.Input<string>;
  /** Subscription whose findings of Defender become incidents, and in which the workspace is. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Action group that is told when Sentinel, or a part of it, is removed. */
  readonly alerts: pulumi.Input<string>;
  /** Who works on incidents: groups whose members come through PIM; at least one (INC-11). */
  readonly responders: readonly Principal[];
  /** Playbooks that contain; at least one, that starts by itself, from tier moderate (INC-03). @default none */
  readonly playbooks?: Readonly<Record<string, Playbook>>;
  /** Ids (GUID) of the role definitions that may be assigned, by name; every other one raises an incident. */
  readonly closedRoles: Readonly<Record<string, string>>;
  /** Sign-in names of the emergency accounts; each use raises an incident. */
  readonly emergencyAccounts: readonly string[];
  /** Records of Exchange, SharePoint and Teams; the directory has to have licences for them. @default true */
  readonly office?: boolean;
}

/** The template of Fusion, which correlates what single detections saw; the same everywhere. */
const FUSION = 'f71aba3d-28fb-450b-b192-4e76a83015c8';
/** Products whose findings become incidents. */
const PRODUCTS = { defender: 'Azure Security Center', identity: 'Azure Active Directory Identity Protection' } as const;
const UNUSUAL = ['AuditLogs', 'AzureActivity', 'SecurityEvent', 'SigninLogs'];

/** Operations that remove Sentinel or a part of it. */
const REMOVALS = [
  'Microsoft.SecurityInsights/onboardingStates/delete',
  'Microsoft.SecurityInsights/alertRules/delete',
  'Microsoft.SecurityInsights/automationRules/delete',
  'Microsoft.SecurityInsights/dataConnectors/delete',
  'Microsoft.SecurityInsights/settings/delete',
  'Microsoft.SecurityInsights/watchlists/write',
  'Microsoft.SecurityInsights/watchlists/delete',
];

const ENTITIES = [
  {
    entityType: 'Account',
    fieldMappings: [
      { identifier: 'FullName', columnName: 'Who' },
      { identifier: 'AadUserId', columnName: 'WhoId' },
    ],
  },
  { entityType: 'IP', fieldMappings: [{ identifier: 'Address', columnName: 'Address' }] },
  { entityType: 'AzureResource', fieldMappings: [{ identifier: 'ResourceId', columnName: 'Resource' }] },
];

/**
 * Microsoft Sentinel on the workspace in which all records meet: detections of what must not happen to case data, each
 * with its place in ATT&CK and with who, from where and what as entities; behaviour analytics; incidents from Defender
 * and Identity Protection; tasks and playbooks that answer; watchlists of the closed roles and of the emergency accounts;
 * and a record of its own health.
 *
 * Guarantees INC-02 and INC-11; from the moderate tier on MON-03, MON-07, MON-08, INC-03 and INC-13. Nothing of it can be
 * relaxed. The activity log comes by SecureActivityLog, and the records of the directory by its own diagnostic setting.
 * Sentinel itself has to be let start playbooks: give its service principal the role Microsoft Sentinel Automation
 * Contributor on their resource group, as `IncidentRunbooks` does.
 *
 * @throws RangeError without a responder, a closed role, an emergency account, or from tier moderate a playbook that
 *   starts by itself
 * @example
 * new SecureSentinel('sentinel', {
 *   profile, resourceGroupName, location, workspace, tenantId, subscriptionId, alerts: contacts.id,
 *   responders: [{ principalId, principalType: 'Group' }],
 *   playbooks: { freeze: { workflowId: '/subscriptions/s/resourceGroups/response/providers/Microsoft.Logic/workflows/freeze', starts: ['bulkReads'] } },
 *   closedRoles: { 'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' },
 *   emergencyAccounts: ['emergency-1@example.com'],
 * });
 */
export class SecureSentinel extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureSentinel',
    { control: 'MON-03', from: 'moderate' },
    { control: 'MON-07', from: 'moderate' },
    { control: 'MON-08', from: 'moderate' },
    'INC-02',
    { control: 'INC-03', from: 'moderate' },
    'INC-11',
    { control: 'INC-13', from: 'moderate' },
  );

  /** What switches Sentinel on; content of your own depends on it. */
  readonly onboarding: securityinsights.SentinelOnboardingState;
  /** The detections by their names. */
  readonly detections: Readonly<Record<DetectionName, securityinsights.ScheduledAlertRule>>;
  readonly #place: { readonly resourceGroupName: pulumi.Input<string>; readonly workspaceName: pulumi.Output<string> };
  readonly #on: pulumi.CustomResourceOptions;

  constructor(name: string, args: SecureSentinelArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = SecureSentinel;
    super('palisade:azure:SecureSentinel', { claims, families: ['detection', 'response'], relaxable: {} }, name, args, opts);
    const { playbooks = {}, resourceGroupName, workspace } = args;
    this.#check(args);
    this.#place = { resourceGroupName, workspaceName: workspace.workspace.name };
    this.onboarding = new securityinsights.SentinelOnboardingState(
      `${name}-onboarding`,
      { ...this.#place, sentinelOnboardingStateName: 'default', customerManagedKey: workspace.hasCustomerKey },
      { parent: this },
    );
    this.#on = { parent: this, dependsOn: [this.onboarding] };
    this.#understandPeople();
    this.#connect(args);
    const lists = this.#watchlists(args);
    this.detections = this.#detect(lists);
    this.#answer(playbooks, args.tenantId);
    for (const [index, principal] of args.responders.entries())
      assignRole(
        `${name}-responder-${index + 1}`,
        { role: 'Microsoft Sentinel Responder', principal, scope: workspace.id, why: 'Works on incidents (INC-11)' },
        { parent: this },
      );
    diagnosticSettings(
      `${name}-health`,
      {
        resourceId: pulumi.interpolate`${workspace.id}/providers/Microsoft.SecurityInsights/settings/SentinelHealth`,
        logs: workspace.sink,
        metrics: [],
      },
      this.#on,
    );
    activityAlert(
      `${name}-removal-alert`,
      {
        resourceGroupName,
        alerts: args.alerts,
        tags: this.tags,
        description: 'Sentinel, or a part of it, was removed, or a watchlist was changed.',
        scopes: [pulumi.interpolate`/subscriptions/${args.subscriptionId}`],
        operations: REMOVALS,
      },
      { parent: this },
    );
    this.registerOutputs();
  }

  #check({ closedRoles, emergencyAccounts, playbooks, responders }: SecureSentinelArgs): void {
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    if (!responders?.length) refuse('responders is empty; name a group that works on incidents (INC-11)');
    if (!emergencyAccounts?.length) refuse('emergencyAccounts is empty; name the accounts whose use is an incident (MON-08)');
    if (Object.keys(closedRoles ?? {}).length === 0) refuse('closedRoles is empty; name the roles that may be assigned (MON-08)');
    for (const [role, id] of Object.entries(closedRoles))
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
        refuse(`closedRoles."${role}" is "${id}"; write the GUID of a role definition (MON-08)`);
    this.need(playbooks, 'playbooks', 'moderate', 'INC-03', 'pass those of IncidentRunbooks');
    if (this.reaches('moderate') && !Object.values(playbooks ?? {}).some(({ starts = [] }) => starts.length > 0))
      refuse('no playbook starts by itself; name in `starts` of one the detections that start it (INC-03)');
  }

  /** Who is who, what is usual for each, and what is not (MON-07, INC-13). */
  #understandPeople(): void {
    const entities = new securityinsights.EntityAnalytics(
      `${this.label}-entities`,
      { ...this.#place, settingsName: 'EntityAnalytics', kind: 'EntityAnalytics', entityProviders: ['AzureActiveDirectory'] },
      this.#on,
    );
    new securityinsights.Ueba(
      `${this.label}-behaviour`,
      { ...this.#place, settingsName: 'Ueba', kind: 'Ueba', dataSources: [...UNUSUAL] },
      { parent: this, dependsOn: [entities] },
    );
    new securityinsights.Anomalies(`${this.label}-anomalies`, { ...this.#place, settingsName: 'Anomalies', kind: 'Anomalies' }, this.#on);
  }

  /** Findings of other products, which become incidents here, so that there is one list of them (INC-02). */
  #connect({ office = true, subscriptionId, tenantId }: SecureSentinelArgs): void {
    const { label } = this;
    const alerts = { alerts: { state: 'Enabled' } };
    const id = (connector: string) => ({ dataConnectorId: physicalUuid(`${label}-${connector}`) });
    new securityinsights.ASCDataConnector(
      `${label}-defender`,
      { ...this.#place, ...id('defender'), kind: 'AzureSecurityCenter', subscriptionId, dataTypes: alerts },
      this.#on,
    );
    new securityinsights.AADDataConnector(
      `${label}-identity`,
      { ...this.#place, ...id('identity'), kind: 'AzureActiveDirectory', tenantId, dataTypes: alerts },
      this.#on,
    );
    if (office)
      new securityinsights.OfficeDataConnector(
        `${label}-office`,
        {
          ...this.#place,
          ...id('office'),
          kind: 'Office365',
          tenantId,
          dataTypes: { exchange: { state: 'Enabled' }, sharePoint: { state: 'Enabled' }, teams: { state: 'Enabled' } },
        },
        this.#on,
      );
    for (const [source, productFilter] of Object.entries(PRODUCTS))
      new securityinsights.MicrosoftSecurityIncidentCreationAlertRule(
        `${label}-${source}-incidents`,
        {
          ...this.#place,
          ruleId: physicalUuid(`${label}-${source}-incidents`),
          kind: 'MicrosoftSecurityIncidentCreation',
          displayName: `Incidents from ${productFilter}`,
          enabled: true,
          productFilter,
          severitiesFilter: ['High', 'Medium', 'Low'],
        },
        this.#on,
      );
    new securityinsights.FusionAlertRule(
      `${label}-fusion`,
      { ...this.#place, ruleId: physicalUuid(`${label}-fusion`), kind: 'Fusion', alertRuleTemplateName: FUSION, enabled: true },
      this.#on,
    );
  }

  #watchlists({ closedRoles, emergencyAccounts }: SecureSentinelArgs): readonly pulumi.Resource[] {
    const list = (watchlist: keyof typeof WATCHLISTS, displayName: string, itemsSearchKey: string, rows: readonly string[]) =>
      new securityinsights.Watchlist(
        `${this.label}-${watchlist}`,
        {
          ...this.#place,
          watchlistAlias: WATCHLISTS[watchlist],
          displayName,
          provider: 'Palisade',
          source: `${watchlist}.csv`,
          sourceType: 'Local',
          itemsSearchKey,
          contentType: 'text/csv',
          numberOfLinesToSkip: 0,
          rawContent: rows.join('\n'),
        },
        this.#on,
      );
    return [
      list('roles', 'Roles that may be assigned', 'RoleDefinitionId', [
        'RoleDefinitionId,Role',
        ...Object.entries(closedRoles).map(([role, id]) => `${id},${quoted(role)}`),
      ]),
      list('emergency', 'Emergency accounts', 'UserPrincipalName', ['UserPrincipalName', ...emergencyAccounts.map(quoted)]),
    ];
  }

  #detect(lists: readonly pulumi.Resource[]): Readonly<Record<DetectionName, securityinsights.ScheduledAlertRule>> {
    const made = Object.entries<Detection>(DETECTIONS).map(([name, detection]) => {
      const { every, severity, tactics, techniques, watchlist = false, what, window } = detection;
      const rule = new securityinsights.ScheduledAlertRule(
        `${this.label}-${name}`,
        {
          ...this.#place,
          ruleId: physicalUuid(`${this.label}-${name}`),
          kind: 'Scheduled',
          displayName: what,
          description: `${what}. The entities of the incident say who did it, from where, and to what.`,
          enabled: true,
          severity,
          tactics: [...tactics],
          techniques: [...techniques],
          query: queryOf(detection),
          queryFrequency: every,
          queryPeriod: window,
          triggerOperator: 'GreaterThan',
          triggerThreshold: 0,
          suppressionEnabled: false,
          suppressionDuration: 'PT5H',
          eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
          entityMappings: ENTITIES,
          incidentConfiguration: {
            createIncident: true,
            groupingConfiguration: {
              enabled: true,
              reopenClosedIncident: false,
              lookbackDuration: 'PT5H',
              matchingMethod: 'Selected',
              groupByEntities: ['Account'],
              groupByAlertDetails: [],
              groupByCustomDetails: [],
            },
          },
        },
        { parent: this, dependsOn: [this.onboarding, ...(watchlist ? lists : [])] },
      );
      return [name, rule] as const;
    });
    return Object.fromEntries(made) as Record<DetectionName, securityinsights.ScheduledAlertRule>;
  }

  /** What to do stands in each severe incident, and playbooks start by themselves where they are told to (INC-02, INC-03). */
  #answer(playbooks: Readonly<Record<string, Playbook>>, tenantId: pulumi.Input<string>): void {
    const { label } = this;
    const onIncidents = (conditions: readonly { readonly propertyName: string; readonly propertyValues: pulumi.Input<string>[] }[]) => ({
      isEnabled: true,
      triggersOn: 'Incidents',
      triggersWhen: 'Created',
      conditions: conditions.map((properties) => ({
        conditionType: 'Property' as const,
        conditionProperties: { operator: 'Contains', ...properties },
      })),
    });
    new securityinsights.AutomationRule(
      `${label}-tasks`,
      {
        ...this.#place,
        automationRuleId: physicalUuid(`${label}-tasks`),
        displayName: 'What to do in a severe incident',
        order: 1,
        triggeringLogic: {
          ...onIncidents([]),
          conditions: [
            {
              conditionType: 'Property',
              conditionProperties: { operator: 'Equals', propertyName: 'IncidentSeverity', propertyValues: ['High'] },
            },
          ],
        },
        actions: TASKS.map((task, index) => ({ actionType: 'AddIncidentTask' as const, order: index + 1, actionConfiguration: task })),
      },
      this.#on,
    );
    for (const [index, [name, { starts = [], workflowId }]] of Object.entries(playbooks).entries()) {
      if (starts.length === 0) continue;
      new securityinsights.AutomationRule(
        `${label}-start-${name}`,
        {
          ...this.#place,
          automationRuleId: physicalUuid(`${label}-start-${name}`),
          displayName: `Starts ${name}`,
          order: index + 2,
          triggeringLogic: onIncidents([
            { propertyName: 'IncidentRelatedAnalyticRuleIds', propertyValues: starts.map((detection) => this.detections[detection].id) },
          ]),
          actions: [{ actionType: 'RunPlaybook', order: 1, actionConfiguration: { logicAppResourceId: workflowId, tenantId } }],
        },
        this.#on,
      );
    }
  }
}

/** The steps of every severe incident, in their order. */
const TASKS = [
  { title: 'Identify', description: 'Put the questions of the query pack: who did it, from where, which records, since when.' },
  { title: 'Contain', description: 'Start the playbook that freezes the identity, isolates the machine or closes the store.' },
  { title: 'Preserve', description: 'Copy what the questions answered, and snapshots, into the evidence container.' },
  {
    title: 'Communicate',
    description: 'Tell the owner of the system, and whoever has to be notified, within the time that the plan sets.',
  },
  { title: 'Recover and learn', description: 'Rotate what was within reach, restore, and write down what would have prevented it.' },
];

/** A field of a list, quoted where it holds what separates fields. */
const quoted = (field: string): string => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
