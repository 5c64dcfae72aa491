import * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';
import { PolicyGuardrails } from '../../constructs/azure';
import { physicalName, physicalUuid } from '../../constructs/azure/naming';
import type { GroupName, Organisation } from './landing-zone-organisation';
import type { Place } from './landing-zone-place';
import { ENTRIES, NOTHING, typesOf, WAYS_OUT } from './landing-zone-types';

/** Names of definitions that Azure brings along, the same in every directory. */
const DEFINITIONS = {
  allowedTypes: 'a08ec900-254a-4555-9bf5-e42af04b5c5c',
  refusedTypes: '6c112d4e-5bc7-47ae-a041-ea2d9dccd749',
} as const;
/** An initiative: a diagnostic setting with every category, for each kind of resource that has them. */
const ALL_LOGS = '/providers/Microsoft.Authorization/policySetDefinitions/0884adba-2312-4468-abeb-5422caed1038';
const ACTIVITY_LOG = '/providers/Microsoft.Authorization/policyDefinitions/2465583e-4e78-4c15-b6be-a36cbc7c8b0f';
/** Plans of Defender that a policy switches on where no program has done so yet. */
const PLANS = {
  servers: '8e86a5b6-b9bd-49d1-8e21-4bb8a0862222',
  vaults: '1f725891-01c0-420a-9059-4fa46cb770b7',
  'control-plane': 'b7021b2b-08fd-4dc0-9de7-3c6ece09faf9',
  apps: 'b40e7bcd-a1e5-47fe-b9cf-2f534d0bfb7d',
  sql: 'b99b73e7-074b-4089-9395-b7236f094491',
} as const;
const METADATA = { category: 'Palisade' };
const DEPLOY = [
  'Microsoft.Resources/deployments/read',
  'Microsoft.Resources/deployments/write',
  'Microsoft.Resources/deployments/validate/action',
];
/** Kinds of resources that record, and that nobody deletes. */
const RECORDERS = [
  'Microsoft.Insights/diagnosticSettings',
  'Microsoft.Network/networkWatchers/flowLogs',
  'Microsoft.OperationalInsights/workspaces',
];
const LONGEST_ASSIGNMENT = 24;

const builtIn = (id: string): string => `/providers/Microsoft.Authorization/policyDefinitions/${id}`;
const scopeOf = (groupId: string): string => `/providers/Microsoft.Management/managementGroups/${groupId}`;

/** What {@link guard} needs besides the place. */
export interface GuardArgs {
  readonly organisation: Organisation;
  /** The workspace to which a policy sends what a program forgot. */
  readonly workspaceId: pulumi.Input<string>;
}

/**
 * Policies at the management groups: what the controls forbid is refused everywhere, whoever deploys; records cannot be
 * removed; what a subscription lacks is repaired; and each group refuses what is not its purpose.
 */
export function guard(place: Place, { organisation, workspaceId }: GuardArgs): PolicyGuardrails {
  const { profile, providers, settings } = place;
  const { groups } = organisation;
  const opts = { provider: providers.management as pulumi.ProviderResource };
  const guardrails = new PolicyGuardrails(
    'guardrails',
    {
      profile,
      location: settings.location,
      scope: { managementGroupId: groups.root.name },
      allowedLocations: [settings.location, ...settings.furtherLocations],
      allowedTypes: typesOf(settings),
    },
    opts,
  );
  keepRecords(groups.root.name, groups.root.id, opts);
  repair(guardrails, settings.prefix, workspaceId, groups.root, opts);

  const types = (group: GroupName, definition: keyof typeof DEFINITIONS, listed: readonly string[], message: string) => {
    const parameter = definition === 'allowedTypes' ? 'listOfResourceTypesAllowed' : 'listOfResourceTypesNotAllowed';
    new authorization.PolicyAssignment(
      `types-${group}`,
      {
        scope: groups[group].id,
        policyAssignmentName: physicalName(`types-${group}`, LONGEST_ASSIGNMENT, '-'),
        displayName: `Palisade: what is not for ${group}`,
        policyDefinitionId: builtIn(DEFINITIONS[definition]),
        parameters: { [parameter]: { value: [...listed] } },
        enforcementMode: 'Default',
        notScopes: [],
        nonComplianceMessages: [{ message }],
      },
      opts,
    );
  };
  types('workloads', 'refusedTypes', WAYS_OUT, 'Networks leave through the hub of the connectivity subscription (DID-09).');
  types('corp', 'refusedTypes', ENTRIES, 'Nothing in corp faces the internet; systems with an edge belong to online (DID-02).');
  types('sandbox', 'refusedTypes', [...ENTRIES, ...WAYS_OUT], 'A sandbox reaches nothing and is reached by nobody (DID-02).');
  types('decommissioned', 'allowedTypes', NOTHING, 'The subscription is out of use.');
  return guardrails;
}

/** Nobody deletes what records, in whatever subscription (LOG-15). */
function keepRecords(groupId: pulumi.Input<string>, scope: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): void {
  const definition = new authorization.PolicyDefinitionAtManagementGroup(
    'keep-records-definition',
    {
      managementGroupId: groupId,
      policyDefinitionName: 'palisade-keep-records-everywhere',
      displayName: 'Palisade: what records is not deleted',
      description: 'Refuses the deletion of diagnostic settings, flow logs and log workspaces (LOG-15).',
      policyType: 'Custom',
      mode: 'Indexed',
      metadata: METADATA,
      parameters: {},
      policyRule: {
        if: { field: 'type', in: RECORDERS },
        // biome-ignore lint/suspicious/noThenProperty: the policy language calls it so
        then: { effect: 'denyAction', details: { actionNames: ['delete'] } },
      },
    },
    opts,
  );
  new authorization.PolicyAssignment(
    'keep-records',
    {
      scope,
      policyAssignmentName: 'palisade-keep-records',
      displayName: 'Palisade: what records is not deleted',
      policyDefinitionId: definition.id,
      enforcementMode: 'Default',
      notScopes: [],
      nonComplianceMessages: [{ message: 'What records is not deleted (LOG-15).' }],
    },
    opts,
  );
}

/**
 * What a subscription lacks is deployed by policies: records of resources and of the control plane, and plans of Defender.
 * Their identities have roles of exactly the actions for that; the roles that the definitions ask for could do far more.
 */
function repair(
  guardrails: PolicyGuardrails,
  prefix: string,
  workspaceId: pulumi.Input<string>,
  root: Organisation['groups']['root'],
  opts: pulumi.CustomResourceOptions,
): void {
  const role = (name: string, description: string, actions: readonly string[]) => {
    const uuid = physicalUuid(`repair-${name}`);
    const definition = new authorization.RoleDefinition(
      `repair-${name}`,
      {
        scope: root.id,
        roleDefinitionId: uuid,
        roleName: `Palisade ${prefix}: ${description}`,
        roleType: 'CustomRole',
        description: `${description}, for the identities of policies`,
        assignableScopes: [scopeOf(prefix)],
        permissions: [{ actions: [...DEPLOY, ...actions], notActions: [], dataActions: [], notDataActions: [] }],
      },
      opts,
    );
    return { roles: [uuid], after: [definition] };
  };
  const records = role('records', 'Sets what is recorded', [
    'Microsoft.Insights/diagnosticSettings/read',
    'Microsoft.Insights/diagnosticSettings/write',
    'Microsoft.OperationalInsights/workspaces/read',
    'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
  ]);
  guardrails.remediate('all-logs', {
    definitionId: ALL_LOGS,
    parameters: { logAnalytics: workspaceId },
    message: 'The resource records nothing (LOG-04).',
    ...records,
  });
  guardrails.remediate('activity-log', {
    definitionId: ACTIVITY_LOG,
    parameters: { logAnalytics: workspaceId },
    message: 'The control plane of the subscription is not recorded (LOG-03).',
    ...records,
  });
  const set = new authorization.PolicySetDefinitionAtManagementGroup(
    'watch-definition',
    {
      managementGroupId: root.name,
      policySetDefinitionName: physicalName('watch', 64, '-'),
      policyType: 'Custom',
      displayName: 'Palisade: plans of Defender are on',
      description: 'Switches plans of Defender on in subscriptions that no program has reached yet (MON-01).',
      metadata: METADATA,
      policyDefinitions: Object.entries(PLANS).map(([name, id]) => ({
        policyDefinitionId: builtIn(id),
        policyDefinitionReferenceId: name,
        parameters: {},
      })),
    },
    opts,
  );
  guardrails.remediate('defender', {
    definitionId: set.id,
    message: 'A plan of Defender is off (MON-01).',
    ...role('plans', 'Switches plans of Defender on', ['Microsoft.Security/pricings/read', 'Microsoft.Security/pricings/write']),
  });
}
