/** Role assignments and custom roles of Azure. */
import type { ControlId } from '../../../controls';
import { ASSIGNMENT, DEFINITION, firstAllowed, GIVES_ROLES, hasRole, isWide, ROLES, unsureActions } from '../../facts/azure-roles';
import { every, fail, not, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

/** Judges the actions of a custom role; where a list is not known, only a finding is certain. */
function without(role: Resource, actions: readonly string[], why: string): Outcome {
  const found = firstAllowed(role, actions);
  if (found) return fail(`permissions allow ${found}, ${why}`, 'permissions');
  return unsureActions(role)?.asUnknown() ?? pass();
}

/** A right in every service that there is: who has them all has everything. */
const EVERYTHING = 'Palisade.Everything/anything/write';

/** Actions by which a role gives itself, or somebody else, more. */
const ESCALATES = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleDefinitions/write',
  'Microsoft.Authorization/elevateAccess/action',
  'Microsoft.Authorization/roleEligibilityScheduleRequests/write',
  'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
];
/** With the right to attach an identity, each of these runs code under it. */
const ATTACHES = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
const RUNS = [
  'Microsoft.Compute/virtualMachines/write',
  'Microsoft.Compute/virtualMachineScaleSets/write',
  'Microsoft.ContainerInstance/containerGroups/write',
  'Microsoft.App/containerApps/write',
  'Microsoft.Web/sites/write',
  'Microsoft.Automation/automationAccounts/write',
  'Microsoft.Resources/deploymentScripts/write',
];

/** Actions that hand out a key or a link, or carry content away in bulk. */
const EXPORTS = [
  'Microsoft.Storage/storageAccounts/listKeys/action',
  'Microsoft.Storage/storageAccounts/listAccountSas/action',
  'Microsoft.Storage/storageAccounts/listServiceSas/action',
  'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
  'Microsoft.Compute/disks/beginGetAccess/action',
  'Microsoft.Compute/snapshots/beginGetAccess/action',
  'Microsoft.Sql/servers/databases/export/action',
  'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  'Microsoft.ContainerRegistry/registries/exportPipelines/write',
  'Microsoft.Cache/redis/listKeys/action',
  'Microsoft.Search/searchServices/listAdminKeys/action',
];

const LOOKS = /read-?only|view-?only|(^|[^a-z])(viewer|auditor|reader)s?([^a-z]|$)/i;
const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2');
const ALTERS = /\/(write|delete)$|\*$/i;

/** No action of a role that only looks writes, deletes, or is left open. */
function altersNothing(role: Resource): Outcome {
  if (!LOOKS.test(kebab(role.at('roleName').string ?? ''))) return notApplicable('is not called a role that only reads');
  const lists = role
    .at('permissions')
    .items()
    .flatMap((permission) => [permission.at('actions'), permission.at('dataActions')]);
  return every(
    lists.flatMap((list) => list.items()),
    (action) => {
      if (action.string === undefined) return action.asUnknown();
      return ALTERS.test(action.string) ? fail(`${action.describe()} in a role that only reads`, action.path) : pass();
    },
  );
}

/** An action on data names what it does and to what. */
const exact = (role: Resource): Outcome => {
  const actions = role
    .at('permissions')
    .items()
    .flatMap((permission) => permission.at('dataActions').items());
  return actions.length === 0 ? notApplicable('gives no rights over data') : every(actions, (action) => action.matches(/^[^*]+$/));
};

const assigned = (role: string, scope: unknown, more: object = {}) => ({
  given: {
    type: ASSIGNMENT,
    properties: {
      principalId: 'p',
      scope,
      roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      ...more,
    },
  },
});
const role = (permission: object, roleName = 'case-operator') => ({
  role: { type: DEFINITION, properties: { roleName, permissions: [permission], assignableScopes: ['/subscriptions/s'] } },
});
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const GROUP = `${SUBSCRIPTION}/resourceGroups/cases`;
const CONFIGURED = { $unknown: 'config value' };

export const AZURE_ROLES = {
  'LPA-01': {
    azure: [
      rule({
        on: ASSIGNMENT,
        check: (given) =>
          when(hasRole(given.at('roleDefinitionId'), [ROLES.owner, ROLES.userAccessAdministrator]), () =>
            not(isWide(given.at('scope')), `gives Owner or User Access Administrator on all of ${given.at('scope').string ?? 'the scope'}`),
          ),
        fix: 'Give a narrower role, or the role on one resource group; make administrators eligible through PIM.',
        pass: [
          { resources: assigned(ROLES.owner, GROUP) },
          { resources: { ...assigned(ROLES.owner, { $ref: 'group' }), group: { type: 'azure-native:resources:ResourceGroup' } } },
        ],
        fail: [
          { resources: assigned(ROLES.owner, SUBSCRIPTION) },
          { resources: assigned(ROLES.userAccessAdministrator, '/providers/Microsoft.Management/managementGroups/root') },
          { resources: assigned(ROLES.owner, { $text: ['/subscriptions/', { $unknown: 'the answer of getClientConfig' }] }) },
        ],
        unknown: [{ resources: assigned(ROLES.owner, CONFIGURED) }],
        skip: [{ resources: assigned(READER, SUBSCRIPTION) }],
      }),
      rule({
        on: ASSIGNMENT,
        check: (given) =>
          when(hasRole(given.at('roleDefinitionId'), [ROLES.contributor]), () =>
            not(isWide(given.at('scope')), `gives Contributor on all of ${given.at('scope').string ?? 'the scope'}`),
          ),
        severity: 'medium',
        fix: 'Give Contributor on one resource group, or a role with the actions that are needed.',
        pass: [{ resources: assigned(ROLES.contributor, GROUP) }],
        fail: [{ resources: assigned(ROLES.contributor, `${SUBSCRIPTION}/`) }],
        unknown: [{ resources: assigned(ROLES.contributor, CONFIGURED) }],
        skip: [{ resources: assigned(READER, SUBSCRIPTION) }],
      }),
      rule({
        on: DEFINITION,
        check: (one) =>
          firstAllowed(one, [EVERYTHING])
            ? fail('permissions allow every action (*): the role is an owner', 'permissions')
            : (unsureActions(one)?.asUnknown() ?? pass()),
        fix: 'List the actions that the role needs in permissions[].actions.',
        pass: [{ resources: role({ actions: ['Microsoft.Support/supportTickets/read'] }) }],
        fail: [{ resources: role({ actions: ['*'] }) }, { resources: role({ actions: ['*'], notActions: ['Microsoft.Authorization/*'] }) }],
        unknown: [{ resources: role({ actions: [CONFIGURED] }) }],
      }),
    ],
  },
  'LPA-02': {
    azure: rule({
      on: DEFINITION,
      check: exact,
      fix: 'Name the data actions that the role needs, without *.',
      pass: [{ resources: role({ dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] }) }],
      fail: [
        { resources: role({ dataActions: ['*'] }) },
        { resources: role({ dataActions: ['Microsoft.Storage/storageAccounts/blobServices/*'] }) },
      ],
      unknown: [{ resources: role({ dataActions: [CONFIGURED] }) }],
      skip: [{ resources: role({ actions: ['*/read'] }) }],
    }),
  },
  'LPA-03': {
    azure: rule({
      on: ASSIGNMENT,
      check: (given) =>
        when(hasRole(given.at('roleDefinitionId'), GIVES_ROLES), () => {
          const condition = given.at('condition').isSet();
          return condition.verdict === 'fail'
            ? fail('lets the principal give any role to anybody: condition is not set', 'condition')
            : condition;
        }),
      severity: 'medium',
      fix: 'Set condition and conditionVersion "2.0" with the roles and principals that may be assigned.',
      pass: [
        {
          resources: assigned(ROLES.rbacAdministrator, GROUP, {
            condition: '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {…}',
          }),
        },
      ],
      fail: [{ resources: assigned(ROLES.rbacAdministrator, GROUP) }, { resources: assigned(ROLES.owner, GROUP) }],
      unknown: [{ resources: { given: { type: ASSIGNMENT, properties: { roleDefinitionId: CONFIGURED, scope: GROUP } } } }],
      skip: [{ resources: assigned(READER, GROUP) }],
    }),
  },
  'LPA-04': {
    azure: [
      rule({
        on: DEFINITION,
        check: (one) => without(one, ESCALATES, 'by which a role gives itself more'),
        fix: 'Remove the action (or add it to notActions): roles are given by the administrators of access alone.',
        pass: [
          { resources: role({ actions: ['Microsoft.Resources/subscriptions/resourceGroups/read'] }) },
          { resources: role({ actions: ['Microsoft.Authorization/*/read'] }) },
        ],
        fail: [
          { resources: role({ actions: ['Microsoft.Authorization/*'] }) },
          { resources: role({ actions: ['Microsoft.Authorization/roleAssignments/write'] }) },
          { resources: role({ actions: ['*'], notActions: ['Microsoft.Authorization/roleAssignments/write'] }) },
        ],
        unknown: [{ resources: role({ actions: [CONFIGURED] }) }],
      }),
      rule({
        on: DEFINITION,
        check: (one) => {
          const runs = firstAllowed(one, RUNS);
          if (runs && firstAllowed(one, [ATTACHES]))
            return fail(`permissions allow ${ATTACHES} and ${runs}: together they run code as any identity`, 'permissions');
          return unsureActions(one)?.asUnknown() ?? pass();
        },
        fix: 'Part the right to attach identities from the right to create what runs under them.',
        pass: [{ resources: role({ actions: [ATTACHES] }) }, { resources: role({ actions: ['Microsoft.Web/sites/write'] }) }],
        fail: [
          { resources: role({ actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/*', 'Microsoft.Compute/virtualMachines/*'] }) },
        ],
        unknown: [{ resources: role({ actions: [ATTACHES, CONFIGURED] }) }],
      }),
    ],
  },
  'LPA-05': {
    azure: rule({
      on: ASSIGNMENT,
      check: (given) => {
        const type = given.at('principalType');
        return type.state === 'absent'
          ? notApplicable('does not say what the principal is')
          : type.isOneOf(['Group', 'ServicePrincipal', 'ForeignGroup', 'Device']);
      },
      severity: 'medium',
      fix: 'Assign the role to a group of the directory that stands for one of the closed roles.',
      pass: [
        { resources: assigned(READER, GROUP, { principalType: 'Group' }) },
        { resources: assigned(READER, GROUP, { principalType: 'ServicePrincipal' }) },
      ],
      fail: [{ resources: assigned(READER, GROUP, { principalType: 'User' }) }],
      unknown: [{ resources: assigned(READER, GROUP, { principalType: CONFIGURED }) }],
      skip: [{ resources: assigned(READER, GROUP) }],
    }),
  },
  'LPA-10': {
    azure: rule({
      on: ASSIGNMENT,
      check: (given) => {
        const type = given.at('principalType');
        return type.state === 'absent'
          ? notApplicable('does not say what the principal is')
          : type.isOneOf(['Group', 'ServicePrincipal', 'User', 'Device']);
      },
      fix: 'Invite people of other directories as guests with an end date, instead of assigning roles to a foreign group.',
      pass: [{ resources: assigned(READER, GROUP, { principalType: 'Group' }) }],
      fail: [{ resources: assigned(READER, GROUP, { principalType: 'ForeignGroup' }) }],
      skip: [{ resources: assigned(READER, GROUP) }],
    }),
  },
  'LPA-11': {
    azure: rule({
      on: ASSIGNMENT,
      check: (given) =>
        when(hasRole(given.at('roleDefinitionId'), [...GIVES_ROLES, ROLES.contributor]), () => {
          const type = given.at('principalType').orDefault('ServicePrincipal');
          return type.isOneOf(['User', 'Group']).verdict === 'pass'
            ? fail('people hold a privileged role at all times', type.path)
            : type.is('ServicePrincipal');
        }),
      severity: 'medium',
      from: 'moderate',
      fix: 'Make people eligible by PimRoleEligibilitySchedule instead; activation needs approval, MFA and a reason.',
      pass: [
        { resources: assigned(ROLES.owner, GROUP, { principalType: 'ServicePrincipal' }) },
        { resources: assigned(ROLES.owner, GROUP) },
      ],
      fail: [
        { resources: assigned(ROLES.contributor, GROUP, { principalType: 'Group' }) },
        { resources: assigned(ROLES.owner, GROUP, { principalType: 'User' }) },
      ],
      skip: [{ resources: assigned(READER, GROUP, { principalType: 'Group' }) }],
    }),
  },
  'FLS-07': {
    azure: rule({
      on: DEFINITION,
      check: altersNothing,
      fix: 'Remove actions that write or delete, and those with *, from roles that only read; use …/read.',
      pass: [
        {
          resources: role(
            { actions: ['*/read'], dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] },
            'caseReader',
          ),
        },
      ],
      fail: [
        { resources: role({ actions: ['Microsoft.Support/*'] }, 'Case Viewer') },
        { resources: role({ dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'] }, 'case-reader') },
      ],
      unknown: [{ resources: role({ actions: [CONFIGURED] }, 'auditors') }],
      skip: [{ resources: role({ actions: ['Microsoft.Support/*'] }) }],
    }),
  },
  'EXP-01': {
    azure: rule({
      on: DEFINITION,
      check: (one) =>
        firstAllowed(one, [EVERYTHING])
          ? notApplicable('allows everything, which is judged as such')
          : without(one, EXPORTS, 'which carries data out in bulk'),
      severity: 'medium',
      fix: 'Remove the action, or add it to notActions; where a job must export, give it a role of its own and record a waiver that expires.',
      pass: [{ resources: role({ actions: ['Microsoft.Storage/storageAccounts/read'] }) }],
      fail: [
        { resources: role({ actions: ['Microsoft.Storage/storageAccounts/listKeys/action'] }) },
        { resources: role({ actions: ['Microsoft.Compute/*'], notActions: ['Microsoft.Compute/disks/beginGetAccess/action'] }) },
      ],
      unknown: [{ resources: role({ actions: [CONFIGURED] }) }],
      skip: [{ resources: role({ actions: ['*'] }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
