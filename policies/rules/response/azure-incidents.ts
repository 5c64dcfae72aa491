/** Incidents on Azure: alerts become tracked items, playbooks contain, evidence stays, and investigators are ready. */
import type { ControlId } from '../../../controls';
import { append } from '../../collect';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { ANALYTICS, BEHAVIOUR, ONBOARDING, sharesWorkspace } from '../detection/azure-alerts';

const AUTOMATION_RULE = 'azure-native:securityinsights:AutomationRule';
const ACTION = 'azure-native:securityinsights:Action';
const ANOMALIES = 'azure-native:securityinsights:Anomalies';
const WORKFLOW = 'azure-native:logic:Workflow';
const CONTAINER = 'azure-native:storage:BlobContainer';
const ACCOUNT = 'azure-native:storage:StorageAccount';
const IMMUTABILITY = 'azure-native:storage:BlobContainerImmutabilityPolicy';
const QUERY_PACK = 'azure-native:operationalinsights:QueryPack';
const QUERY = 'azure-native:operationalinsights:Query';
const ASSIGNMENT = 'azure-native:authorization:RoleAssignment';
const ELIGIBILITY = 'azure-native:authorization:PimRoleEligibilitySchedule';

// ── Playbooks ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Playbooks that an automation rule starts. */
const playbooksOf = (one: Resource): readonly Value[] =>
  one
    .at('actions')
    .items()
    .filter((action) => action.at('actionType').is('RunPlaybook').verdict !== 'fail')
    .map((action) => action.at('actionConfiguration.logicAppResourceId'))
    .filter(({ state }) => state !== 'absent');

/** Workflows that Sentinel starts, by the text or the reference with which they are named. */
function startedPlaybooks(graph: Graph): ReadonlyMap<string, readonly Value[]> {
  return graph.once('playbooks', () => {
    const found = new Map<string, Value[]>();
    const named = [
      ...graph.ofType(AUTOMATION_RULE).flatMap(playbooksOf),
      ...graph.ofType(ACTION).map((one) => one.at('logicAppResourceId')),
    ];
    for (const value of named) for (const target of value.targets) append(found, target, value);
    return found;
  });
}

/** The trigger of a playbook says so itself. */
const hasIncidentTrigger = (workflow: Resource): boolean =>
  workflow
    .at('definition')
    .json()
    .at('triggers')
    .entries()
    .some(([name]) => /^Microsoft_Sentinel_(incident|alert|entity)/i.test(name));

const isPlaybook = (workflow: Resource, graph: Graph): boolean => startedPlaybooks(graph).has(workflow.id) || hasIncidentTrigger(workflow);

/** Switched on, and with an identity of its own: rights of whoever made a connection would do its work otherwise. */
const isReady = (workflow: Resource, graph: Graph): Outcome =>
  isPlaybook(workflow, graph)
    ? allOf(
        workflow.at('state').orDefault('Enabled').is('Enabled'),
        workflow.at('identity.type').isOneOf(['SystemAssigned', 'UserAssigned', 'SystemAssigned, UserAssigned']),
      )
    : notApplicable('is no playbook');

/** Sentinel is on, and something of it starts a playbook. */
const canContain = (_sentinel: Resource, graph: Graph): Outcome =>
  graph.ofType(AUTOMATION_RULE).some((one) => graph.exists(one) && playbooksOf(one).length > 0) ||
  graph.ofType(ACTION).some((one) => graph.exists(one))
    ? pass()
    : fail('no automation rule here starts a playbook');

// ── Evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const EVIDENCE = /(^|[-_])(evidence|forensics?)([-_]|$)/i;

function keepsEvidence(container: Resource, graph: Graph): Outcome {
  const name = container.at('containerName').shape ?? container.logicalId;
  if (!EVIDENCE.test(name)) return notApplicable('holds no evidence, by its name');
  const account = graph.target(container.at('accountName'), ACCOUNT);
  return anyOf(
    [
      container.at('immutableStorageWithVersioning.enabled').isTrue(),
      // What the account makes write-once is so in each of its containers.
      account
        ? allOf(
            account.at('immutableStorageWithVersioning.enabled').isTrue(),
            account.at('immutableStorageWithVersioning.immutabilityPolicy.immutabilityPeriodSinceCreationInDays').isAtLeast(1),
          )
        : fail('no account'),
      graph.pointingAt(container, IMMUTABILITY, 'containerName').length > 0 ? pass() : fail('no policy'),
    ],
    'evidence in it can be altered: no BlobContainerImmutabilityPolicy, and immutableStorageWithVersioning is not enabled',
  );
}

// ── Investigators ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Built-in roles that read and work on incidents: Security Reader, Sentinel Reader and Responder, Log Analytics Reader. */
const ROLES = [
  '39bc4728-0917-49c7-9d2c-d95423bc2eb4',
  '8d289c81-5878-46d4-8554-54e1e3d8b5cb',
  '3e150937-b8fe-4cfb-8069-0eaf05ecd056',
  '73c42c96-874c-492b-b04d-ab87d138a893',
];

const hasInvestigators = (_sentinel: Resource, graph: Graph): Outcome =>
  some(
    [...graph.ofType(ASSIGNMENT), ...graph.ofType(ELIGIBILITY)].filter((one) => graph.exists(one)),
    (one) => one.at('roleDefinitionId').matches(new RegExp(`(${ROLES.join('|')})$`, 'i')),
    'nobody here is given a role that reads incidents',
  );

const sentinel = (rest: object = {}) => ({
  resources: { sentinel: { type: ONBOARDING, properties: { workspaceName: 'records' } }, ...rest },
});
const automation = (actions: readonly object[], triggeringLogic: object = { isEnabled: true }) => ({
  rule: { type: AUTOMATION_RULE, properties: { actions, triggeringLogic } },
});
const RUN = { actionType: 'RunPlaybook', actionConfiguration: { logicAppResourceId: { $ref: 'flow.id' } } };
const flow = (properties: object, rest: object = {}) => ({ resources: { flow: { type: WORKFLOW, properties }, ...rest } });
const OWN = { identity: { type: 'SystemAssigned' } };
const incidents = (incidentConfiguration: object) => ({ resources: { rule: { type: ANALYTICS, properties: { incidentConfiguration } } } });
const container = (containerName: string, properties: object = {}, rest: object = {}) => ({
  resources: { container: { type: CONTAINER, properties: { containerName, ...properties } }, ...rest },
});
const inAccount = (properties: object) =>
  container('evidence', { accountName: { $ref: 'account.name' } }, { account: { type: ACCOUNT, properties } });
const role = (name: string, type = ASSIGNMENT) => ({
  role: { type, properties: { roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${name}` } },
});
const beside = (type: string) => ({ tool: { type, properties: { workspaceName: 'records' } } });
const [SECURITY_READER = ''] = ROLES;

/** Both look at the same workspace, as far as their names tell. */
const inWorkspace = (one: Resource, type: string, graph: Graph): boolean =>
  graph.ofType(type).some((tool) => graph.exists(tool) && sharesWorkspace(tool, one));

export const AZURE_INCIDENTS = {
  'INC-02': {
    azure: [
      rule({
        on: ANALYTICS,
        check: (one) => one.at('incidentConfiguration.createIncident').orDefault(true).isTrue(),
        fix: 'Set incidentConfiguration.createIncident: true.',
        pass: [incidents({ createIncident: true })],
        fail: [incidents({ createIncident: false })],
        unknown: [incidents({ createIncident: { $unknown: 'config value' } })],
      }),
      rule({
        on: AUTOMATION_RULE,
        check: (one) => allOf(one.at('triggeringLogic.isEnabled').isTrue(), one.at('actions').isSet()),
        fix: 'Set triggeringLogic.isEnabled: true and name an action.',
        pass: [{ resources: automation([{ actionType: 'ModifyProperties' }]) }],
        fail: [{ resources: automation([]) }, { resources: automation([{ actionType: 'ModifyProperties' }], { isEnabled: false }) }],
        unknown: [{ resources: automation([{ actionType: 'ModifyProperties' }], { isEnabled: { $unknown: 'config value' } }) }],
      }),
    ],
  },
  'INC-03': {
    azure: [
      rule({
        on: WORKFLOW,
        severity: 'medium',
        check: isReady,
        fix: "Set state: 'Enabled' and identity.type: 'SystemAssigned', and give the identity the roles that the playbook needs.",
        pass: [
          flow({ state: 'Enabled', ...OWN }, automation([RUN])),
          flow({ ...OWN, definition: { triggers: { Microsoft_Sentinel_incident: { type: 'ApiConnectionWebhook' } } } }),
          flow(OWN, { action: { type: ACTION, properties: { logicAppResourceId: { $ref: 'flow.id' } } } }),
        ],
        fail: [
          flow({ state: 'Disabled', ...OWN }, automation([RUN])),
          flow({ state: 'Enabled' }, automation([RUN])),
          flow({ definition: { triggers: { Microsoft_Sentinel_alert: { type: 'ApiConnectionWebhook' } } } }),
        ],
        unknown: [flow({ state: { $unknown: 'config value' }, ...OWN }, automation([RUN]))],
        skip: [flow({}), flow({}, automation([{ ...RUN, actionType: 'ModifyProperties' }]))],
      }),
      rule({
        on: ONBOARDING,
        severity: 'low',
        check: canContain,
        fix: 'Add an AutomationRule whose action RunPlaybook names a workflow that isolates.',
        pass: [
          sentinel({ ...automation([RUN]), flow: { type: WORKFLOW, properties: {} } }),
          sentinel({ action: { type: ACTION, properties: {} } }),
        ],
        fail: [sentinel(), sentinel(automation([{ actionType: 'ModifyProperties' }]))],
      }),
    ],
  },
  'INC-05': {
    azure: gap(
      'What has to be rotated and rebuilt follows from the scope of an incident, which no program holds; that secrets and keys rotate is judged as IDA-12 and ENC-03.',
    ),
  },
  'INC-09': {
    azure: rule({
      on: CONTAINER,
      check: keepsEvidence,
      fix: 'Set immutableStorageWithVersioning.enabled: true, or add a BlobContainerImmutabilityPolicy for the container.',
      pass: [
        container('evidence', { immutableStorageWithVersioning: { enabled: true } }),
        inAccount({
          immutableStorageWithVersioning: { enabled: true, immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 365 } },
        }),
        container('case-evidence', {}, { policy: { type: IMMUTABILITY, properties: { containerName: { $ref: 'container.name' } } } }),
      ],
      fail: [
        inAccount({ immutableStorageWithVersioning: { enabled: true } }),
        container('evidence'),
        container('forensic-images', { immutableStorageWithVersioning: { enabled: false } }),
      ],
      unknown: [container('evidence', { immutableStorageWithVersioning: { enabled: { $unknown: 'config value' } } })],
      skip: [container('attachments')],
    }),
  },
  'INC-10': {
    azure: rule({
      on: QUERY_PACK,
      check: (pack, graph) =>
        graph.pointingAt(pack, QUERY, 'queryPackName').length > 0
          ? pass()
          : fail('the pack holds no query: nobody knows what to ask in a hurry'),
      fix: 'Add operationalinsights.Query resources that answer who saw which record.',
      pass: [
        {
          resources: {
            pack: { type: QUERY_PACK, properties: {} },
            query: { type: QUERY, properties: { queryPackName: { $ref: 'pack.name' }, body: 'StorageBlobLogs' } },
          },
        },
      ],
      fail: [{ resources: { pack: { type: QUERY_PACK, properties: {} } } }],
    }),
  },
  'INC-11': {
    azure: rule({
      on: ONBOARDING,
      severity: 'low',
      check: hasInvestigators,
      fix: 'Make a group eligible for Security Reader or Microsoft Sentinel Responder (PimRoleEligibilitySchedule).',
      pass: [sentinel(role(SECURITY_READER)), sentinel(role(ROLES[2] as string, ELIGIBILITY))],
      fail: [sentinel(), sentinel(role('acdd72a7-3385-48ef-bd42-f606fba81ae7'))],
      unknown: [sentinel({ role: { type: ASSIGNMENT, properties: { roleDefinitionId: { $unknown: 'config value' } } } })],
    }),
  },
  'INC-13': {
    azure: rule({
      on: ONBOARDING,
      check: (one, graph) =>
        inWorkspace(one, BEHAVIOUR, graph) || inWorkspace(one, ANOMALIES, graph)
          ? pass()
          : fail('neither Ueba nor Anomalies is switched on in the workspace: nobody sees what is unusual for a user'),
      fix: 'Add securityinsights.Ueba (with EntityAnalytics) and Anomalies for the workspace.',
      pass: [sentinel(beside(BEHAVIOUR)), sentinel(beside(ANOMALIES))],
      fail: [sentinel(), sentinel({ tool: { type: BEHAVIOUR, properties: { workspaceName: 'other' } } })],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
