/** Roles of Azure: built-in and custom, what they allow, and where they are given. */
import type { Graph } from '../graph';
import { fail, type Outcome, pass, unknown } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

export const ASSIGNMENT = 'azure-native:authorization:RoleAssignment';
export const DEFINITION = 'azure-native:authorization:RoleDefinition';
export const ELIGIBILITY = 'azure-native:authorization:PimRoleEligibilitySchedule';

/** Built-in roles by the name in their id, which is the same in every directory. */
export const ROLES = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
} as const;

/** Roles that can give roles. */
export const GIVES_ROLES = [ROLES.owner, ROLES.userAccessAdministrator, ROLES.rbacAdministrator];

/** Whether what is assigned is one of these roles; the rest of the id need not be known. */
export function hasRole(role: Value, roles: readonly string[]): Outcome {
  const [, name] = /(?:^|\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(role.shape ?? '') ?? [];
  if (name !== undefined) return roles.includes(name.toLowerCase()) ? pass() : fail(`is the role ${name}`, role);
  // A role that the program itself defines is judged where it is defined.
  return role.targets.length > 0 || role.state === 'absent' ? fail('is a role of one’s own', role) : role.asUnknown();
}

const WIDE = /^\/?$|^\/subscriptions\/[^/]+\/?$|\/managementGroups\/[^/]+\/?$/i;

/** Whether a scope is a subscription, a management group or the whole directory. */
export function isWide(scope: Value): Outcome {
  if (scope.state === 'absent') return fail('has the scope of its deployment');
  const { shape } = scope;
  if (shape === undefined) return scope.asUnknown();
  if (WIDE.test(shape)) return pass();
  // A reference alone may be a group, a resource or a subscription; only what is not among the resources can be wide.
  return /^\$\{[^}]+\}$/.test(shape) && scope.targets.length === 0
    ? unknown(`${scope.path} depends on ${shape}`, scope.path)
    : fail(scope.describe(), scope);
}

const PATTERNS = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  let found = PATTERNS.get(text);
  if (!found) {
    found = new RegExp(
      `^${text
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
      'i',
    );
    PATTERNS.set(text, found);
  }
  return found;
}

/** Whether one of the patterns covers the action. */
const covers = (patterns: Value, action: string): boolean =>
  patterns.items().some(({ string }) => string !== undefined && patternOf(string).test(action));

/** The first of these actions that a custom role allows, after what it takes away; undefined where it allows none. */
export function firstAllowed(role: Resource, actions: readonly string[], kind: 'actions' | 'dataActions' = 'actions'): string | undefined {
  const without = kind === 'actions' ? 'notActions' : 'notDataActions';
  for (const permission of role.at('permissions').items())
    for (const action of actions) if (covers(permission.at(kind), action) && !covers(permission.at(without), action)) return action;
  return undefined;
}

/** The list of actions, or a part of it, that only deployment tells. */
export const unsureActions = (role: Resource, kind: 'actions' | 'dataActions' = 'actions'): Value | undefined =>
  role
    .at('permissions')
    .items()
    .flatMap((permission) => (permission.state === 'unknown' ? [permission] : permission.at(kind).items()))
    .find(({ string, state }) => string === undefined && state !== 'text');

/** The custom role that an assignment gives, where the input holds it. */
export const definitionOf = (assignment: Resource, graph: Graph): Resource | undefined =>
  graph.target(assignment.at('roleDefinitionId'), DEFINITION);
