/** Who holds which rights: principals with all their policies, people told from workloads, the closed roles of case management. */
import type { Graph } from '../graph';
import { every, fail, not, notApplicable, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';
import { type Statement, statementsOf } from './iam';
import {
  documentsOf,
  GROUP,
  type Grant,
  grantsIn,
  grantsOf,
  MANAGED_POLICY,
  managedPoliciesOf,
  PERMISSION_SET,
  POLICY,
  ROLE,
  reachOf,
  USER,
} from './iam-permissions';

/** How a policy of its own type names each kind of principal. */
const ATTACHED: Readonly<Record<string, { readonly list: string; readonly own: string; readonly name: string }>> = {
  [ROLE]: { list: 'Roles', own: 'AWS::IAM::RolePolicy', name: 'RoleName' },
  [USER]: { list: 'Users', own: 'AWS::IAM::UserPolicy', name: 'UserName' },
  [GROUP]: { list: 'Groups', own: 'AWS::IAM::GroupPolicy', name: 'GroupName' },
};

/** The policies that stand as resources of their own and are attached to a role, user or group, or that a permission set names. */
export function attachedTo(principal: Resource, graph: Graph): readonly Resource[] {
  if (principal.type === PERMISSION_SET) {
    const references = principal.at('CustomerManagedPolicyReferences').items();
    return references
      .flatMap((reference) => graph.target(reference.at('Name'), MANAGED_POLICY) ?? [])
      .filter((policy) => graph.exists(policy));
  }
  const form = ATTACHED[principal.type];
  if (!form) return [];
  const named = managedPoliciesOf(principal).flatMap((policy) => graph.target(policy, MANAGED_POLICY) ?? []);
  return [
    ...new Set([
      ...graph.pointingAt(principal, POLICY, form.list),
      ...graph.pointingAt(principal, MANAGED_POLICY, form.list),
      ...graph.pointingAt(principal, form.own, form.name),
      ...named.filter((policy) => graph.exists(policy)),
    ]),
  ];
}

/** Every grant that a principal holds: in itself and by the policies attached to it. */
export const grantsHeldBy = (principal: Resource, graph: Graph): readonly Grant[] => [
  ...grantsIn(principal),
  ...attachedTo(principal, graph).flatMap(grantsIn),
];

/** A managed policy that only limits what others grant: named as a boundary, and attached to nobody. */
export function isBoundary(policy: Resource, graph: Graph): boolean {
  if (policy.type !== MANAGED_POLICY) return false;
  if (['Roles', 'Users', 'Groups'].some((list) => policy.at(list).isSet().verdict !== 'fail')) return false;
  const limits = [ROLE, USER].some((type) => graph.pointingAt(policy, type, 'PermissionsBoundary').length > 0);
  const named = ['ManagedPolicyName', 'Description'].some((name) => /\bboundary\b/i.test(policy.at(name).shape ?? ''));
  return (limits || named) && [ROLE, USER, GROUP].every((type) => graph.pointingAt(policy, type, 'ManagedPolicyArns').length === 0);
}

/** Judges the grants of a resource, unless it only limits those of others. */
export function judgeGrants(resource: Resource, graph: Graph, judge: (grant: Grant) => Outcome): Outcome {
  const documents = documentsOf(resource);
  if (documents.length === 0) return notApplicable('holds no policy document');
  if (isBoundary(resource, graph)) return notApplicable('is a permissions boundary, which grants nothing');
  return every(documents.flatMap(grantsOf), judge);
}

// ── Administrators ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A grant of every action on every resource, whatever the conditions; `pass` means no. */
export function isNoAdministration(grant: Grant): Outcome {
  const { hidden } = grant;
  if (!grant.everything && !hidden) return pass();
  const wide = grant.reachesAll('*');
  if (wide.verdict === 'fail') return pass();
  if (!grant.everything && hidden) return hidden.asUnknown();
  const granted = grant.allows.verdict === 'unknown' ? grant.allows : wide;
  return not(granted.verdict === 'unknown' ? granted : { ...granted, at: grant.at }, `${grant.name} allows every action on every resource`);
}

/** The resource itself makes whoever holds it an administrator; `pass` means no. */
export function givesNoAdministration(resource: Resource): Outcome {
  const managed = managedPoliciesOf(resource).find((policy) => reachOf(policy) === 'administration');
  if (managed) return fail(`${managed.shape} allows every action on every resource`, managed.path);
  return every(grantsIn(resource), isNoAdministration);
}

/** The holder may do everything, or take the right to; `pass` means that it is so. */
export function isPrivileged(resource: Resource, graph: Graph): Outcome {
  const managed = managedPoliciesOf(resource).find((policy) => ['administration', 'takeover'].includes(reachOf(policy) ?? ''));
  if (managed) return { verdict: 'pass', saw: `${managed.shape} is attached`, at: managed.path };
  return not(every(grantsHeldBy(resource, graph), isNoAdministration), 'grants no administration');
}

// ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Assumed by people: a permission set, or a role that trusts a SAML provider or users. */
export function isForPeople(resource: Resource): boolean {
  if (resource.type === PERMISSION_SET) return true;
  if (resource.type !== ROLE) return false;
  return statementsOf(resource.at('AssumeRolePolicyDocument')).some(
    (statement) =>
      statement.allows().verdict !== 'fail' &&
      (statement.actions().some((action) => action.string?.toLowerCase() === 'sts:assumerolewithsaml') || usersIn(statement).length > 0),
  );
}

/** Assumed by people, pipelines or other accounts, rather than by a service or by a role that stands beside it. */
export function comesFromOutside(resource: Resource): boolean {
  if (resource.type === PERMISSION_SET) return true;
  return statementsOf(resource.at('AssumeRolePolicyDocument')).some((statement) => {
    const named = statement.value.at('Principal');
    const others =
      named.at('Federated').state !== 'absent' ||
      named
        .at('AWS')
        .items()
        .some(({ targets }) => targets.length === 0);
    return others && statement.allows().verdict !== 'fail';
  });
}

/** The users that a statement names. */
export const usersIn = (statement: Statement): readonly Value[] =>
  statement.value
    .at('Principal.AWS')
    .items()
    .filter(({ shape }) => shape !== undefined && /:user\//.test(shape));

/** The text by which people know a principal; its logical id where it has no name. */
export const nameOf = (resource: Resource): string => resource.at(ATTACHED[resource.type]?.name ?? 'Name').string ?? resource.logicalId;

/** The three roles through which people reach cases. */
export type CaseRole = 'agent' | 'support engineer' | 'supervisor';

const CASE_ROLES: readonly (readonly [CaseRole, RegExp])[] = [
  ['support engineer', /support-?engineer/],
  ['supervisor', /supervisor/],
  ['agent', /(^|[^a-z])agent$|(case|support|service|help)-?agent|^agent([^a-z]|$)/],
];

const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_\s.]+/g, '-')
    .toLowerCase();

/** Which of the closed roles the name of a role means, if any. */
function meant(resource: Resource): CaseRole | undefined {
  const name = kebab(nameOf(resource)).replace(/-?(role|access|permission-set|[0-9a-f]{8})+$/, '');
  return CASE_ROLES.find(([, pattern]) => pattern.test(name))?.[0];
}

/**
 * The closed roles of each unit that has them. One name alone may mean anything (a build agent): two of the three in one unit
 * are case management.
 */
function closedRoles(graph: Graph): ReadonlyMap<string, CaseRole> {
  return graph.once(closedRoles, () => {
    const byUnit = new Map<string, Map<string, CaseRole>>();
    for (const resource of graph.ofType(PERMISSION_SET, ROLE)) {
      const role = meant(resource);
      if (role === undefined) continue;
      const roles = byUnit.get(resource.unit.id) ?? new Map<string, CaseRole>();
      byUnit.set(resource.unit.id, roles.set(resource.id, role));
    }
    return new Map([...byUnit.values()].filter((roles) => new Set(roles.values()).size > 1).flatMap((roles) => [...roles]));
  });
}

/** Which of the closed roles a role or permission set is; undefined outside case management. */
export const caseRoleOf = (resource: Resource, graph: Graph): CaseRole | undefined => closedRoles(graph).get(resource.id);

/** Whether the unit of a resource has the closed roles. */
export function hasCaseRoles(resource: Resource, graph: Graph): boolean {
  const units = graph.once(hasCaseRoles, () => new Set([...closedRoles(graph).keys()].map((id) => graph.get(id)?.unit.id)));
  return units.has(resource.unit.id);
}

/** Sealed accounts for emergencies, by name. */
export const isBreakGlass = (resource: Resource): boolean => /break-?glass|emergency/.test(kebab(nameOf(resource)));

/** Roles for people of other companies, by name. */
export const isForSubcontractors = (resource: Resource): boolean =>
  /(^|[^a-z])(sub-?contractors?|contractors?|vendors?|external|third-?party)([^a-z]|$)/.test(kebab(nameOf(resource)));
